"""A scenario written back as a file: names resolved, defaults stated, quantities readable."""

import re
from collections.abc import Mapping
from typing import cast

import yaml

from sim.spec.document import Tree, is_cited
from sim.spec.scenario import Scenario

_WIDTH = 10_000
"""As good as endless: a number stands on one line with its source and its note."""

_MAY_BE_NUMBER = re.compile(r"[-+.0-9][-+.0-9a-fA-FxoX_]*")


def stated(scenario: Scenario) -> dict[str, Tree]:
    """The tree of a scenario as a file may hold it.

    What scenario and groups leave open is stated; what a catalog entry leaves open is none of it.
    """
    whole: dict[str, Tree] = scenario.model_dump(mode="json", exclude_none=True)
    brief: dict[str, Tree] = scenario.model_dump(mode="json", exclude_defaults=True)
    groups = cast("Mapping[str, dict[str, Tree]]", whole["groups"])
    workloads = {
        name: cast("Mapping[str, Tree]", group)["workload"]
        for name, group in cast("Mapping[str, Tree]", brief["groups"]).items()
    }
    return whole | {
        "host": brief["host"],
        "platforms": brief["platforms"],
        "groups": {name: groups[name] | {"workload": workloads[name]} for name in groups},
    }


def show(scenario: Scenario) -> str:
    """Write a scenario as YAML that loads to an equal one."""
    return written(stated(scenario))


def written(tree: Tree) -> str:
    """Write a tree as YAML, each number on a line with its source."""
    return yaml.dump(tree, Dumper=_Writer, sort_keys=False, allow_unicode=True, width=_WIDTH)


class _Writer(yaml.SafeDumper):
    """Writes cited numbers on a line, quotes what YAML 1.2 would read as numbers, no aliases."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def _write_mapping(writer: _Writer, mapping: dict[str, Tree]) -> yaml.Node:
    on_a_line = is_cited(mapping)
    return writer.represent_mapping("tag:yaml.org,2002:map", mapping.items(), flow_style=on_a_line)


def _write_text(writer: _Writer, text: str) -> yaml.Node:
    style = '"' if _MAY_BE_NUMBER.fullmatch(text) else None
    return writer.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Writer.add_representer(dict, _write_mapping)
_Writer.add_representer(str, _write_text)
