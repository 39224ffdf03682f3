"""From the arguments of a verb to scenarios."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sim.errors import Fault, ScenarioError, UsageError

if TYPE_CHECKING:
    from sim.spec.scenario import Scenario


def read_scenarios(
    paths: Sequence[Path],
    settings: Sequence[str] = (),
    *,
    seed: int | None = None,
    replications: int | None = None,
) -> "list[Scenario]":
    """Load scenarios, each with the same values set over it.

    Raises ScenarioError with the faults of all files, and UsageError for two files of one name.
    """
    overrides = overrides_of(settings) | {
        name: value
        for name, value in (("seed", seed), ("replications", replications))
        if value is not None
    }
    scenarios, faults = _loaded(paths, overrides)
    if faults:
        raise ScenarioError(dict.fromkeys(faults))
    _check_names([scenario.name for scenario in scenarios])
    return scenarios


def _loaded(
    paths: Sequence[Path], overrides: dict[str, object]
) -> "tuple[list[Scenario], list[Fault]]":
    from sim.catalog.scenario import load

    scenarios: list[Scenario] = []
    faults: list[Fault] = []
    for path in paths:
        try:
            scenarios.append(load(path, overrides=overrides))
        except ScenarioError as error:
            faults += error.faults
    return scenarios, faults


def overrides_of(settings: Sequence[str]) -> dict[str, object]:
    """The values that `--set` gives, by path. Raises UsageError for what is no PATH=VALUE."""
    return dict(_override(setting) for setting in settings)


def _override(setting: str) -> tuple[str, object]:
    from sim.spec.reader import read_yaml_text

    path, equals, value = (part.strip() for part in setting.partition("="))
    if not (path and equals and value):
        raise UsageError(f"--set {setting} is not PATH=VALUE", "write --set groups.web.count=100")
    return path, read_yaml_text(value, f"--set {path}").tree


def _check_names(names: Sequence[str]) -> None:
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        problem = f"two scenarios are named {twice[0]}, which is the name of their files"
        raise UsageError(problem, "rename one of the files")
