"""Runs are done once, in whatever order and by whomever, and what came of them is told in order."""

from __future__ import annotations

from concurrent.futures import Executor, Future, ThreadPoolExecutor
from pathlib import Path

import pytest
from studies.swept_problems import FLAT, UP, Lines, at

from sim.errors import TareError, UsageError
from sim.studies.sweeps.conduct import Conduct, conducting
from sim.studies.sweeps.pace import Pace
from sim.studies.sweeps.rules import Fixed, Precise, Rule
from sim.studies.sweeps.runs import Outcome, Values
from sim.studies.sweeps.shard import Shard
from sim.studies.sweeps.told import Told

DESIGN = at(1, 2, 3)


def _told(
    problem: Lines, design: list[dict[str, object]], rule: Rule, runs: Path | None, jobs: int = 1
) -> list[Told]:
    with conducting(problem, rule, runs=runs, jobs=jobs) as conduct:
        return [*conduct.told(design, conduct.run(design))]


def _costs(told: Told, platform: str) -> list[float]:
    return [outcome.metrics["cost"] for outcome in told.runs[platform]]


def test_every_point_is_run_on_every_platform_as_often_as_is_said() -> None:
    told = _told(Lines(), DESIGN, Fixed(2), None)
    assert [_costs(each, UP) for each in told] == [[1, 2], [2, 3], [3, 4]]
    assert [_costs(each, FLAT) for each in told] == [[10, 11]] * 3


def test_what_is_the_same_is_run_once(tmp_path: Path) -> None:
    """`flat` is the same at all three points: 3 runs of `up` and 1 of `flat`, twice each."""
    heard = tmp_path / "heard"
    _told(Lines(heard), DESIGN, Fixed(2), None)
    assert heard.stat().st_size == 8


def test_what_is_there_is_not_run_again_and_a_changed_design_uses_it(tmp_path: Path) -> None:
    heard, runs = tmp_path / "heard", tmp_path / "runs"
    _told(Lines(heard), DESIGN, Fixed(2), runs)
    _told(Lines(heard), at(3, 2, 1), Fixed(2), runs)
    assert heard.stat().st_size == 8
    _told(Lines(heard), at(1, 2, 3, 4), Fixed(3), runs)
    assert heard.stat().st_size == 8 + 3 + 1 + 3


def test_processes_tell_what_one_tells() -> None:
    design = at(*range(12))
    assert _bare(_told(Lines(), design, Fixed(3), None, jobs=2)) == _bare(
        _told(Lines(), design, Fixed(3), None)
    )


def _bare(told: list[Told]) -> list[object]:
    """What was told without how long it took."""
    return [
        {name: [(run.key, run.metrics, run.reason) for run in runs]
         for name, runs in each.runs.items()}
        for each in told
    ]  # fmt: skip


def test_an_executor_of_the_library_does_runs_as_well() -> None:
    with ThreadPoolExecutor(2) as pool:
        executor: Executor = pool
        with conducting(Lines(), Fixed(2), executor=executor, jobs=2) as conduct:
            told = [*conduct.told(DESIGN, conduct.run(DESIGN))]
    assert [_costs(each, UP) for each in told] == [[1, 2], [2, 3], [3, 4]]


def test_a_run_that_fails_has_its_reason_and_stops_no_other() -> None:
    told = _told(Lines(), at(12, 13, 14), Fixed(1), None)
    assert told[1].runs[UP][0].reason == "ValueError: thirteen is unlucky"
    assert [_costs(each, UP) for each in (told[0], told[2])] == [[12], [14]]


def test_a_point_that_cannot_be_has_its_reason_and_no_runs() -> None:
    told = _told(Lines(), at(1, -1), Fixed(1), None)
    assert told[1].reason == "x is -1, which cannot be; write 0 or more"
    assert told[1].runs == {}


def test_a_process_that_dies_takes_its_run_alone_which_is_tried_again(tmp_path: Path) -> None:
    design, runs = at(*range(1, 30)), tmp_path / "runs"
    told = _told(Lines(deadly=7), design, Fixed(1), runs, jobs=2)
    assert "the process that ran it was ended" in told[6].runs[UP][0].reason
    assert [_costs(each, UP) for each in told if each.number not in (6, 12)] == [
        [x] for x in range(1, 30) if x not in (7, 13)
    ]
    again = _told(Lines(), design, Fixed(1), runs)
    assert _costs(again[6], UP) == [7]


def test_a_point_that_kills_all_of_its_runs_stops_no_other(tmp_path: Path) -> None:
    """Six replications of x = 3 die, one after the other; a merge has them with their reason."""
    design, runs = at(1, 2, 3, 4, 5), tmp_path / "runs"
    problem = Lines(deadly=3, platforms=(UP,))
    told = _told(problem, design, Fixed(6), runs, jobs=2)
    assert [sum(not run.reason for run in each.runs[UP]) for each in told] == [6, 6, 0, 6, 6]
    with conducting(problem, Fixed(6), runs=runs, tries_again=False, jobs=1) as conduct:
        merged = [*conduct.told(design, conduct.found(design))]
    assert _bare(merged) == _bare(told)


class _Nobody(Executor):
    """An executor whose workers are gone."""

    def submit(self, *_: object, **__: object) -> Future[list[Outcome]]:  # type: ignore[override]
        future: Future[list[Outcome]] = Future()
        future.set_exception(OSError("nobody answers"))
        return future


def test_where_nobody_can_do_a_run_the_sweep_ends_in_words() -> None:
    with (
        conducting(Lines(), Fixed(1), executor=_Nobody(), jobs=1) as conduct,
        pytest.raises(TareError, match="nobody is left who could do a run: OSError: nobody answ"),
    ):
        conduct.run(DESIGN)


def test_a_machine_that_lacks_memory_is_no_property_of_a_run() -> None:
    class Greedy(Lines):
        def run(self, values: Values, platform: str, replication: int) -> dict[str, float]:
            raise MemoryError

    told = _told(Greedy(), at(1), Fixed(1), None)
    assert told[0].runs[UP][0].lost


def test_batches_go_on_until_both_platforms_are_precise_enough() -> None:
    """Ten runs of x = 100 lie from 100 to 109: ± 2.2 of 104.5, which is 2.1 %; of 10, ± 15 %."""
    wide = _told(Lines(platforms=(UP,)), at(100), Precise("cost", 0.03, 50), None)
    assert len(wide[0].runs[UP]) == 10
    both = _told(Lines(), at(100), Precise("cost", 0.03, 50), None)
    assert [len(runs) for runs in both[0].runs.values()] == [50, 50]


@pytest.mark.parametrize("jobs", [1, 2])
def test_how_many_replications_there_are_does_not_depend_on_workers(jobs: int) -> None:
    """Of n runs of `flat`, from 10 to 9 + n, ± 8 % is reached at n = 172, the rule's next look."""
    told = _told(Lines(), at(20, 40, 80), Precise("cost", 0.08, 400), None, jobs)
    assert [len(each.runs[UP]) for each in told] == [172, 172, 172]


def _merged(conduct: Conduct, design: list[dict[str, object]]) -> list[list[float]]:
    return [_costs(each, UP) for each in conduct.told(design, conduct.found(design))]


def test_shards_share_all_points_and_are_merged_without_a_run(tmp_path: Path) -> None:
    design: list[dict[str, object]] = at(*range(1, 8))
    for number in (1, 2, 3):
        shard = Shard.read(f"{number}/3")
        with conducting(Lines(), Fixed(1), runs=tmp_path, label=shard.label, jobs=1) as conduct:
            assert len(conduct.run(design, numbers=shard.of(len(design)))) == [3, 2, 2][number - 1]
    assert len(list(tmp_path.glob("shard-*-of-3-0001.jsonl"))) == 3
    with conducting(Lines(tmp_path / "heard"), Fixed(1), runs=tmp_path, jobs=1) as conduct:
        assert _merged(conduct, design) == [[x] for x in range(1, 8)]
    assert not (tmp_path / "heard").exists()


def test_a_merge_says_how_much_is_missing(tmp_path: Path) -> None:
    with (
        conducting(Lines(), Fixed(2), runs=tmp_path, jobs=1) as conduct,
        pytest.raises(UsageError, match="8 runs are not there yet, of 12: at point 0, 1, 2"),
    ):
        _merged(conduct, at(1, 2, 3))


@pytest.mark.parametrize("text", ["0/3", "4/3", "3", "a/b", "1/0", "-1/3", "1/2/3"])
def test_what_is_no_share_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="is no share; write --shard 3/20"):
        Shard.read(text)


def test_a_chunk_fills_a_quarter_of_a_second() -> None:
    """One run first; of 10 ms each 25 fill it, and of 1 s each one does."""
    quick, slow = Pace(), Pace()
    assert quick.size == 1
    quick.tell(0.01, 1)
    slow.tell(1.0, 1)
    assert (quick.size, slow.size) == (25, 1)


def test_progress_tells_how_many_are_done_of_all() -> None:
    heard: list[tuple[int, int]] = []
    problem, rule = Lines(), Fixed(2)
    with conducting(problem, rule, jobs=1, progress=lambda *told: heard.append(told)) as conduct:
        conduct.run(at(1, 2, -3))
    assert heard[-1] == (8, 8)
    assert [done for done, _ in heard] == sorted(done for done, _ in heard)
