"""Tare: what virtual machines and containers cost a host above the work that they run.

    scenario = sim.load("web-fleet.yaml")                 # what is asked, or all that is wrong
    comparison = sim.compare(scenario)                    # every platform, all replications
    result = sim.simulate(scenario.on("NAME"))            # one platform, one replication

Names are imported when they are first used, so that `import sim` is quick.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.catalog.scenario import load
    from sim.records.result import Result
    from sim.simulation import simulate
    from sim.spec.scenario import Scenario
    from sim.studies.build import build_image
    from sim.studies.calibrate import calibrate
    from sim.studies.compare import compare
    from sim.studies.sweeps.sweep import sweep
    from sim.studies.validate import validate

    __version__: str

__all__ = [
    "Result",
    "Scenario",
    "__version__",
    "build_image",
    "calibrate",
    "compare",
    "load",
    "simulate",
    "sweep",
    "validate",
]

_ROOMS = {
    "Result": "sim.records.result",
    "Scenario": "sim.spec.scenario",
    "build_image": "sim.studies.build",
    "calibrate": "sim.studies.calibrate",
    "compare": "sim.studies.compare",
    "load": "sim.catalog.scenario",
    "simulate": "sim.simulation",
    "sweep": "sim.studies.sweeps.sweep",
    "validate": "sim.studies.validate",
}


def __getattr__(name: str) -> object:
    if name == "__version__":
        from sim.version import version

        return version()
    if name not in _ROOMS:
        raise AttributeError(f"module 'sim' has no attribute {name!r}")
    return getattr(import_module(_ROOMS[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
