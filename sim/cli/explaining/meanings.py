"""What each number of the catalog is good for: what it decides in a simulation, by its place."""

from collections.abc import Mapping
from itertools import zip_longest
from typing import TypeAlias

from sim.catalog.loader import Kind

Place: TypeAlias = tuple[str, ...]

_PLATFORMS = {
    "size.cpu": "how much can run inside at once, where a group states no limit",
    "size.memory": "the most memory inside, where a group states no limit",
    "swap": "what a kernel inside may move to its disk before it kills for memory",
    "ram.reporting": "how long freed memory inside stays taken from {around}",
    "variation": "how far equal starts differ: standard deviation over mean",
    "create|boot.*.wait": "time of every start that no processor shortens",
    "create|boot.*.spin": "the least time of this step, with a core kept busy until then",
    "create|boot.*.read": "bytes of every start, off the disk unless a page cache has them",
    "create|boot.*.compute": "CPU of every start, and its time where cores are free",
    "create|boot.*.write": "bytes that every start writes to disk",
    "remove|shutdown.*.wait": "time of every end that no processor shortens",
    "remove|shutdown.*.compute": "CPU of every end, and its time where cores are free",
    "create|boot.*.lock.linear": "CPU more for each instance that exists, one start at a time",
    "create|boot.*.lock.quadratic": "CPU more, times the square of how many exist",
    "create|boot.*.lock.linear_wait": "time more for each instance that exists, one at a time",
    "create|boot.*.lock.quadratic_wait": "time more, times the square of how many exist",
    "footprint.*.private": "memory that {each} takes on {around}",
    "remove|shutdown.*.spin": "the least time of this step, with a core kept busy until its end",
    "remove|shutdown.*.read": "bytes read whenever it is taken down",
    "remove|shutdown.*.write": "bytes written whenever it is taken down",
    "remove|shutdown.*.lock.linear": "CPU more for each instance that exists, one end at a time",
    "remove|shutdown.*.lock.quadratic": "CPU of an end, times the square of how many exist",
    "remove|shutdown.*.lock.linear_wait": "time more for each that exists, one end at a time",
    "remove|shutdown.*.lock.quadratic_wait": "time of an end, times the square of how many exist",
    "footprint.*.shared": "file content mapped on {around}, held once however many map it",
    "footprint.*.alike": "share that is equal in all, which merging of pages can save",
    "footprint.*.per_memory": "memory on {around} for each byte of memory inside",
    "footprint.*.threshold": "size of the inside above which more is held",
    "footprint.*.above": "what is held more above that size",
    "interior.*.private": "memory taken inside, which {around} has to back for {each}",
    "interior.*.shared": "file content mapped inside, held once for each kernel",
    "interior.*.alike": "share that is equal in all, which merging of pages can save",
    "interior.*.per_memory": "memory taken inside for each byte of its size",
    "interior.*.threshold": "size of the inside above which more is held",
    "interior.*.above": "what is held more above that size",
    "daemon.memory.*.private": "memory taken once on {around}, before the first instance",
    "daemon.memory.*.shared": "file content mapped once on {around}, before the first instance",
    "daemon.memory.*.alike": "share that is equal elsewhere, which merging of pages can save",
    "daemon.memory.*.per_memory": "memory taken once for each byte that {around} has",
    "daemon.memory.*.threshold": "size of {around} above which more is held",
    "daemon.memory.*.above": "what is held more above that size",
    "daemon.cpu": "cores that are busy from the installation on, once on {around}",
    "daemon.files": "disk taken once on {around}, before the first instance",
    "files.unpack": "time to unpack an image that was not there, after its pull",
    "files.lazy.read": "share of an image that a start waits for, where nothing of it is there",
    "files.lazy.span": "what it asks for at a time",
    "files.convert": "time to turn an image into another format, for each copy of it",
    "files.copied": "share of mapped files that {each} holds a copy of besides",
    "files.writable": "disk that {each} takes at its start",
    "idle": "cores that {each} keeps busy while nothing is asked of it",
    "crossings.cpu.*": "CPU time over native, for work of this class",
    "crossings.block.latency": "time added to every disk operation from inside",
    "crossings.block.serial": "time of the one I/O thread, whose operations a second it bounds",
    "crossings.block.compute": "CPU added to every disk operation from inside",
    "crossings.block.bandwidth": "the most bytes a second that the I/O thread moves",
    "crossings.network.compute": "CPU for each packet, in the way of the application",
    "crossings.network.spared": "share of a packet's native CPU that the application is spared",
    "crossings.network.aside": "CPU for each packet, on a thread of its own",
    "crossings.network.latency": "time added to the round trip of every request",
    "crossings.network.overlap": "share of that time in which others are served",
    "crossings.network.wake": "CPU of an exchange where each request has a thread, on many cores",
    "crossings.call.compute": "CPU that each system call of a request takes more than natively",
    "crossings.call.spared": "CPU that each system call of a request takes natively, and not here",
    "port.footprint.private": "memory on {around} for each published port",
    "port.footprint.shared": "file content mapped on {around}, once for all ports",
    "port.footprint.alike": "share that is equal for all ports, which merging can save",
    "port.footprint.per_memory": "memory for each port and byte of memory inside",
    "port.footprint.threshold": "size of the inside above which more is held",
    "port.footprint.above": "what is held more above that size",
    "port.create.wait": "time that each port adds to a start",
    "port.create.spin": "the least time of each port at a start, with a core kept busy",
    "port.create.read": "bytes read for each port at a start",
    "port.create.compute": "CPU and time that each port adds to a start",
    "port.create.write": "bytes written for each port at a start",
    "port.create.lock.linear": "CPU more for each instance that exists, one port at a time",
    "port.create.lock.quadratic": "CPU more, times the square of how many exist",
    "port.create.lock.linear_wait": "time more for each instance that exists, one at a time",
    "port.create.lock.quadratic_wait": "time more, times the square of how many exist",
    "port.local.compute": "CPU for each packet that comes from {around} itself",
    "port.local.spared": "share of a packet's native CPU, from {around} itself, that is spared",
    "port.local.aside": "CPU beside the application for packets from {around} itself",
    "port.local.latency": "time added to a round trip from {around} itself",
    "port.local.overlap": "share of that time in which others are served",
    "port.local.wake": "CPU of an exchange where each request has a thread, on many cores",
}

_HOSTS = {
    "cores": "how much can run at once",
    "speed": "how fast a core is; the CPU work of the catalog is in seconds of a core of 1",
    "smt": "share of its speed that a core keeps when all are busy",
    "switching": "share of a core lost once more threads want to run than there are cores",
    "memory": "what everything has to fit into",
    "memory_in_use": "what its own system holds before any platform is there",
    "swap": "what can be moved to disk before something is killed for memory",
    "merging.pages": "pages looked at in each turn of page merging",
    "merging.pause": "pause between those turns",
    "merging.compute": "CPU for each page looked at",
    "reboot": "how long everything is gone after its kernel panicked",
    "disk.capacity": "what images and all that is written have to fit into",
    "disk.bandwidth": "how fast large reads and writes are, shared by all",
    "disk.operations": "how many small reads and writes it does a second, shared by all",
    "disk.latency": "how long one small read takes with nobody else about",
    "disk.flush": "how long one small write takes that is waited for, if longer than its latency",
    "disk.single": "how fast the bytes of one large read come with nobody else about",
    "link.bandwidth": "how fast images are pulled at best",
    "link.round_trip": "delay to where images and requests come from",
    "link.window": "bytes in flight: the most a second of one pull is this over a round trip",
    "link.per_packet": "CPU for each packet of a request, whatever the platform",
    "clients.round_trip": "what clients wait for outside of the host, where a load does not say",
}

_WORKLOADS = {
    "variation": "how far equal instances differ in work: standard deviation over mean",
    "start.wait": "time of every start that no processor shortens",
    "start.copy_up": "bytes of layers that it writes to, copied whole where layers are shared",
    "start.read": "bytes that every start reads, off the disk unless a page cache has them",
    "start.compute": "CPU of every start, and its time where cores are free",
    "memory.private": "memory of each instance that no other can share",
    "memory.mapped": "files in memory, once for all instances of a kernel that share them",
    "memory.kernel": "what the kernel holds for each instance, never swapped out",
    "memory.active": "share of private memory that its work touches: the rest can be swapped out",
    "memory.alike": "share that is equal in all instances, which merging of pages can save",
    "memory.rewrites": "how fast its pages become different again",
    "memory.growth.rate": "how fast private memory grows while it serves",
    "memory.growth.most": "where that growth ends",
    "steady.cpu": "cores that a ready instance keeps busy, where no load is stated",
    "steady.read": "bytes a second off the disk, where no load is stated",
    "steady.write": "bytes a second to the disk, where no load is stated",
    "run.compute": "CPU after which it ends by itself",
    "main.after": "time after which it ends by itself",
    "main.handler.takes": "how long it goes on once it is asked to end",
    "serve.compute": "CPU of one request, native: one core serves 1 over it a second",
    "serve.variation": "how far requests differ: standard deviation over mean",
    "serve.per_packet": "CPU for each packet of a request, native",
    "serve.calls": "system calls of an exchange, each of which boundaries may charge",
    "serve.client": "what a client takes between a reply and what it sends next",
    "serve.packets": "packets of a request and its reply, each of which boundaries charge",
    "serve.reply": "bytes that each reply sends over the link",
    "serve.read": "bytes of its data that a request reads",
    "serve.write": "bytes that a request writes to disk",
    "serve.data": "size of the data set that its page cache would like to hold",
}

_IMAGES = {
    "layers.*.compressed": "bytes to pull where it is absent",
    "layers.*.unpacked": "bytes on disk, once for each store that has it",
}

_COSTS = {
    "actions.*.fixed|each.wait": "time that nothing shortens",
    "actions.*.fixed|each.round_trips": "answers waited for, one after another",
    "actions.*.fixed|each.download": "bytes over the link",
    "actions.*.fixed|each.read": "bytes off the disk or its cache",
    "actions.*.fixed|each.compute": "CPU, and its time where cores are free",
    "actions.*.fixed|each.write": "bytes written, which the layer has unless its line removes them",
    "actions.*.known|lean.*.wait": "time that nothing shortens, for a thing of this name",
    "actions.*.known|lean.*.round_trips": "answers waited for, for a thing of this name",
    "actions.*.known|lean.*.download": "bytes over the link, for a thing of this name",
    "actions.*.known|lean.*.read": "bytes off the disk or its cache, for a thing of this name",
    "actions.*.known|lean.*.compute": "CPU for a thing of this name",
    "actions.*.known|lean.*.write": "bytes written for a thing of this name",
    "actions.*.usual": "things for each that is named, what it depends on among them",
    "actions.*.least": "the same where the command asks for fewer",
}

MEANINGS: Mapping[Kind, Mapping[str, str]] = {
    "platforms": _PLATFORMS, "hosts": _HOSTS, "workloads": _WORKLOADS, "images": _IMAGES,
    "costs": _COSTS,
}  # fmt: skip
"""By kind and place; those of platforms are places in a boundary. `*` stands for any name."""


def meaning(subject: Kind, place: Place, words: Mapping[str, str]) -> str:
    """What the number at a place decides; empty where nobody has said it."""
    found = (said for pattern, said in MEANINGS[subject].items() if _fits(place, pattern))
    return next(found, "").format_map(words)


def _fits(place: Place, pattern: str) -> bool:
    pairs = zip_longest(place, pattern.split("."), fillvalue="")
    return all(each == "*" or step in each.split("|") for step, each in pairs)
