"""The books on their own: which copy of a content counts where."""

from __future__ import annotations

from sim.resources.stock import Books, Full, Stock


def test_net_is_the_largest_copy_at_every_moment() -> None:
    books = Books()
    sizes = [(0, 10), (0, 30), (10, 40), (30, 0), (40, 0)]
    seen = []
    for before, after in sizes:
        books.resize_copy("app", "net.files", before, after)
        seen.append((books.components["net.files"], books.components.get("duplicate.files", 0)))
    assert seen == [(10, 0), (30, 10), (40, 30), (40, 0), (0, 0)]


def test_equal_copies_are_told_apart_by_number() -> None:
    books = Books()
    for _ in range(3):
        books.resize_copy("app", "net.files", 0, 10)
    books.resize_copy("app", "net.files", 10, 0)
    assert books.components == {"net.files": 10, "duplicate.files": 10}
    for _ in range(2):
        books.resize_copy("app", "net.files", 10, 0)
    assert not books._copies


def test_net_components_keep_their_own_duplicates() -> None:
    books = Books()
    for component in ("net.files", "net.runtime", "net.runtime", "boundary.text", "boundary.text"):
        books.resize_copy("libc", component, 0, 7)
    assert books.components == {
        "net.files": 7, "net.runtime": 7, "duplicate.runtime": 7, "boundary.text": 14,
    }  # fmt: skip


def test_nothing_changed_is_nothing_to_record() -> None:
    books = Books()
    books.add("net.private", 0)
    books.resize_copy("app", "net.files", 0, 0)
    assert (books.components, books.changed) == ({}, set())


def test_a_refusal_says_what_was_full_and_by_how_much() -> None:
    refusal = Full(Stock(10, name="the disk"), 12, 10)
    assert str(refusal) == "the disk has 10 B left of the 12 B needed"
