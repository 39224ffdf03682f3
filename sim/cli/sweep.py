"""`tare sweep`: a scenario at many points, as tidy tables and as a report."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

import click

from sim.cli.output import print_json, say
from sim.cli.progress import announce_starts, progress
from sim.cli.reading import overrides_of
from sim.cli.verb import FILE, Verb, as_json, examples, quiet, scenario_options
from sim.errors import UsageError

if TYPE_CHECKING:
    from sim.spec.scenario import Scenario
    from sim.studies.sweeps.shard import Shard
    from sim.studies.sweeps.swept import Swept


class _Crew(TypedDict):
    """Who does the runs, and how many chunks they have under way."""

    jobs: int | None
    executor: Executor | None


_Progress = Callable[[int, int], None]
_DESIGNS = ("grid", "zip", "one-at-a-time", "latin-hypercube", "sobol")


@click.command(
    cls=Verb,
    epilog=examples(
        "tare sweep which-wins.yaml                     the design of the file",
        "tare sweep web-fleet.yaml --vary groups.web.count=10,50,100 --dry-run",
        "tare sweep web-fleet.yaml --vary groups.web.count=10..200 --design sobol",
        "tare sweep which-wins.yaml --shard 3/20        a share; then one --merge",
    ),
)
@click.argument("scenario", type=FILE)
@click.option(
    "--vary",
    "varied",
    metavar="PATH=V1,V2,…",
    multiple=True,
    help="An axis: values, or a range FROM..TO. Repeatable.",
)
@click.option("--design", type=click.Choice(_DESIGNS), help="How points are made of the axes.")
@click.option("--points", type=click.IntRange(min=1), metavar="N", help="How many are drawn.")
@click.option("--out", type=FILE, help="Folder of the report; default: reports/NAME-sweep.")
@click.option("--runs", type=FILE, help="Folder in which runs are kept; default: OUT.runs.")
@scenario_options
@click.option(
    "--jobs", type=click.IntRange(min=1), metavar="N", help="Processes; default: all cores."
)
@click.option("--executor", type=click.Choice(("processes", "dask")), default="processes",
              help="Who does the runs.")  # fmt: skip
@click.option("--dask-address", metavar="ADDRESS", help="The scheduler of a Dask cluster.")
@click.option("--shard", metavar="K/N", help="Run the K-th of N shares, and write no report.")
@click.option("--merge", is_flag=True, help="Take what all shards have run.")
@click.option("--dry-run", is_flag=True, help="Say how many runs there are, and how long.")
@as_json
@quiet
def sweep(
    scenario: Path,
    varied: tuple[str, ...],
    design: str | None,
    points: int | None,
    out: Path | None,
    runs: Path | None,
    settings: tuple[str, ...],
    seed: int | None,
    replications: int | None,
    jobs: int | None,
    executor: str,
    dask_address: str | None,
    shard: str | None,
    merge: bool,
    dry_run: bool,
    as_json: bool,
    quiet: bool,
) -> int:
    """Simulate a scenario at all points of a design.

    Each run is kept as it comes: what was interrupted goes on where it was, and a design that has
    changed uses what is there. Writes tidy tables and a report: who wins where, by how much, where
    it turns, and what matters.
    """
    chosen = {"design": design, "points": points, "seed": seed, "replications": replications}
    asked = _read(scenario, settings, varied, chosen)
    if dry_run:
        _, runs = _places(asked.name, out, runs, as_json=False)
        return _foretell(asked, runs, jobs, as_json)
    out, runs = _places(asked.name, out, runs, as_json)
    share = _share_of(shard, runs, merge)
    _refuse_foreign(out)
    with _executor(executor, dask_address, jobs) as crew, _told(asked, runs, quiet) as tell:
        _announce(asked, crew["jobs"], quiet=quiet or merge)
        if share is not None and runs is not None:
            return _run_share(asked, share, runs, crew, tell)
        done = _swept(asked, runs, crew, tell, merge=merge)
    done = replace(done, arguments=_arguments(settings, varied, chosen))
    return _hand_out(done, out, as_json=as_json, quiet=quiet)


def _places(
    name: str, out: Path | None, runs: Path | None, as_json: bool
) -> tuple[Path | None, Path | None]:
    """Where the report is written, and where runs are kept: nowhere for a document alone."""
    out = out if out or as_json else Path("reports", f"{name}-sweep")
    return out, runs or (out and out.with_name(f"{out.name}.runs"))


def _announce(scenario: "Scenario", jobs: int | None, *, quiet: bool) -> None:
    """Say so before a sweep that will take minutes."""
    from sim.studies.sweeps.crews import cores
    from sim.studies.sweeps.foretelling import starts_of

    if not quiet:
        announce_starts(f"{scenario.name}, as a whole", starts_of(scenario), jobs or cores())


def _read(
    path: Path,
    settings: tuple[str, ...],
    varied: tuple[str, ...],
    chosen: Mapping[str, str | int | None],
) -> "Scenario":
    """The scenario with all that the command says of it set over its file."""
    from sim.catalog.sweeping import load_sweep
    from sim.spec.varying import read_vary

    said = {"seed" if name == "seed" else f"sweep.{name}": chosen[name] for name in chosen}
    overrides = {path: value for path, value in said.items() if value is not None}
    vary = [*map(read_vary, varied)]
    _check_once([path for path, _ in vary])
    return load_sweep(path, overrides=overrides_of(settings) | overrides, vary=dict(vary))


def _check_once(paths: Sequence[str]) -> None:
    twice = sorted({path for path in paths if paths.count(path) > 1})
    if twice:
        remedy = f"write all of its values in one: --vary {twice[0]}=V1,V2,V3"
        raise UsageError(f"--vary {twice[0]} stands there twice", remedy)


def _arguments(
    settings: tuple[str, ...], varied: tuple[str, ...], chosen: Mapping[str, str | int | None]
) -> list[str]:
    """What of the command gives the same numbers again."""
    lists = {"--set": settings, "--vary": varied}
    words = [word for option, given in lists.items() for each in given for word in (option, each)]
    return words + [f"--{name}={value}" for name, value in chosen.items() if value is not None]


def _refuse_foreign(out: Path | None) -> None:
    """Refuse at once what would be refused after hours of running."""
    from sim.report.folder import refuse_foreign, refuse_other_kind

    if out is not None:
        refuse_foreign(out)
        refuse_other_kind(out, "sweep")


@contextmanager
def _executor(kind: str, address: str | None, jobs: int | None) -> Iterator[_Crew]:
    """Who does the runs: processes of this machine, or the workers of a cluster."""
    if kind != "dask":
        if address is not None:
            raise UsageError("--dask-address goes with --executor dask", "write both, or neither")
        yield {"jobs": jobs, "executor": None}
        return
    if address is None:
        remedy = "write --dask-address tcp://HOST:8786, as `dask scheduler` prints it"
        raise UsageError("--executor dask does not say where the cluster is", remedy)
    from sim.studies.sweeps.cluster import cluster

    with cluster(address) as (executor, cores):
        yield {"jobs": jobs or cores, "executor": executor}


@contextmanager
def _told(scenario: "Scenario", runs: Path | None, quiet: bool) -> Iterator[_Progress]:
    """Tell how far the sweep is; where it is interrupted, how it goes on."""
    told = [0, 0]
    with progress(scenario.name, quiet=quiet) as show:

        def tell(done: int, total: int) -> None:
            told[:] = done, total
            if show is not None:
                show(done, total)

        try:
            yield tell
        except KeyboardInterrupt:
            if runs is not None:
                done, total = told
                say(f"tare: {done:,} of {total:,} runs are kept in {runs}; "
                    "the same command goes on from them")  # fmt: skip
            raise


def _swept(
    scenario: "Scenario", runs: Path | None, crew: _Crew, tell: _Progress, *, merge: bool
) -> "Swept":
    from sim.studies.sweeps.sweep import sweep

    return sweep(scenario, runs=runs, merge=merge, progress=tell, **crew)


def _share_of(text: str | None, runs: Path | None, merge: bool) -> "Shard | None":
    """The share that is asked for, if any."""
    from sim.studies.sweeps.shard import Shard

    if text is None:
        return None
    if merge:
        raise UsageError("--shard runs a share, and --merge runs none", "write one of the two")
    if runs is None:
        raise UsageError("--shard has nowhere to keep its runs", "write --runs DIR, or --out DIR")
    return Shard.read(text)


def _run_share(
    scenario: "Scenario", share: "Shard", runs: Path, crew: _Crew, tell: _Progress
) -> int:
    """Run one share of the points, which another command is to merge."""
    from sim.studies.sweeps.sweep import run_shard

    points = run_shard(scenario, share, runs=runs, progress=tell, **crew)
    say(f"{points:,} points are done, in {runs}; once all shards are, --merge makes the report")
    return 0


def _foretell(scenario: "Scenario", runs: Path | None, jobs: int | None, as_json: bool) -> int:
    """Say how many runs there are, and about how long they take."""
    from sim.report.listing import human_duration
    from sim.studies.sweeps.foretelling import foretell

    told = foretell(scenario, runs, jobs)
    if as_json:
        about = {"schema": 1, "scenario": scenario.name}
        print_json({**about, **asdict(told), "seconds": told.seconds})
        return 0
    least = "at least " if told.is_least else ""
    kept = f", of which {told.kept:,} are kept from before" if told.kept else ""
    print(f"{told.points:,} points, {least}{told.runs:,} runs{kept}")
    if told.beyond:
        print(f"at most {told.beyond:,} runs more to see what moves the answers")
    print(f"{human_duration(told.seconds).lower()} on {told.jobs} cores, {told.run_s:.2g} s a run")
    for reason, points in told.reasons.items():
        print(f"{points:,} point{'s' * (points > 1)} cannot be: {reason}")
    return 0


def _hand_out(done: "Swept", out: Path | None, *, as_json: bool, quiet: bool) -> int:
    """Write the report, and print the answer, which a full disk must not take with it."""
    try:
        if out is not None:
            from sim.catalog.loader import sources
            from sim.report.sweeps.writer import write_sweep_report

            write_sweep_report(done, out, tables=done.write, sources=sources())
    finally:
        _print(done, as_json)
    if out is not None and not quiet:
        say(f"report: {out / 'index.html'}")
    return 0


def _print(done: "Swept", as_json: bool) -> None:
    if as_json:
        from sim.report.sweeps.document import sweep_document

        print_json(sweep_document(done))
        return
    from rich.console import Console

    from sim.report.sweeps.terminal import print_sweep

    print_sweep(done, Console())
