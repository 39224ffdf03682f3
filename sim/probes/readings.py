"""What a probe has read, and how readings that were repeated become one number with its spread."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, linear_regression, median

from sim.probes.starting import Batch


@dataclass(frozen=True)
class Reading:
    """A number that was read several times, in base units."""

    values: tuple[float, ...]

    @property
    def middle(self) -> float:
        """The median."""
        return median(self.values)

    @property
    def spread(self) -> float:
        """The standard deviation over the median, by the distance of the middle half.

        So that one reading which somebody else has disturbed does not count.
        """
        ordered = sorted(self.values)
        quarter = len(ordered) // 4
        width = ordered[-1 - quarter] - ordered[quarter]
        return width / _QUARTILES_OF_NORMAL / self.middle if self.middle else 0.0


_QUARTILES_OF_NORMAL = 1.349


@dataclass(frozen=True)
class Held:
    """Bytes that each of some instances holds: its own, and what all of them share."""

    private: float
    shared: float

    def each(self, count: int) -> float:
        """What falls to each of so many, as PSS divides it."""
        return self.private + self.shared / count


def parts(pss: Mapping[int, float]) -> Held:
    """Split PSS by instance, for each number of them, into p + m/N by least squares.

    Both are at least zero, which noise around either would deny.
    """
    shares = [1.0 / count for count in pss]
    private, shared = _line(shares, [*pss.values()])
    if private < 0:
        private, shared = 0.0, _slope_through_zero(shares, [*pss.values()])
    return Held(private, shared) if shared > 0 else Held(fmean(pss.values()), 0.0)


def _line(xs: Sequence[float], ys: Sequence[float]) -> tuple[float, float]:
    """Where a line through points crosses, and how steep it is; level through a single one."""
    if len(xs) == 1:
        return ys[0], 0.0
    steep, crossing = linear_regression(xs, ys)
    return crossing, steep


def _slope_through_zero(xs: Sequence[float], ys: Sequence[float]) -> float:
    return linear_regression(xs, ys, proportional=True).slope


@dataclass(frozen=True)
class Memory:
    """Bytes while some instances are up together.

    By instance, PSS of what is around them and of the main processes inside, each address space
    once. Of the whole machine, by the kernel's own accounts: pages of the kernel, what is not
    available, and what the cgroup of all instances is charged with.
    """

    outside: float
    inside: float
    kernel: float
    unavailable: float
    charged: float


@dataclass(frozen=True)
class Measured:
    """All that a probe has read of one runtime."""

    name: str
    entry: str
    kind: str
    version: str
    batches: Sequence[Batch]
    memory: Mapping[int, Sequence[Memory]]
    daemon: Mapping[str, float]
    daemon_cores: float
    idle_cores: float
    disk: float
    jobs: Mapping[str, Reading]
    others: float

    def of(self, count: int) -> list[Batch]:
        """The batches of so many."""
        return [batch for batch in self.batches if batch.count == count]

    @property
    def counts(self) -> list[int]:
        """How many were started at once, in order."""
        return sorted({batch.count for batch in self.batches})

    def last_s(self, count: int) -> Reading:
        """When the last of so many was ready."""
        return Reading(tuple(batch.ready_s[-1] for batch in self.of(count)))

    def first_s(self, count: int) -> Reading:
        """When the first of so many was ready."""
        return Reading(tuple(batch.ready_s[0] for batch in self.of(count)))

    def median_s(self, count: int) -> Reading:
        """When half of so many were ready."""
        return Reading(tuple(batch.median_s for batch in self.of(count)))

    def cpu_s(self, count: int) -> Reading:
        """Core-seconds of each start, of all that ran for it until the last was ready."""
        return Reading(tuple(batch.cpu_s / count for batch in self.of(count)))

    def each_more(self, account: str) -> float:
        """By how much an account of the kernel grows with each instance, from few to most."""
        least, most = min(self.memory), max(self.memory)
        few, many = (
            median(float(getattr(each, account)) for each in self.memory[count])
            for count in (least, most)
        )
        return max((many - few) / (most - least), 0.0) if most > least else 0.0

    def held(self, part: str) -> Held:
        """One part of the memory, split into what is each one's own and what all share."""
        return parts(
            {
                count: median(float(getattr(each, part)) for each in read)
                for count, read in self.memory.items()
            }
        )


@dataclass(frozen=True)
class Checked:
    """One prediction beside what was then measured, in seconds; `statistic` of those at once."""

    entry: str
    count: int
    statistic: str
    predicted: float
    measured: float

    @property
    def error(self) -> float:
        """How far the prediction is off, as a share of what was measured."""
        return self.predicted / self.measured - 1.0
