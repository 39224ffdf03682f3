"""Variables, quotes and escapes come to what BuildKit makes of them."""

import pytest

from sim.images.dockerfile.expansion import LARGEST, Reading, expanded, split_words
from sim.images.dockerfile.patterns import LONGEST
from sim.images.dockerfile.refusal import Refusal

VALUES = {"HOME": "/h", "X": "x", "EMPTY": "", "FILE": "a.tar.gz", "P": "a/b/a/c", "É": "e"}
PLAIN = Reading()
RAW = Reading(keeps_quotes=True, keeps_unset=True)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("he'll'o", "hello"),
        ('he"ll"o', "hello"),
        (r"he\'llo", "he'llo"),
        (r"he\\llo", r"he\llo"),
        (r"a\tb", "atb"),
        (r'"a\tb"', r"a\tb"),
        (r"'a\tb'", r"a\tb"),
        ("hello\\", "hello"),
        ('"hello\\"x"', 'hello"x'),
        ("'hello\\'", "hello\\"),
        ('"hel\'lo"', "hel'lo"),
        ("'hel\"lo'", 'hel"lo'),
        ("a$1x", "ax"),
        ("a$12x", "ax"),
        ("a$@b", "ab"),
        ("a$XY", "a"),
        ("$X$X", "xx"),
        (r"\$X", "$X"),
        (r'"\$X"', "$X"),
        ("'$X'", "$X"),
        ('"$X y"', "x y"),
        ("$É", "e"),
        ("${É}", "e"),
        ("${X}", "x"),
        ("a${NO}b", "ab"),
        ("${NO:-d}", "d"),
        ("${NO-d}", "d"),
        ("${EMPTY:-d}", "d"),
        ("${EMPTY-d}", ""),
        ("${X:-d}", "x"),
        ("${X:+d}", "d"),
        ("${NO:+d}", ""),
        ("${EMPTY:+d}", ""),
        ("${EMPTY+d}", "d"),
        ("${NO+d}", ""),
        ("${X:?no}", "x"),
        ("${EMPTY?no}", ""),
        ("${NO:-${X}}", "x"),
        ("${NO:-${EMPTY:-${HOME}}}/y", "/h/y"),
        ("${NO:-'a b'}", "a b"),
        ('${NO:-"$X"}', "x"),
        ("${FILE#*.}", "tar.gz"),
        ("${FILE##*.}", "gz"),
        ("${FILE%.*}", "a.tar"),
        ("${FILE%%.*}", "a"),
        ("${FILE#b}", "a.tar.gz"),
        ("${FILE#?}", ".tar.gz"),
        ("${FILE%g?}", "a.tar."),
        ("${FILE#*}", "a.tar.gz"),
        ("${FILE##*}", ""),
        ("${FILE%.tar.gz}", "a"),
        ("${NO#x}", ""),
        ("${P/a/z}", "z/b/a/c"),
        ("${P//a/z}", "z/b/z/c"),
        (r"${P//\//-}", "a-b-a-c"),
        ("${P/a*a/z}", "z/c"),
        ("${P//?/.}", "......."),
        ("${P//*/z}", "z"),
        ("${P/q/z}", "a/b/a/c"),
        ("${P//a/}", "/b//c"),
        ("${P///z}", "zaz/zbz/zaz/zcz"),
        ("${NO/a/b}", ""),
        (r"${FILE//\*/z}", "a.tar.gz"),
    ],
)
def test_a_text_comes_to_its_expansion(text: str, wanted: str) -> None:
    assert expanded(text, VALUES, PLAIN) == wanted


@pytest.mark.parametrize(
    "text",
    [
        *("'open", '"open', "${X", "${", "${}", "${{X}}", "${:-x}", "${X:=d}", "${X!}", "${X:}"),
        *("${NO:?}", "${NO?why}", "${EMPTY:?}", "${P/a", "${P/a/b", "${X:-'", r"${P#\a}"),
        *("${NO:-" * 60, "${X#" + "a" * (LONGEST + 1) + "}"),
    ],
)
def test_what_is_not_well_formed_is_refused(text: str) -> None:
    with pytest.raises(Refusal):
        expanded(text, VALUES, PLAIN)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("echo \"$HOME\" '$X' $NO", "echo \"/h\" '$X' $NO"),
        ("${NO} ${NO:-d} ${NO#a*} ${NO//a/b}", "${NO} ${NO:-d} ${NO#a*} ${NO/a/b}"),
        ("a $$ $? $! $@ $(x)", "a $$ $? $! $@ $(x)"),
        ("$X ${X} ${EMPTY:-$X}", "x x x"),
        (r"a \$X \\ b", r"a $X \ b"),
    ],
)
def test_what_is_shown_of_a_script_keeps_quotes_and_what_is_not_set(text: str, wanted: str) -> None:
    assert expanded(text, VALUES, RAW) == wanted


def test_a_backtick_can_be_what_escapes() -> None:
    assert expanded('`$X c:\\a `` "`$X"', VALUES, Reading(escape="`")) == "$X c:\\a ` $X"


def test_documents_know_no_quotes() -> None:
    reading = Reading(ignores_quotes=True)
    assert expanded("it's \"$X\" '$X' \\$X", VALUES, reading) == "it's \"x\" 'x' $X"


def test_words_are_split_after_variables_are_expanded() -> None:
    values = {"X": "a  b", "NO": ""}
    assert split_words("1${X}2 \"$X\" $NO '' c\\ d", values, PLAIN) == ["1a", "b2", "a  b", "c d"]


def test_values_do_not_grow_without_end() -> None:
    value = "x" * (LARGEST // 2)
    assert len(expanded("$V$V", {"V": value}, PLAIN)) == LARGEST
    with pytest.raises(Refusal, match="long"):
        expanded("$V$V$V", {"V": value}, PLAIN)


def test_no_pattern_takes_long() -> None:
    value = "a" * 100_000
    for pattern in ("*a*a*a*a*a*a*b", "a*b", "*" * 90, "?" * 90, "a?a?a?*b*a"):
        for form in ("#", "##", "%", "%%"):
            expanded(f"${{V{form}{pattern}}}", {"V": value}, PLAIN)
        expanded(f"${{V//{pattern}/x}}", {"V": value}, PLAIN)
