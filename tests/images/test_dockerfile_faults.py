"""What is wrong in a Dockerfile is told in words, all of it at once, with line and column."""

from pathlib import Path

import pytest

from sim.errors import ScenarioError
from sim.images.dockerfile import parse, read_dockerfile
from sim.images.dockerfile.parsing import MOST, MOST_FAULTS


def faults(text: str) -> list[str]:
    with pytest.raises(ScenarioError) as caught:
        parse(text, "Dockerfile")
    return [str(fault).removeprefix("Dockerfile:") for fault in caught.value.faults]


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("RUNN x", "2:1: there is no instruction 'RUNN'; did you mean 'RUN'?"),
        ("COPY a", "2:1: COPY has only a source; write COPY SOURCE DESTINATION"),
        ('ADD ["a"]', "2:1: ADD has only a source; write ADD SOURCE DESTINATION"),
        ("COPY", "2:1: COPY has neither a source nor a destination; write COPY SOURCE DESTINATION"),
        ("COPY a <<EOF\nx\nEOF", "2:8: COPY cannot copy into a document; write a path as the last"),
        ("COPY --form=a b c", "2:6: COPY has no flag --form; did you mean '--from'?"),
        ("COPY --link=maybe b c", "2:6: --link cannot be 'maybe'; write true, false, or the flag"),
        ("COPY --from b c", "2:6: --from has no value; write --from=VALUE"),
        ("COPY --chown=a --chown=b c d", "2:6: --chown stands here twice; keep one of them"),
        ("WORKDIR --x /a", "2:9: WORKDIR has no flag --x; take it out: it has none"),
        ("RUN --network=blue x", "2:5: --network cannot be 'blue'; known: default, none, host"),
        ("RUN --security=x y", "2:5: --security cannot be 'x'; known: sandbox, insecure"),
        ("RUN --mount=from=$X,target=/x y", "2:18: the source of a mount cannot be a variable"),
        ("ENV", "2:1: ENV says nothing; write ENV NAME=VALUE"),
        ("ENV a", "2:5: ENV has a name and no value; write name=value"),
        ("ENV a=b c", "2:9: 'c' has no '='; write name=value, in quotes where it has spaces"),
        ("ENV =b", "2:1: ENV has a value without a name; write NAME=VALUE"),
        ("ARG", "2:1: ARG says nothing; write ARG NAME or ARG NAME=VALUE"),
        ("ARG =b", "2:5: ARG has a value without a name; write ARG NAME=VALUE"),
        ("FROM", "2:1: FROM has 0 words where one or three are wanted"),
        ("FROM a is b", "2:1: FROM has 3 words where one or three are wanted"),
        ("FROM a AS 9b", "2:11: a stage cannot be named '9b'; begin with a letter"),
        ("SHELL bash", '2:7: SHELL has to be a JSON array; write SHELL ["/bin/sh", "-c"]'),
        ('RUN ["a", 1]', "2:5: this array holds more than texts; put each of its items in quotes"),
        ("HEALTHCHECK", "2:1: HEALTHCHECK says nothing; write HEALTHCHECK CMD and a command"),
        ("HEALTHCHECK CMD", "2:1: HEALTHCHECK CMD has no command; write one after CMD"),
        ("HEALTHCHECK NONE x", "2:18: HEALTHCHECK NONE has words after it; take them out"),
        ("HEALTHCHECK curl x", "2:13: HEALTHCHECK cannot be 'curl'; write HEALTHCHECK CMD"),
        ("HEALTHCHECK --retries=-1 CMD x", "2:13: --retries cannot be '-1'; write a whole number"),
        ("HEALTHCHECK --timeout=3 CMD x", "2:13: --timeout cannot be '3'; write a number with its"),
        ("HEALTHCHECK --timeout=3us CMD x", "2:13: --timeout cannot be '3us'; write 1ms or more"),
        ("ONBUILD", "2:1: ONBUILD says nothing; write an instruction after it"),
        ("ONBUILD FROM a", "2:1: ONBUILD cannot keep FROM for later; take it out"),
        ("ONBUILD ONBUILD RUN a", "2:1: ONBUILD cannot keep ONBUILD for later; take it out"),
        ("ONBUILD COPY a", "2:1: COPY has only a source; write COPY SOURCE DESTINATION"),
        ('VOLUME [""]', "2:9: VOLUME has an empty path; write a path"),
        ("RUN <<EOF\nx", "2:5: the document 'EOF' never ends; write EOF alone on the line after"),
        ("  RUN --x \\\n  --y=1 z", "2:7: RUN has no flag --x; known: --mount,"),
        ("\\\n", "2:1: there is no instruction ''; known: ADD, ARG,"),
    ],
)
def test_a_wrong_line_is_told(line: str, fault: str) -> None:
    assert faults(f"FROM a\n{line}\n")[0].startswith(fault)


def test_a_flag_on_a_later_line_has_its_own_place() -> None:
    found = faults("FROM a\nRUN --network=host \\\n  # comment\n  --nount=x y\n")
    assert found == ["4:3: RUN has no flag --nount; did you mean '--mount'?"]


def test_a_file_without_a_base_is_told() -> None:
    assert faults("") == [" no image is made here; begin with FROM and an image"]
    assert faults("ARG a\n") == [" no image is made here; begin with FROM and an image"]
    assert faults("ARG a\nRUN x\n") == [
        "2:1: RUN stands before the first FROM; begin with FROM and an image"
    ]


def test_directives_are_told() -> None:
    assert faults("# syntax=a\n# escape=x\n# syntax=b\nFROM a\n") == [
        "2:1: 'x' cannot be the escape character; write ` or \\",
        "3:1: the directive 'syntax' stands here twice; keep one of them",
    ]


def test_all_faults_are_told_in_the_order_of_their_lines() -> None:
    found = faults("FROM a\nENV a\nRUN --x --y z\nCOPI a b\nRUN <<E\nRUN ok\n")
    assert [fault.partition(":")[0] for fault in found] == ["2", "3", "3", "4", "5"]


def test_the_document_of_a_mistyped_instruction_is_no_instruction() -> None:
    assert faults("FROM a\nRNU <<EOF\nmkdir x\nEOF\nENV a <<b\n") == [
        "2:1: there is no instruction 'RNU'; did you mean 'RUN'?"
    ]


def test_there_is_an_end_to_faults_and_to_instructions() -> None:
    assert len(faults("FROM a\n" + "X\n" * 1000)) == MOST_FAULTS
    assert faults("FROM a\n" + "RUN a\n" * MOST) == [
        f"{MOST + 1}:1: over {MOST} instructions stand in this file; join some"
    ]


def test_a_file_is_read_with_its_bytes_as_they_are(tmp_path: Path) -> None:
    file = tmp_path / "Dockerfile"
    file.write_bytes(b"\xef\xbb\xbfFROM a\r\nCOPY <<E /x\r\ny\r\nE\r\n")
    heredoc = read_dockerfile(str(file)).instructions[1].heredocs[0]
    assert heredoc.content == "y\r\n"


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_bytes(b"FROM a\nRUN \xff\n")
    (tmp_path / "large").write_bytes(b"#" * (2**21 + 1))
    wanted = {
        "Dockerfile": "line 2 is not UTF-8 text; save it as UTF-8",
        "Dockefile": "there is no such file; did you mean",
        "large": "it cannot be read: it is over 2 MiB",
        "": "it is a folder; name the Dockerfile in it, as ",
        "a\0b": "no file can have this name",
    }
    for name, words in wanted.items():
        with pytest.raises(ScenarioError, match=words):
            read_dockerfile(str(tmp_path / name))
