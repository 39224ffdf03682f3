"""Builds as data for stories: steps of so much work, on tiny hosts whose times are known."""

from __future__ import annotations

from collections.abc import Mapping

from model.worlds import Run, Spec, container, group, platform, run, scenario, workload

LAYERED = platform("c", c=container(files={"kind": "layers"}))
"""A container whose files are layers and that costs nothing, in which outcomes are kept."""

BUILDER = workload(private="1 MB")


def step(name: str, *, needs: tuple[int, ...] = (), layer: int = 0, **more: object) -> Spec:
    """A RUN by its name, which is its key as well; what is no key of a step is its work."""
    own = {key: more.pop(key) for key in ("kind", "key", "line", "image", "is_new") if key in more}
    given = {"line": 1, "name": name, "kind": "run", "key": name, **own}
    return {**given, "needs": list(needs), "layer": layer, "work": more}


def build(*steps: Spec, change: str | None = None, layers: Mapping[str, int] | None = None) -> Spec:
    """A build of these steps, the first or one after a change."""
    return {"change": change, "steps": list(steps), "layers": layers or {}}


def built(
    *builds: Spec, on: Spec = LAYERED, count: int = 1, every: str = "0 s", **more: object
) -> Run:
    """The story of so many builders on one host, each of which makes these builds."""
    groups = {"b": group(count, BUILDER, build={"runs": list(builds), "every": every})}
    return run(scenario(on, groups=groups, **more))


def spans(story: Run, number: int = 0, instance: str = "b/0") -> dict[str, tuple[float, float]]:
    """When each step of a build of an instance began and was over, by its name."""
    rows = story.result.builds
    rows = rows[(rows["build"] == number) & (rows["instance"] == instance)]
    return {row.name_: (row.begins_s, row.ends_s) for row in rows.rename(
        columns={"name": "name_"}).itertuples()}  # fmt: skip


def performed(story: Run, number: int = 0, instance: str = "b/0") -> list[str]:
    """The steps of a build of an instance that were not cached."""
    rows = story.result.builds
    rows = rows[(rows["build"] == number) & (rows["instance"] == instance)]
    return [str(name) for name in rows[~rows["cached"].astype(bool)]["name"]]
