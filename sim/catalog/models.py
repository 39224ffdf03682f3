"""The entries of the catalog as what they describe: hosts, platforms, images, costs."""

from sim.catalog.entries import resolved_entry
from sim.catalog.loader import Kind
from sim.spec.cost import CostRule
from sim.spec.host import Host
from sim.spec.image import Image
from sim.spec.platform import Platform
from sim.spec.quantity import CATALOG, Model
from sim.spec.workload import Workload

_MODELS: dict[Kind, type[Model]] = {
    "hosts": Host,
    "platforms": Platform,
    "workloads": Workload,
    "images": Image,
    "costs": CostRule,
}


def model_of(kind: Kind, name: str) -> Model:
    """Read an entry of the catalog, each number of which must name its source and its evidence.

    Raises UsageError for an unknown name, and pydantic's ValidationError for a faulty entry.
    """
    return _MODELS[kind].model_validate(resolved_entry(kind, name), context=CATALOG)
