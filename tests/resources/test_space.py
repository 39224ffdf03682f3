"""Stories of one host's disk, with numbers worked out by hand in MB."""

from __future__ import annotations

import pytest

from sim.resources.space import DiskFull, Space

MB = 10**6


def in_mb(space: Space) -> dict[str, int]:
    """Return what the host's disk holds by component, in MB, without the empty ones."""
    return {c: size // MB for c, size in space.components.items() if size}


def test_images_share_the_layers_they_have_in_common() -> None:
    host = Space(1000 * MB)
    for layers in ({"debian": 120, "node": 80}, {"debian": 120, "python": 60}):
        for layer, mb in layers.items():
            host.hold(layer, mb * MB, "net.files")
    assert in_mb(host) == {"net.files": 120 + 80 + 60}
    host.release("debian")
    host.release("node")
    assert in_mb(host) == {"net.files": 120 + 60}


def test_writable_layers_grow_and_go_with_their_owners() -> None:
    """One byte written to a 134 MB file of a lower layer copies it up whole."""
    host = Space(1000 * MB)
    host.hold("image", 200 * MB, "net.files")
    host.write("web/0", "boundary.copy_up", 134 * MB)
    host.write("web/0", "net.data", 1 * MB)
    host.write("web/1", "net.data", 5 * MB)
    host.free("web/1", "net.data", 2 * MB)
    assert in_mb(host) == {"net.files": 200, "boundary.copy_up": 134, "net.data": 4}
    host.delete("web/0")
    assert in_mb(host) == {"net.files": 200, "net.data": 3}


def test_linked_clones_share_a_base_and_full_copies_do_not() -> None:
    clones, copies = Space(10_000 * MB), Space(10_000 * MB)
    clones.hold("ubuntu", 600 * MB, "net.files")
    for _ in range(3):
        Space(2000 * MB, outer=clones).write("vm", "boundary.guest", 2 * MB)
        Space(2000 * MB, outer=copies).hold("ubuntu", 600 * MB, "net.files")
    assert in_mb(clones) == {"net.files": 600, "boundary.guest": 6}
    assert in_mb(copies) == {"net.files": 600, "duplicate.files": 1200}


def test_a_thin_disk_never_shrinks_and_a_thick_one_never_grows() -> None:
    host = Space(10_000 * MB)
    thin = Space(2000 * MB, outer=host)
    thin.write("vm", "net.data", 500 * MB)
    thin.free("vm", "net.data", 300 * MB)
    assert in_mb(host) == {"net.data": 200, "stranded": 300}
    thick = Space(2000 * MB, outer=host, reserve=True)
    thick.write("vm", "net.data", 100 * MB)
    assert in_mb(host) == {"net.data": 300, "stranded": 300 + 1900}
    assert host.gross == 2500 * MB
    thin.close()
    thick.close()
    assert host.gross == 0


def test_a_full_disk_takes_nothing_and_says_which_it_was() -> None:
    host = Space(100 * MB)
    thin = Space(80 * MB, outer=host, name="disk of vm/0")
    with pytest.raises(DiskFull, match="disk of vm/0") as refused:
        thin.write("vm", "net.data", 81 * MB)
    assert refused.value.where is thin
    host.hold("image", 60 * MB, "net.files")
    with pytest.raises(DiskFull) as refused:
        thin.write("vm", "net.data", 41 * MB)
    assert (refused.value.where, refused.value.available) == (host, 40 * MB)
    assert (host.gross, thin.touched) == (60 * MB, 0)
    with pytest.raises(DiskFull):
        host.hold("image", 101 * MB, "net.files")
    assert host.gross == 60 * MB


def test_closing_a_store_lets_go_of_every_hold() -> None:
    host = Space(100 * MB)
    store = Space(80 * MB, outer=host)
    for _ in range(3):
        store.hold("layer", 10 * MB, "net.files")
    store.write("web/0", "net.data", 5 * MB)
    store.close()
    assert not any(host.components.values())
    with pytest.raises(ValueError, match="closed"):
        store.write("web/0", "net.data", 1)


def test_nobody_frees_or_releases_what_is_not_there() -> None:
    host = Space(100 * MB)
    host.write("web/0", "net.data", 5)
    with pytest.raises(ValueError, match="has no 6 bytes"):
        host.free("web/0", "net.data", 6)
    with pytest.raises(ValueError, match="has no 1 bytes"):
        host.free("web/1", "net.data", 1)
    with pytest.raises(ValueError, match="does not hold"):
        host.release("image")
    host.delete("web/1")
    assert host.gross == 5
