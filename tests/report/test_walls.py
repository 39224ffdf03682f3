"""What platforms can and cannot do, from the stacks that they are."""

from report.stated import stated, with_groups

from sim.report.walls import walls

OUTSIDE = {"files": {"kind": "outside"}}
LAYERS = {"files": {"kind": "layers"}}
DISK = {"files": {"kind": "disk"}}


def rows(
    *platforms: dict[str, object], groups: tuple[str, ...] = ("web",)
) -> list[tuple[str, ...]]:
    names: dict[str, dict[str, float]] = {str(platform["name"]): {} for platform in platforms}
    found = with_groups(stated(names, changes={"platforms": list(platforms)}), *groups)
    return [tuple(cell.text for cell in row) for row in walls(found).rows]


def stack(name: str, **boundaries: dict[str, object]) -> dict[str, object]:
    return {"name": name, "boundaries": boundaries}


def test_fifty_share_the_host_s_kernel_sixteen_a_machine_s_and_one_has_its_own():
    container = {"kernel": "shared", **LAYERS}
    machine = {"kernel": "own", **DISK}
    assert rows(
        {"name": "bare"},
        stack("container", box=container),
        stack("pods", node={**machine, "scope": 16}, box=container),
        stack("machine", node=machine),
        stack("sentry", box={"kernel": "own", "wall": "system-call", **OUTSIDE}),
    ) == [
        ("bare", "host's", "none", "host's", "any", "50"),
        ("container", "host's", "namespace", "own layers", "Linux", "50"),
        ("pods", "machine's", "hardware", "own layers", "any", "16"),
        ("machine", "own", "hardware", "own disk", "any", "1"),
        ("sentry", "own", "system-call", "host's", "Linux", "1"),
    ]


def test_a_mix_has_a_row_for_those_of_its_groups_that_are_alike():
    machine = stack("machine", node={"kernel": "own", **DISK})
    mixed = {"name": "mixed", "mix": {"db": machine}}
    assert [(row[0], row[1], row[-1]) for row in rows(mixed, groups=("web", "shop", "db"))] == [
        ("mixed (web and shop)", "host's", "100"),
        ("mixed (db)", "own", "1"),
    ]


def test_platforms_that_are_alike_in_it_are_not_told_apart():
    box = {"kernel": "shared", **LAYERS}
    assert rows(stack("one", box=box), stack("other", box=box)) == []
