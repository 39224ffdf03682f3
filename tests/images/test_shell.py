"""The simple commands of a shell's line, whatever stands in it."""

from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.images.shell import Call, calls_of

PIECES = [
    "npm ci", "&&", "||", ";", "|", "&", "\n", "(", ")", "{", "}", "'", '"', "`", "$(", "${", "\\",
    "\\\n", "<<EOF\n", "<<-'X'\n", "EOF\n", ">", "2>&1", "<<<", "#", "sh -c ", "sudo -E ", "A=b ",
    "if ", "then ", "fi", "for x in a b; do ", "done", "bash -lc '", "-", "=", "é", "\0", " ", "\t",
]  # fmt: skip


def programs(text: str) -> list[str]:
    return [call.program for call in calls_of(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("npm ci && npm run build; ls | wc -l", ["npm", "npm", "ls", "wc"]),
        ("set -eux; \\\n  apt-get update; \\\n  rm -rf /x/*", ["set", "apt-get", "rm"]),
        ("DEBIAN_FRONTEND=noninteractive apt-get install -y curl", ["apt-get"]),
        ("sudo -E env A=1 /usr/bin/apt-get update", ["apt-get"]),
        ("useradd x || adduser x && chown x /y", ["useradd", "chown"]),
        ("/bin/sh -c 'npm ci && npm test'", ["npm", "npm"]),
        ('bash -euxo pipefail -c "pip install a"', ["pip"]),
        ("python3 -m pip install a", ["pip"]),
        ("npx tsc -p .", ["tsc"]),
        ("if [ -f a ]; then npm ci; else yarn; fi", ["[", "npm", "yarn"]),
        ("for a in 1 2; do make $a; done", ["make"]),
        ("(cd a && make) > out 2>&1 < in", ["cd", "make"]),
        ("<<EOF\nnpm ci\nmake\nEOF\n", ["npm", "make"]),
        ("bash <<'X'\nnpm ci\nX\n", ["bash", "npm"]),
        ("cat <<EOF > f\nnpm ci\nEOF\nls", ["cat", "ls"]),
        ("# only a comment\nls # and more && make", ["ls"]),
        ("echo 'a && b' \"c; d\" e\\&\\&f", ["echo"]),
        ("", []),
    ],
)
def test_a_line_comes_apart_where_the_shell_would_part_it(text: str, expected: list[str]) -> None:
    assert programs(text) == expected


def test_words_are_without_quotes_and_assignments_are_the_environment() -> None:
    assert calls_of("A='x y' B=\"$C\" npm i 'left pad' -g > log") == [
        Call("npm", ("i", "left pad", "-g"), {"A": "x y", "B": "$C"})
    ]


@settings(max_examples=300, deadline=2000)
@given(st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=5)), max_size=60).map("".join))
def test_no_line_is_too_odd(text: str) -> None:
    assert all(call.program is not None for call in calls_of(text))


@pytest.mark.parametrize("piece", PIECES)
def test_no_line_is_slow(piece: str) -> None:
    begun = perf_counter()
    calls_of(piece * 20_000)
    assert perf_counter() - begun < 10
