"""A scenario at a point of a sweep: the same one with other values, and nothing built twice."""

import os
from collections.abc import Mapping
from dataclasses import replace

from sim.catalog.scenario import with_values
from sim.errors import Fault, ScenarioError
from sim.spec.document import Document
from sim.spec.scenario import Scenario


def varied(scenario: Scenario, values: Mapping[str, object]) -> Scenario:
    """Give a scenario other values by path, as a point of a sweep has them; it sweeps no more.

    It is what `load` gives with these values set, and shares all parts that they do not touch.
    Raises ScenarioError with every fault of the values, and of what the scenario comes to.
    """
    folder = scenario.sweep.folder if scenario.sweep else ""
    document = Document(os.path.join(folder, scenario.name), None, {}, {})
    single = scenario.model_copy(update={"sweep": None})
    try:
        return with_values(document, single, values, "--vary")
    except ScenarioError as error:
        raise ScenarioError(_anywhere(fault, document.file) for fault in error.faults) from None


def _anywhere(fault: Fault, file: str) -> Fault:
    """A fault without the file, which may lie elsewhere on the machine that runs a point."""
    return replace(fault, file="") if fault.file == file else fault
