"""The answer of a sweep in a few sentences: who wins where, where it turns, what matters."""

from collections.abc import Iterable, Iterator, Sequence

from sim.report.sweeps.failing import what_failed
from sim.report.sweeps.mattering import (
    most_assumed,
    what_matters,
    what_moves,
    where_intervals_are_from,
)
from sim.report.sweeps.swept import Swept
from sim.report.sweeps.turning import where_it_turns
from sim.report.sweeps.winning import who_wins
from sim.report.wording import capital

MOST_METRICS = 3
"""How many metrics the answer and the figures are about; tables have the others."""

_MOST_TURNS = 2


def answer(swept: Swept) -> list[str]:
    """Say in a few sentences what came of a sweep; what failed is said as well."""
    return [begun(sentence, swept.platforms) for sentence in _sentences(swept)]


def begun(sentence: str, names: Sequence[str]) -> str:
    """A sentence with a capital, but where a platform's name begins it."""
    is_name = sentence.startswith(tuple(name for name in names if name))
    return sentence if is_name else capital(sentence)


def turns(swept: Swept) -> list[str]:
    """Say of every metric where platforms change places in it."""
    return [
        begun(sentence, swept.platforms)
        for metric in swept.metrics
        for sentence in where_it_turns(swept, metric)
    ]


def moves(swept: Swept) -> list[str]:
    """Say of every metric which axis and which number moves it most."""
    told = [
        begun(sentence, swept.platforms)
        for metric in swept.metrics
        for sentence in (what_moves(swept, metric), *what_matters(swept, metric))
        if sentence
    ]
    return [*told, *where_intervals_are_from(swept)]


def _sentences(swept: Swept) -> Iterator[str]:
    metrics = swept.metrics[:MOST_METRICS]
    said = (
        *(who_wins(swept, metric) for metric in metrics),
        *turns(swept)[:_MOST_TURNS],
        _first(what_moves(swept, metric) for metric in metrics),
        _first(said for metric in metrics for said in what_matters(swept, metric)),
        _first(said for metric in metrics for said in most_assumed(swept, metric)),
        *what_failed(swept),
    )
    return filter(None, said)


def _first(sentences: Iterable[str]) -> str:
    """The first sentence that says something."""
    return next(filter(None, sentences), "")
