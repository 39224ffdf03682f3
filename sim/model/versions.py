"""What one group builds and another runs: an image that comes to each host, or steps inside each.

Where the innermost boundary that brings files is prepared as an image, there is one build, and what
comes out of it goes to all hosts; the next build takes its place. Elsewhere each instance performs
the steps for itself, and no builder has anything to do.
"""

from __future__ import annotations

from collections.abc import Iterator

from sim.images.stored.layers import RATIO
from sim.spec.build import Build
from sim.spec.group import Group
from sim.spec.image import Image, Layer
from sim.spec.platform import Platform
from sim.spec.quantity import Quantity
from sim.spec.scenario import Scenario


def is_inside(platform: Platform) -> bool:
    """Whether what is built is performed step by step in each instance, and no image comes."""
    kinds = [each.files for each in platform.boundaries.values() if each.files.kind != "outside"]
    return not kinds or kinds[-1].prepared == "inside"


def takers(scenario: Scenario, platform: Platform, builder: str) -> list[str]:
    """The groups that run the image which a group builds."""
    return [name for name in _ordered(scenario, builder) if not is_inside(platform.of(name))]


def is_taker(name: str, scenario: Scenario, platform: Platform) -> bool:
    """Whether a group runs an image that another builds."""
    return scenario.groups[name].built_by is not None and not is_inside(platform.of(name))


def is_idle(scenario: Scenario, platform: Platform, builder: str) -> bool:
    """Whether a group builds for others who all do it for themselves."""
    return bool(_ordered(scenario, builder)) and not takers(scenario, platform, builder)


def _ordered(scenario: Scenario, builder: str) -> list[str]:
    return [name for name, group in scenario.groups.items() if group.built_by == builder]


def runs_for(scenario: Scenario, name: str) -> list[Build]:
    """The builds of the group that a group is built by."""
    builder = scenario.groups[name].built_by
    builds = None if builder is None else scenario.groups[builder].build
    return [] if builds is None else builds.runs or []


def with_version(scenario: Scenario, name: str, number: int) -> Scenario:
    """The scenario in which a group runs the image of a build, which no host has."""
    group, build = scenario.groups[name], runs_for(scenario, name)[number]
    image = _image(f"{name}-{number}", build)
    workload = group.workload.model_copy(update={"image": image})
    groups = {**scenario.groups, name: group.model_copy(update={"workload": workload})}
    present = scenario.images
    if present == "present":
        present = sorted(_images(scenario))
    return scenario.model_copy(update={"groups": groups, "images": present})


def base_layers(scenario: Scenario, name: str) -> frozenset[str]:
    """The layers of the bases of what a group is built of that hosts have from before."""
    bases = (step.image for run in runs_for(scenario, name)[:1] for step in run.steps)
    there = (base for base in bases if base is not None and _is_there(scenario, base))
    return frozenset(layer for base in there for layer in base.layers)


def _is_there(scenario: Scenario, image: Image) -> bool:
    return scenario.images == "present" or image.name in scenario.images


def _images(scenario: Scenario) -> Iterator[str]:
    """The names of all images that a scenario has to do with, but for what it builds."""
    for group in scenario.groups.values():
        yield group.workload.image.name
        yield from _bases(group)
    for platform in scenario.platforms:
        yield from _guests(platform)
        for each in platform.mix.values():
            yield from _guests(each)


def _bases(group: Group) -> Iterator[str]:
    runs = [] if group.build is None else group.build.runs or []
    steps = (step for run in runs for step in run.steps)
    return (step.image.name for step in steps if step.image is not None)


def _guests(platform: Platform) -> Iterator[str]:
    guests = (boundary.files.guest for boundary in platform.boundaries.values())
    return (guest.name for guest in guests if guest is not None)


def _image(name: str, build: Build) -> Image:
    """What comes out of a build: its base, and on it the layers of its steps."""
    base = {} if build.base is None else build.base.layers
    return Image.model_construct(
        name=name,
        title=f"what {name} is built of",
        system="linux" if build.base is None else build.base.system,
        layers={**base, **{key: _layer(size) for key, size in build.layers.items()}},
        notes="",
    )


def _layer(size: int) -> Layer:
    unpacked = Quantity(value=size, unit="B", source="scenario", evidence="derived")
    compressed = unpacked.model_copy(update={"value": size / RATIO})
    return Layer(kind="application", compressed=compressed, unpacked=unpacked)
