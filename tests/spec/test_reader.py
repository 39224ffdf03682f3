"""A YAML file becomes a plain tree that knows its places, or a list of all its faults."""

import json
import random
import tracemalloc

import pytest
import yaml

from sim.errors import ScenarioError
from sim.spec.document import Document, Tree, dotted
from sim.spec.reader import read_yaml_text
from sim.spec.syntax import syntax_fault

CONTRACT = """\
version: 1
host: server-16c-64g
platforms:
  - process
  - {name: vm-qemu-ksm, extends: vm-qemu, ksm: on}
groups:
  web:
    count: 50
    restart: no
    publish: [80, "8080:80"]
objectives: {startup_p99_s: "< 2"}
"""


def read(text: str) -> Document:
    return read_yaml_text(text, "f.yaml")


def tree_of(text: str) -> Tree:
    return read(text).tree


def faults_of(text: str) -> list[str]:
    with pytest.raises(ScenarioError) as caught:
        read(text)
    return str(caught.value).splitlines()


def test_a_scenario_becomes_plain_maps_lists_and_scalars() -> None:
    assert tree_of(CONTRACT) == {
        "version": 1,
        "host": "server-16c-64g",
        "platforms": ["process", {"name": "vm-qemu-ksm", "extends": "vm-qemu", "ksm": "on"}],
        "groups": {"web": {"count": 50, "restart": "no", "publish": [80, "8080:80"]}},
        "objectives": {"startup_p99_s": "< 2"},
    }


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *((word, word) for word in ("no", "yes", "on", "off", "y", "1:30", "2024-01-31", "1_000")),
        *(
            (word, word)
            for word in ("tRue", "nUll", "0b101", "1e", ".", "-x", "0o8", "0xg", "10 s")
        ),
        *((word, True) for word in ("true", "True", "TRUE")),
        *((word, None) for word in ("null", "Null", "NULL", "~", "")),
        *(("0o17", 15), ("0x1F", 31), ("012", 12), ("-3", -3), ("+3", 3)),
        *(("1.5", 1.5), (".5", 0.5), ("5.", 5.0), ("-1e3", -1000.0), ("1E-2", 0.01)),
        *(("'12'", "12"), ('"true"', "true"), ("!!str 12", "12"), ("! 12", "12"), ("!!int 3", 3)),
        *(("|\n    12\n", "12\n"), (">-\n    a\n    b\n", "a b"), ('"\\u00e9\\t"', "é\t")),
    ],
)
def test_scalars_follow_yaml_1_2(text: str, value: object) -> None:
    read_back = tree_of(f"a: {text}")
    assert read_back == {"a": value}
    assert isinstance(read_back, dict)
    assert type(read_back["a"]) is type(value)


@pytest.mark.parametrize(
    "text", ["\ufeffa: 1\nb: [x]\n", "a: 1\r\nb: [x]\r\n", '{"a":1,\n\t"b":["x"]}']
)
def test_marks_line_ends_and_json_make_no_difference(text: str) -> None:
    assert tree_of(text) == {"a": 1, "b": ["x"]}


def test_every_value_and_key_knows_its_place() -> None:
    document = read(CONTRACT)
    assert document.values["host",][1:] == (2, 7)
    assert document.keys["host",][1:] == (2, 1)
    assert document.values["platforms", 1, "ksm"][1:] == (5, 48)
    assert document.keys["platforms", 1, "ksm"][1:] == (5, 43)
    assert document.values["groups", "web", "publish", 1][1:] == (10, 19)
    assert {place.file for place in document.values.values()} == {"f.yaml"}


def test_a_fault_stands_at_the_value_the_key_or_what_should_hold_it() -> None:
    document = read(CONTRACT)
    count = ("groups", "web", "count")
    assert str(document.fault(count, "bad", "good")) == ("f.yaml:8:12: groups.web.count: bad; good")
    assert str(document.fault(count, "bad", at_key=True)) == "f.yaml:8:5: groups.web.count: bad"
    missing = ("groups", "web", "workload")
    assert str(document.fault(missing, "is missing")) == (
        "f.yaml:8:5: groups.web.workload: is missing"
    )
    assert str(document.fault(("horizon",), "is missing", at_key=True)) == (
        "f.yaml:1:1: horizon: is missing"
    )


def test_a_tree_that_stood_in_no_file_still_names_its_faults() -> None:
    made = Document("made", {"a": 1}, {}, {})
    assert str(made.fault(("a",), "bad", "good")) == "made: a: bad; good"


def test_paths_are_written_as_set_takes_them() -> None:
    assert dotted(("platforms", 1, "vm-qemu", "größe")) == "platforms.1.vm-qemu.größe"
    assert dotted(("a b", "c\nd", "")) == r"'a b'.'c\nd'.''"
    assert dotted(()) == ""


def test_an_alias_repeats_a_value_with_the_place_where_it_is_written() -> None:
    document = read("a: &x {b: [1]}\nc: *x\nd: &y text\ne: *y\n")
    assert document.tree == {"a": {"b": [1]}, "c": {"b": [1]}, "d": "text", "e": "text"}
    assert document.values["c", "b", 0] == document.values["a", "b", 0]


def test_an_alias_repeats_the_latest_anchor_of_its_name() -> None:
    assert tree_of("a: &p [&q 1]\nb: &q 2\nc: *p\nd: *q\n") == {
        "a": [1],
        "b": 2,
        "c": [1],
        "d": 2,
    }


def test_all_faults_are_told_at_once() -> None:
    text = "a: .nan\nb: 1\nb: 2\n1: x\nc: !!python/name:os.system x\nd: {<<: {}}\n"
    assert faults_of(text) == [
        "f.yaml:1:4: a: .nan is not a finite number; write one, or leave the key out",
        "f.yaml:3:1: b: the key stands at 2:1 already; keep one of the two",
        "f.yaml:4:1: 1: this key is not text; put it in quotes: '1'",
        "f.yaml:5:4: c: the tag '!!python/name:os.system' does not fit here; "
        "drop it: nothing in a file is run",
        "f.yaml:6:5: d.'<<': merge keys are not read; "
        "share values by `extends`, or by an alias as the whole value",
    ]


def test_a_flood_of_faults_is_cut_at_a_hundred() -> None:
    assert len(faults_of("\n".join(f"{i}: x" for i in range(5000)))) == 100


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("a:\n  - .inf", "f.yaml:2:5: a.0: .inf is not a finite number"),
        ("a: 1e999", "f.yaml:1:4: a: 1e999 is too large for a number"),
        pytest.param(
            "a: " + "9" * 5001, "1:4: a: a number of 5001 characters is too long", id="5001 digits"
        ),
        pytest.param("a: 0x" + "f" * 5000, "a number of 5002 characters", id="5000 hex digits"),
        ("a: {true: 1}", "f.yaml:1:5: a.true: this key is not text; put it in quotes: 'true'"),
        ("a: {~: 1}", "1:5: a.'~': this key is not text"),
        ("? [a]\n: b", "f.yaml:1:3: a list or a mapping is a key here"),
        ("a: !!set {b}", "f.yaml:1:4: a: the tag '!!set' does not fit here"),
        ("a: !!int x", "the tag '!!int' does not fit here"),
        ("a: !!int '3'", "the tag '!!int' does not fit here"),
        ("a: !!map [b]", "the tag '!!map' does not fit here"),
        ('a: "\\0"', r"f.yaml:1:4: a: '\x00' holds a control character; take it out"),
        ("a: *b", "f.yaml:1:4: '*b' repeats nothing; write &b before"),
        ("a: &b [*b]", "f.yaml:1:8: the alias *b stands inside what it repeats"),
        ("a: 1\n---\nb: 2", "f.yaml:2:1: a second document begins here"),
        ("", "f.yaml: it is empty; `tare new` writes a first one"),
        ("# nothing but this\n", "f.yaml: it is empty"),
        ("--- ~", "f.yaml: it is empty"),
        ("a: \x07", "f.yaml:1:4: the character U+0007 does not belong in text"),
        ("a:\nb\0c", "f.yaml:2:2: the character U+0000 does not belong in text"),
        ("a: \ud800", "f.yaml:1:4: the character U+D800 does not belong in text"),
    ],
)
def test_what_is_against_the_rules_is_placed_and_named(text: str, fault: str) -> None:
    assert fault in faults_of(text)[0]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("a:\n\tb: 1\n", "2:1: a tab stands where indentation is wanted; indent with spaces"),
        ("a: 1\n\tb: 2", "2:1: a tab stands where indentation is wanted"),
        ("question: How: why\n", "1:14: a key and its value cannot stand here; put text that"),
        ("title: @me", "1:8: text cannot begin with '@'; put the text in quotes"),
        ('a: "b\nc: d\n', "1:4: this quote is never closed"),
        ("a: 'it's'\n", "1:8: this does not fit what stands above it"),
        ("a: [1, 2\nb: 3\n", "2:2: the list opened with '[' at 1:4 goes wrong here"),
        ("a: {b: 1\nc: 3\n", "2:2: the mapping opened with a brace at 1:4 goes wrong here"),
        ("a:\n    b: 1\n  c: 2\n", "3:3: this line is indented by 2, and line 2 above it by 4; i"),
        ("a: 1\nfoo\nb: 2\n", "2:1: a key without a value stands here"),
        ("a: 1\n- b\n", "2:1: this does not fit what stands above it"),
        ("a:\n  - b\n  c: 1\n", "3:3: "),
        ("a: - b\n", "1:4: a list item cannot stand here"),
        ("a: !x!y 1\n", "1:4: an unknown tag stands here"),
        ('a: "\\q"\n', "this is not an escape that YAML knows"),
        ("a: *\n", "1:4: '*' and '&' begin the name of an alias or an anchor"),
        ("a: }\n", "1:4: a value is missing here"),
        ("a: 1\n... b", "2:5: something follows the end of the document"),
        ("a: |x\n b", "1:5: this is not YAML: "),
    ],
)
@pytest.mark.parametrize("parser", ["CSafeLoader", "SafeLoader"])
def test_what_is_not_yaml_is_placed_and_named(
    text: str, fault: str, parser: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sim.spec.events._LOADER", getattr(yaml, parser))
    (said,) = faults_of(text)
    assert said.startswith("f.yaml:")
    assert fault in said


def test_a_parser_without_words_for_the_place_still_gives_a_fault() -> None:
    fault = syntax_fault(yaml.YAMLError("odd"), "a", "f.yaml")
    assert str(fault) == "f.yaml: this is not YAML: odd; check the quotes and the indentation"


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? ", "[\n", "[{a: "])
def test_deep_nesting_is_refused_and_not_followed(opening: str) -> None:
    (fault,) = faults_of(opening * 200_000)
    assert "nests over 64 deep" in fault


def test_nesting_up_to_the_limit_is_read_and_aliases_do_not_go_round_it() -> None:
    assert tree_of("[" * 64 + "]" * 64) is not None
    assert "nests over 64 deep" in faults_of("[" * 65 + "]" * 65)[0]
    half = "[" * 40 + "]" * 40
    assert "nests over 64 deep" in faults_of(f"a: &a {half}\nb: {'[' * 40}*a{']' * 40}")[0]


def test_aliases_of_aliases_are_refused_before_they_fill_the_memory() -> None:
    lines = ["a0: &a0 [" + "lol, " * 9 + "lol]"]
    lines += [f"a{i}: &a{i} [" + f"*a{i - 1}, " * 9 + f"*a{i - 1}]" for i in range(1, 30)]
    tracemalloc.start()
    (fault,) = faults_of("\n".join(lines))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert fault.startswith("f.yaml:4:")  # 10 + 100 + 1000 values fit, 10 000 more do not
    assert "aliases repeat over 10,000 values" in fault
    assert peak < 20e6


def test_a_flood_of_tag_directives_is_refused_before_it_stalls_the_parser() -> None:
    (fault,) = faults_of("".join(f"%TAG !a{i}! b\n" for i in range(250_000)))
    assert fault == "f.yaml: it declares tags without end; take them out"


def test_too_many_values_are_refused() -> None:
    (fault,) = faults_of("[" + "1," * 200_000 + "]")
    assert fault == "f.yaml:1:400000: there are over 200,000 values; split the file"


def random_json(draw: random.Random, depth: int = 0) -> Tree:
    kind = draw.randrange(8 if depth < 5 else 6)
    match kind:
        case 0:
            return draw.choice([None, True, False])
        case 1:
            return draw.randrange(-(10**12), 10**12)
        case 2:
            return draw.uniform(-1, 1) * 10.0 ** draw.randrange(-200, 200)
        case 3 | 4 | 5:
            return "".join(
                draw.choice("ab1 :#-'\"\\\n\t{}[],&*!|>%@é한😀") for _ in range(draw.randrange(9))
            )
        case 6:
            return [random_json(draw, depth + 1) for _ in range(draw.randrange(5))]
    return {
        f"k{i} {draw.choice(':#é')}": random_json(draw, depth + 1) for i in range(draw.randrange(5))
    }


def text_at(text: str, line: int, column: int) -> str:
    return text.split("\n", line - 1)[line - 1][column - 1 :]


def test_json_is_read_as_json_reads_it_and_every_value_stands_where_its_place_says() -> None:
    draw = random.Random(2)
    for _ in range(300):
        tree = [random_json(draw)]
        text = json.dumps(tree, indent=draw.choice([None, 1, 4]), ensure_ascii=False)
        document = read(text)
        assert document.tree == tree
        for path, place in document.values.items():
            value: Tree = document.tree
            for step in path:
                value = value[step]  # type: ignore[index]
            start = json.dumps(value, ensure_ascii=False)
            start = start[:1] if isinstance(value, dict | list) else start
            assert text_at(text, place.line, place.column).startswith(start)
