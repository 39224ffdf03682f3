"""A scenario written back as a file: names resolved, defaults stated, quantities readable."""

import re

import yaml

from sim.spec.document import Tree, is_cited
from sim.spec.group import Group
from sim.spec.host import Host
from sim.spec.platform import Platform
from sim.spec.scenario import Scenario
from sim.spec.workload import Workload

_WIDTH = 10_000
"""As good as endless: a number stands on one line with its source and its note."""

_MAY_BE_NUMBER = re.compile(r"[-+.0-9][-+.0-9a-fA-FxoX_]*")


_APART = {"host", "platforms", "groups"}


def stated(scenario: Scenario) -> dict[str, Tree]:
    """The tree of a scenario as a file may hold it.

    What scenario and groups leave open is stated; what a catalog entry leaves open is none of it.
    """
    parts: dict[str, Tree] = scenario.model_dump(mode="json", exclude_none=True, exclude=_APART)
    parts |= {
        "host": stated_entry(scenario.host),
        "platforms": [stated_entry(platform) for platform in scenario.platforms],
        "groups": {name: stated_group(group) for name, group in scenario.groups.items()},
    }
    return {key: parts[key] for key in Scenario.model_fields if key in parts}


def stated_entry(entry: Host | Platform | Workload) -> dict[str, Tree]:
    """The tree of an entry of the catalog, or of a variant of one."""
    return entry.model_dump(mode="json", exclude_defaults=True)


def stated_group(group: Group) -> dict[str, Tree]:
    """The tree of a group."""
    whole: dict[str, Tree] = group.model_dump(mode="json", exclude_none=True, exclude={"workload"})
    return {"workload": stated_entry(group.workload), **whole}


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
