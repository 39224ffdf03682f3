"""What the plan of a build takes from the catalog: base images, costs of commands, and rates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from sim.catalog.loader import entry, names
from sim.catalog.references import image_for
from sim.images.blocks import BLOCK
from sim.images.costs import Cost, cost_of
from sim.images.naming import full_name
from sim.images.stating import BESIDE, Beside, read_beside, stated_in_comments
from sim.images.stored import names_image, read_image
from sim.images.supplies import BaseImage, Rate, Rates
from sim.images.surroundings import Surroundings
from sim.spec.build import Work
from sim.spec.cost import Action, CostRule
from sim.spec.image import Image
from sim.spec.quantity import CATALOG
from sim.spec.source_text import text_of_file

_BUILDER = "builder"
_MB = 1e6


@dataclass(frozen=True)
class CatalogSupplies:
    """The catalog, and before it what a user states for a Dockerfile: costs by line or in a file,
    and the images that stand for its `bases`, by their full names."""

    stated: Mapping[int, Cost] = field(default_factory=dict)
    beside: Beside | None = None
    bases: Mapping[str, Image] = field(default_factory=dict)

    @property
    def rates(self) -> Rates:
        """What the builder's own steps ask for."""
        return _rates()

    def base(self, reference: str) -> BaseImage:
        """The image of a name as FROM has it. Raises UsageError for one that nobody knows."""
        image = self.bases.get(full_name(reference)) or image_for(reference).image
        size = sum(int(layer.unpacked.value) for layer in image.layers.values())
        return BaseImage(full_name(reference), full_name(reference), size, image)

    def cost(self, line: int, command: str, around: Surroundings) -> Cost:
        """What a command comes to: as is stated for it, or by the rules of the catalog."""
        beside = None if self.beside is None else self.beside.cost(command)
        return self.stated.get(line) or beside or cost_of(command, _rules(), around)


def supplies_for(file: Path, bases: Mapping[str, str], folder: Path) -> CatalogSupplies:
    """The supplies of a Dockerfile; what stands for its bases are images by name, or files in a
    folder. Raises ScenarioError or UsageError for what is wrong in what is stated."""
    text = file.read_text(encoding="utf-8-sig")
    beside = file.with_name(file.name + BESIDE)
    told = read_beside(text_of_file(str(beside)), str(beside)) if beside.exists() else None
    images = {full_name(name): _standing_in(what, folder) for name, what in bases.items()}
    return CatalogSupplies(stated_in_comments(text, str(file)), told, images)


def _standing_in(what: str, folder: Path) -> Image:
    return read_image(str(folder / what)) if names_image(what) else image_for(what).image


@cache
def _rules() -> dict[str, CostRule]:
    return {name: _rule(name) for name in names("costs")}


def _rule(name: str) -> CostRule:
    return CostRule.model_validate(dict(entry("costs", name)), context=CATALOG)


@cache
def _rates() -> Rates:
    actions = _rule(_BUILDER).actions
    rates = {name: _rate(action) for name, action in actions.items()}
    return Rates(**rates, folder_bytes=int(actions["folder"].fixed.write.value), block=BLOCK)


def _rate(action: Action) -> Rate:
    """What a step of so many bytes asks for; the catalog counts megabytes."""
    fixed, each = action.fixed, action.each
    return Rate(
        Work(
            wait=fixed.wait.value,
            round_trips=fixed.round_trips.value,
            compute=fixed.compute.value,
            threads=action.threads,
        ),
        read=each.read.value / _MB,
        write=each.write.value / _MB,
        compute=each.compute.value / _MB,
    )
