"""What platforms can and cannot do, from the stacks that they are."""

from report.canvas import figure_of
from report.stated import NOT_KNOWN, stated, with_groups

from sim.report.walls import on_one_kernel, walls

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


def placed(platform: str, **hosts: tuple[int, ...]) -> list[tuple[object, ...]]:
    """Instances of some groups, each on a host; -1 is none."""
    return [
        (platform, 0, group, f"{group}/{place}", host, 0.0, 1.0, NOT_KNOWN, "ready", "")
        for group, those in hosts.items()
        for place, host in enumerate(those)
    ]


def sharing(platform: dict[str, object], **hosts: tuple[int, ...]) -> dict[str, int]:
    """How many are on one kernel, by group, of groups that were placed so."""
    name = str(platform["name"])
    found = stated({name: {}}, changes={"platforms": [platform]}, instances=placed(name, **hosts))
    found = with_groups(found, *hosts)
    return on_one_kernel(found, found.scenario.platforms[0])


def test_those_who_share_a_kernel_are_counted_on_the_fullest_host_and_not_elsewhere():
    bare: dict[str, object] = {"name": "bare"}
    packed = 10 * (0,)
    assert sharing(bare, web=packed, db=packed) == {"web": 20, "db": 20}
    assert sharing(bare, web=packed, db=10 * (1,)) == {"web": 10, "db": 10}
    assert sharing(bare, web=(0, 1, 1, -1, -1, -1)) == {"web": 2}


def test_table_and_figure_count_alike_on_two_hosts_of_which_one_is_packed():
    """Twenty sleepers of two groups, all of which found room on the first of two hosts."""
    names = ("bare", "other", "boxed", "packed", "small")
    box = {"kernel": "shared", **LAYERS}
    platforms = [stack(name, box=box) if name == "boxed" else stack(name) for name in names]
    packed = [row for name in names for row in placed(name, web=10 * (0,), db=10 * (0,))]
    changes = {"platforms": platforms, "hosts": 2, "placement": "pack"}
    each = {name: {"memory_per_instance_bytes": 2.0**20} for name in names}
    found = with_groups(stated(each, changes=changes, instances=packed), "web", "db")
    assert {row[-1].text for row in walls(found).rows} == {"20"}
    figure = figure_of("at-a-glance", found)
    assert figure is not None
    words = {text.get_text() for axes in figure.axes for text in axes.texts}
    assert {"20, no wall", "20, namespace"} <= words


def test_each_stack_of_a_mix_has_kernels_of_its_own_and_those_without_share_the_host_s():
    """Two machines that look alike are two kernels; a process and a container are on one."""
    machine = {"kernel": "own", "scope": "host", **DISK}
    container = {"kernel": "shared", **LAYERS}
    stacks = {
        "web": stack("pods", node=machine, box=container),
        "db": stack("desktop", linux=machine, box=container),
        "shell": stack("bare"),
        "cache": stack("container", box=container),
    }
    ten = 10 * (0,)
    mixed: dict[str, object] = {"name": "mixed", "mix": stacks}
    assert sharing(mixed, web=ten, db=ten, shell=ten, cache=5 * (0,)) == {
        "web": 10,
        "db": 10,
        "shell": 15,
        "cache": 15,
    }
    same = {"name": "mixed", "mix": {"web": stacks["web"], "db": stacks["web"]}}
    assert sharing(same, web=ten, db=ten) == {"web": 20, "db": 20}


def test_platforms_that_are_alike_in_it_are_not_told_apart():
    box = {"kernel": "shared", **LAYERS}
    assert rows(stack("one", box=box), stack("other", box=box)) == []
