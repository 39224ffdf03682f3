"""The steps of a stage one after another, each with its key, as BuildKit makes them.

A key is made of the step itself, of its parent's key, and of the content of the files that it
takes from elsewhere (BuildKit: solver/edge.go; file.go and exec.go of solver/llbsolver/ops). The
parent counts by its key alone: contents are compared only for the sources of COPY and ADD and for
what RUN mounts. So a step runs anew where its parent did, whatever came of that, but a copy from a
stage that ran anew is found again where the files that it takes are as before.

ENV, ARG and USER are no steps but go into the keys of RUN below them, and so does SHELL; LABEL,
EXPOSE, CMD and the like go into none. Proxies count only where ARG declares them, which the parser
has seen to, and secrets never do.
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from sim.images.contents import Layer, Selection, Tree, absolute, last_part
from sim.images.dockerfile import Command, Copy, Metadata, Run, WorkFolder
from sim.images.drafting import Draft, Outcome, Title
from sim.images.graph import is_remote, origins
from sim.images.keys import key_of
from sim.images.laying import document, laid, remote
from sim.images.mounting import Mounted, mounted
from sim.images.naming import DOCUMENT, StageNames
from sim.images.supplies import Supplies
from sim.images.surroundings import Surroundings
from sim.images.taking import Sources
from sim.spec.build import StepKind


@dataclass(frozen=True, slots=True)
class State:
    """A stage after some of its steps: the `key` and the files that it has come to, the steps
    that they wait for, the bytes of its layers by their keys, and what RUN is run with."""

    key: str
    tree: Tree
    needs: tuple[int, ...]
    base_bytes: int = 0
    layers: Mapping[str, int] = field(default_factory=dict)
    folder: str = "/"
    user: str = ""


@dataclass(frozen=True, slots=True)
class Stepper:
    """Turns the commands of one stage into steps of a draft."""

    draft: Draft
    supplies: Supplies
    sources: Sources
    names: StageNames
    rank: int
    begun: tuple[int, ...]

    def after(self, command: Command, state: State) -> State:
        """The stage after one more command."""
        match command:
            case Copy():
                return self._copied(command, state)
            case Run():
                return self._ran(command, state)
            case WorkFolder():
                return self._entered(command, state)
            case Metadata(keyword="USER", words=(user, *_)):
                return replace(state, user=user)
        return state

    def _title(self, command: Copy | Run | WorkFolder, kind: StepKind) -> Title:
        return Title(command.line, self.names.following(command.text), kind, self.rank)

    def _entered(self, command: WorkFolder, state: State) -> State:
        """WORKDIR makes a folder, unless that is the root."""
        folder = absolute(state.folder, command.path)
        state = replace(state, folder=folder)
        if folder == "/":
            return state
        rates = self.supplies.rates
        written = key_of("folder", folder, state.user)
        key = key_of(written, state.key)
        made = Outcome(
            0 if state.tree.has_folder(folder) else rates.folder_bytes, rates.folder.of(0)
        )
        title = self._title(command, "folder")
        number, outcome = self.draft.add(title, state.needs, key, lambda: made)
        return _upon(state, key, Layer(written, folder), (number,), outcome)

    def _copied(self, command: Copy, state: State) -> State:
        """COPY and ADD go by the content of what they take; with --link, whatever is below."""
        destination = _destination(command.destination, state.folder)
        selections, needs = self._taken(command)
        is_linked = command.link and not command.chmod
        written = _copy_key(command, destination, selections)
        key = key_of(written, "" if is_linked else state.key)
        title = self._title(command, "copy")
        waits = needs if is_linked else (*state.needs, *needs)
        number, outcome = self.draft.add(
            title, waits, key, lambda: self._copy(command, selections, destination)
        )
        layer = laid(command, written, selections, destination, state.tree)
        if not is_linked:
            return _upon(state, key, layer, (number,), outcome)
        after = _upon(state, key, layer, (*state.needs, number), outcome)
        return replace(after, key=key_of("link", state.key, key))

    def _copy(self, command: Copy, selections: Sequence[Selection], destination: str) -> Outcome:
        """The layer of a copy holds the folders down to where it goes as well."""
        work = self.supplies.rates.copy.of(sum(selection.size for selection in selections))
        block = self.supplies.rates.block
        folders = destination.rstrip("/").count("/") + destination.endswith("/")
        size = block * folders + sum(selection.held(block) for selection in selections)
        addresses = [source for source in command.sources if is_remote(source)]
        if not addresses:
            return Outcome(size, work)
        fetching = " ".join(["curl", *addresses])
        cost = self.supplies.cost(command.line, fetching, Surroundings())
        return Outcome(size + cost.written, cost.work, cost.rule)

    def _taken(self, command: Copy) -> tuple[list[Selection], tuple[int, ...]]:
        """What a copy takes, and the steps that bring it."""
        selections: list[Selection] = []
        needs: tuple[int, ...] = ()
        origin = next(origins(command), None)
        for path in command.sources:
            if is_remote(path):
                selections.append(remote(path, command.checksum))
            else:
                source = self.sources(origin)
                is_add = command.keyword == "ADD"
                selection = source.select(path, command.excludes, command.parents, is_add)
                selections.append(selection)
                needs += source.needs
        for heredoc in command.heredocs:
            selections.append(document(heredoc))
            needs += (self._document(heredoc.content),)
        return selections, needs

    def _document(self, text: str) -> int:
        """The builder writes a heredoc to a file, in a step of its own."""
        title = Title(0, DOCUMENT, "internal", self.rank)
        return self.draft.add(title, self.begun, key_of("document", text), Outcome)[0]

    def _ran(self, command: Run, state: State) -> State:
        """RUN goes by its text and all that it is run with."""
        mounts = mounted(command.mounts, state.folder, self.sources)
        written = _run_key(command, state, mounts)
        key = key_of(written, state.key)

        def perform() -> Outcome:
            around = _surroundings(command, state, mounts)
            cost = self.supplies.cost(command.line, command.command, around)
            left = cost.left or {state.folder: cost.written}
            return Outcome(cost.written, cost.work, cost.rule, left)

        title = self._title(command, "run")
        number, outcome = self.draft.add(title, (*state.needs, *mounts.needs), key, perform)
        outside = key_of(written, state.tree.content)
        layer = Layer(outside, state.folder, {}, command.command, (outside,), outcome.left)
        return _upon(state, key, layer, (number,), outcome)


def _upon(state: State, key: str, layer: Layer, needs: tuple[int, ...], outcome: Outcome) -> State:
    layers = {**state.layers, key: outcome.layer}
    return replace(state, key=key, tree=state.tree.under(layer), needs=needs, layers=layers)


def _destination(path: str, folder: str) -> str:
    """Where a copy goes, with a stroke at the end where it is said to be a folder."""
    is_folder = path in ("", ".") or path.endswith(("/", "/."))
    place = absolute(folder, path)
    return place.rstrip("/") + "/" if is_folder else place


def _copy_key(command: Copy, destination: str, selections: Sequence[Selection]) -> str:
    """Of a source, its last part counts and what it holds, but not the folder that it is in."""
    return key_of(
        "copy",
        command.keyword == "ADD",
        [last_part(source) for source in command.sources],
        destination,
        command.chown,
        command.chmod,
        command.parents,
        command.excludes,
        [selection.digest for selection in selections],
    )


def _surroundings(command: Run, state: State, mounts: Mounted) -> Surroundings:
    seen = state.tree.under(mounts.layer)
    return Surroundings(
        state.folder,
        seen.read,
        seen.sizes,
        state.tree.held,
        dict(command.environment),
        state.tree.commands(),
        mounts.targets,
    )


def _run_key(command: Run, state: State, mounts: Mounted) -> str:
    return key_of(
        "run",
        shlex.split(command.command) if command.is_exec else [*command.shell, command.command],
        command.environment,
        state.folder,
        state.user,
        mounts.digest,
        command.network,
        command.security,
    )
