"""Stages as BuildKit makes them of a Dockerfile: what a target needs, and what variables hold."""

from collections.abc import Mapping

import pytest
from dockerfiles import DOCKERFILES, NODE

from sim.errors import ScenarioError, UsageError
from sim.images.dockerfile import (
    Argument,
    Command,
    Copy,
    Environment,
    Metadata,
    Run,
    Stage,
    WorkFolder,
    parse,
    stages,
)


def stages_of(
    text: str, arguments: Mapping[str, str] | None = None, target: str = ""
) -> tuple[Stage, ...]:
    return stages(parse(text, "Dockerfile"), arguments, target)


def last_commands(text: str, arguments: Mapping[str, str] | None = None) -> tuple[Command, ...]:
    return stages_of(text, arguments)[-1].commands


def shown_last(text: str, arguments: Mapping[str, str] | None = None) -> str:
    return last_commands(text, arguments)[-1].text


def test_a_usual_file() -> None:
    (stage,) = stages_of(NODE)
    assert (stage.number, stage.name, stage.base, stage.line) == (0, "", "node:24-slim", 2)
    assert [type(command) for command in stage.commands] == [
        *(WorkFolder, Copy, Run, Copy, Metadata, Metadata)
    ]
    assert [command.text for command in stage.commands[:4]] == [
        *("WORKDIR /app", "COPY package.json package-lock.json ./", "RUN npm ci", "COPY . .")
    ]


@pytest.mark.parametrize("name", sorted(DOCKERFILES.keys() - {"quotes that stay open"}))
def test_every_file_comes_to_stages(name: str) -> None:
    assert stages_of(DOCKERFILES[name])


def test_only_what_a_target_needs_is_there() -> None:
    text = (
        "FROM a AS one\nFROM b AS two\nFROM one AS three\nRUN --mount=from=two,target=/x y\n"
        "FROM c\nCOPY --from=one x y\n"
    )
    assert [stage.number for stage in stages_of(text)] == [0, 3]
    assert [stage.number for stage in stages_of(text, target="THREE")] == [0, 1, 2]
    assert [stage.number for stage in stages_of(text, target="two")] == [1]


def test_a_target_that_is_not_there_is_told() -> None:
    with pytest.raises(UsageError, match="did you mean 'build'"):
        stages_of("FROM a AS build\n", target="biuld")
    with pytest.raises(UsageError, match="give one a name"):
        stages_of("FROM a\n", target="build")


def test_a_later_stage_of_a_name_counts_for_copies_and_an_earlier_one_for_its_base() -> None:
    text = "FROM a AS x\nFROM x AS x\nFROM b\nCOPY --from=x c d\n"
    first, second, last = stages_of(text)
    assert (first.base, first.base_number) == ("a", None)
    assert (second.base, second.base_number) == ("x", 0)
    assert isinstance(last.commands[0], Copy)
    assert last.commands[0].source_number == 1


def test_sources_of_copies_and_mounts() -> None:
    text = (
        "FROM a AS One\nFROM b\nCOPY --from=ONE x y\nCOPY --from=0 x y\nCOPY --from=c:1 x y\n"
        "COPY x y\nRUN --mount=from=one,source=/s,target=t,rw --mount=type=cache,target=/c z\n"
    )
    *copies, run = last_commands(text)
    found = [(c.source_stage, c.source_number) for c in copies if isinstance(c, Copy)]
    assert found == [("ONE", 0), ("0", 0), ("c:1", None), ("", None)]
    assert isinstance(run, Run)
    assert [
        (m.kind, m.source_stage, m.source_number, m.source, m.target, m.is_read_only)
        for m in run.mounts
    ] == [
        ("bind", "one", 0, "/s", "t", False),
        ("cache", "", None, "", "/c", False),
    ]


def test_global_arguments_hold_in_a_stage_only_where_declared() -> None:
    text = "ARG V=1\nARG W=$V.2\nFROM a:$W\nRUN echo ${V:-no}\nARG V\nARG W=3\nRUN echo $V $W\n"
    (stage,) = stages_of(text)
    assert stage.base == "a:1.2"
    assert [c.text for c in stage.commands if isinstance(c, Run)] == [
        *("RUN echo ${V:-no}", "RUN echo 1 3")
    ]
    (stage,) = stages_of(text, {"V": "9"})
    assert (stage.base, stage.commands[-1].text) == ("a:9.2", "RUN echo 9 3")


def test_an_argument_without_a_value_is_not_set() -> None:
    commands = last_commands("FROM a\nARG A B=1 C=$B\nRUN echo ${A-none} $C\n", {"B": "2"})
    found = [(c.name, c.default, c.value) for c in commands if isinstance(c, Argument)]
    assert found == [("A", None, None), ("B", "1", "2"), ("C", "$B", "2")]
    assert isinstance(commands[-1], Run)
    assert dict(commands[-1].environment).keys() == {"B", "C", "PATH"}


def test_platform_arguments_are_there_for_who_declares_them() -> None:
    text = (
        "FROM --platform=$BUILDPLATFORM a\nARG TARGETARCH TARGETOS\nENV X=$TARGETOS/$TARGETARCH\n"
    )
    (stage,) = stages_of(text)
    assert stage.platform == "linux/amd64"
    assert isinstance(stage.commands[-1], Environment)
    assert stage.commands[-1].pairs == (("X", "linux/amd64"),)
    assert stages_of(text, {"BUILDPLATFORM": "linux/arm64"})[0].platform == "linux/arm64"
    assert shown_last("FROM a\nRUN $TARGETOS ${TARGETOS:-no}\n") == "RUN $TARGETOS ${TARGETOS:-no}"


def test_ENV_is_expanded_with_what_held_before_the_instruction() -> None:
    text = "FROM a\nENV A=hello\nENV A=bye B=$A\nENV C=$A D old $A\nCOPY $A${B} /$C/\n"
    assert shown_last(text.replace(" D old $A", "")) == "COPY byehello /bye/"


def test_a_stage_begins_with_what_the_one_that_it_is_from_ends_with() -> None:
    text = (
        'FROM a AS one\nARG X=1\nENV Y=2\nARG Y=3\nWORKDIR /w\nSHELL ["bash", "-c"]\n'
        "FROM one\nRUN echo $X $Y\n"
    )
    run = last_commands(text)[-1]
    assert isinstance(run, Run)
    assert (run.text, run.shell) == ("RUN echo 1 2", ("bash", "-c"))


def test_ONBUILD_comes_first_in_the_stage_that_is_made_from_it() -> None:
    text = (
        "FROM a AS one\nENV V=1\nONBUILD COPY $V /src\nONBUILD RUN <<EOF\nmake\nEOF\nRUN x\n"
        "FROM one AS two\nRUN y\nFROM two\nRUN z\n"
    )
    one, two, three = stages_of(text)
    assert [command.text for command in one.commands] == [
        *("ENV V=1", "ONBUILD COPY 1 /src", "ONBUILD RUN <<EOF", "RUN x")
    ]
    assert [command.text for command in two.commands] == [
        *("ONBUILD COPY 1 /src", "ONBUILD RUN <<EOF (make)", "RUN y")
    ]
    assert [command.text for command in three.commands] == ["RUN z"]


def test_forms_of_RUN() -> None:
    text = (
        'FROM a\nRUN a "b c"\nRUN ["a", "b c"]\nRUN <<EOF\na\nb\nEOF\nRUN <<-EOF\n'
        "\t#!/usr/bin/env py\n\tx\n\tEOF\nRUN cat <<A <<-B\na\nA\n\tb\n\tB\nRUN []\n"
    )
    runs = [command for command in last_commands(text) if isinstance(command, Run)]
    shell = ("/bin/sh", "-c")
    assert [(run.command, run.shell, run.is_exec) for run in runs] == [
        ('a "b c"', shell, False),
        ("a 'b c'", (), True),
        ("a\nb\n", shell, False),
        ("#!/usr/bin/env py\nx\n", ("/usr/bin/env", "py"), False),
        ("cat <<A <<-B\na\nA\n\tb\nB", shell, False),
        ("", (), True),
    ]
    assert runs[2].text == "RUN <<EOF (a...)"
    assert runs[4].text == "RUN cat <<A <<-B"


def test_documents_that_are_copied() -> None:
    text = "FROM a\nENV X=1\nCOPY <<A <<-'B' $X /d/\n$X \"$X\"\nA\n\t$X\nB\n"
    copy = last_commands(text)[-1]
    assert isinstance(copy, Copy)
    assert [(document.name, document.content) for document in copy.heredocs] == [
        *(("A", '1 "1"\n'), ("B", "$X\n"))
    ]
    assert (copy.sources, copy.destination) == (("1",), "/d/")


def test_flags_of_COPY_and_ADD() -> None:
    text = (
        "FROM a\nARG U=me\nCOPY --chown=$U:x --chmod=755 --link --parents --exclude=*.md "
        "--exclude=$U a b\nADD --keep-git-dir=true --unpack=false --link=false --checksum="
        "sha256:$U https://x/y z\n"
    )
    copy, add = last_commands(text)[1:]
    assert isinstance(copy, Copy)
    assert (copy.chown, copy.chmod, copy.link, copy.parents) == ("me:x", "755", True, True)
    assert copy.excludes == ("*.md", "me")
    assert isinstance(add, Copy)
    assert (add.keyword, add.keeps_git_folder, add.unpacks, add.link) == ("ADD", True, False, False)
    assert add.checksum == "sha256:me"


def test_metadata_is_expanded_where_buildkit_does() -> None:
    text = "FROM a\nENV P='80 81' U=me\nEXPOSE $P $NO\nUSER $U\nLABEL $U=\"$P\"\nCMD echo $U\n"
    expose, user, label, command = last_commands(text)[1:]
    words = [each.words for each in (expose, user, label, command) if isinstance(each, Metadata)]
    assert words == [("80", "81"), ("me",), ("me", "80 81"), ("echo $U",)]


def test_mounts_are_expanded() -> None:
    text = "FROM a\nENV D=/d\nRUN --mount=type=cache,id=$D,sharing=Locked,target=$D/c,uid=0 x\n"
    run = last_commands(text)[-1]
    assert isinstance(run, Run)
    (mount,) = run.mounts
    assert (mount.identity, mount.target, mount.sharing) == ("/d", "/d/c", "locked")


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("COPY --from=9 a b", "there is no stage 9"),
        ("COPY --from=1 a b", "no stage above"),
        ("COPY --from=last a b", "no stage above"),
        ("COPY --from=here a b", "no stage above"),
        ("COPY --from=$X a b", "cannot hold a variable"),
        ("COPY --from=NoSuch a b", "neither a stage nor an image"),
        ("COPY --chmod=99 a b", "--chmod cannot be '99'"),
        ("ADD --checksum=sha256:1 a b", "single source from elsewhere"),
        ("RUN --mount=from=last,target=/x y", "no stage above"),
        ("RUN --mount=type=cach,target=/x y", "did you mean 'cache'"),
        ("RUN --mount=target=/ y", "take the place of '/'"),
        ("RUN --mount=traget=/x y", "did you mean 'target'"),
        ("RUN --mount=type=bind,sharing=locked,target=/x y", "no 'sharing'"),
        ("RUN --mount=type=secret y", "not named"),
        ("RUN --mount=type=cache,target=/x,uid=me y", "cannot be 'me'"),
        ("RUN --mount=type=cache,target y", "has no value"),
        ("EXPOSE 70000", "EXPOSE cannot be '70000'"),
        ("EXPOSE 80/xyz", "EXPOSE cannot be"),
        ("STOPSIGNAL SIGNOT", "STOPSIGNAL cannot be"),
        ("ENV A='b", "never closed"),
        ("WORKDIR ${A:?say where}", "say where"),
        ("LABEL a=${b", "missing"),
        ("ENV " + " ".join(f"a{n}=1" for n in range(1001)), "over 1000 variables"),
    ],
)
def test_what_cannot_be_is_refused_with_its_line(line: str, problem: str) -> None:
    text = f"FROM a\nFROM b AS here\n{line}\nFROM here AS last\n"
    with pytest.raises(ScenarioError) as caught:
        stages_of(text)
    (fault,) = caught.value.faults
    assert (fault.file, fault.line) == ("Dockerfile", 3)
    assert problem in str(fault)


@pytest.mark.parametrize(
    ("begin", "problem"),
    [
        ("FROM $NO", "is empty"),
        ("FROM Alpine", "small letters"),
        ("FROM a b:c", "one or three"),
        ("FROM a:b:c", "no image"),
        ("FROM --platform=$NO a", "--platform cannot be ''"),
        ("FROM --platform=linus a", "like linux/arm64"),
        ("FROM a AS one\nFROM One", "is named here with capitals"),
        ("ARG X=${Y:?}\nFROM a", "Y is not set"),
    ],
)
def test_a_base_that_cannot_be_is_refused(begin: str, problem: str) -> None:
    with pytest.raises(ScenarioError, match=problem):
        stages_of(begin)


def test_what_no_target_needs_is_not_looked_at() -> None:
    assert len(stages_of("FROM a AS one\nCOPY --from=9 a b\nEXPOSE x\nFROM b\n")) == 1


def test_all_faults_are_told_at_once() -> None:
    text = "FROM a\nEXPOSE x\nCOPY --from=7 a b\nENV a=${b\nRUN --mount=type=x,target=/x y\n"
    with pytest.raises(ScenarioError) as caught:
        stages_of(text)
    assert [(fault.line, fault.column) for fault in caught.value.faults] == [
        *((2, 8), (3, 13), (4, 7), (5, 13))
    ]
