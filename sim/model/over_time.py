"""What each kind of activity does in a run: the function that performs it."""

from __future__ import annotations

from sim.model.activity import (
    Acquire,
    Allocate,
    Arrive,
    Await,
    Begin,
    Compute,
    Enter,
    Exit,
    Fetch,
    Join,
    Lie,
    Map,
    Occupy,
    Open,
    PassOn,
    Read,
    Ready,
    Refuse,
    Stop,
    Sync,
    Wait,
    Write,
)
from sim.model.build_activity import ByHand, Commit, Download, Make, Pause, Recall
from sim.model.hands import by_hand
from sim.model.perform import (
    Handlers,
    acquire,
    allocate,
    arrive,
    begin,
    compute,
    enter,
    join,
    map_,
    occupy,
    pass_on,
    read,
    refuse,
    sync,
    take_space,
    wait,
    write,
)
from sim.model.ports import Bind
from sim.model.pull_activity import Check, Keep, PullNext, Transfer
from sim.model.pulling import await_gate, check, fetch, keep, open_gate, pull_next, transfer
from sim.model.steps import commit as commit_step
from sim.model.steps import download, make, pause, recall
from sim.model.turning import bind, exit_, ready, stop

OVER_TIME: Handlers = {
    Acquire: acquire,
    Allocate: allocate,
    Arrive: arrive,
    Await: await_gate,
    Check: check,
    Begin: begin,
    Bind: bind,
    ByHand: by_hand,
    Commit: commit_step,
    Compute: compute,
    Download: download,
    Enter: enter,
    Exit: exit_,
    Fetch: fetch,
    Join: join,
    Keep: keep,
    Lie: take_space,
    Make: make,
    Map: map_,
    Occupy: occupy,
    Open: open_gate,
    PassOn: pass_on,
    Pause: pause,
    PullNext: pull_next,
    Transfer: transfer,
    Read: read,
    Ready: ready,
    Recall: recall,
    Refuse: refuse,
    Stop: stop,
    Sync: sync,
    Wait: wait,
    Write: write,
}
