"""A cluster of Dask's as an executor: its scheduler has workers, wherever they are."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager

from sim.errors import TareError, UsageError

_PATIENCE_S = 20


@contextmanager
def cluster(address: str) -> Iterator[tuple[Executor, int]]:
    """Connect to the scheduler at an address; give its executor, and how many cores it has.

    Raises: UsageError where Dask is not installed; TareError where nothing answers, or nobody works
    there.
    """
    try:
        from distributed import Client
        from distributed.comm import connect
    except ImportError:
        remedy = "`pip install distributed` installs it, which the workers need as well"
        raise UsageError("Dask is not installed here", remedy) from None

    async def knock() -> None:
        """See that somebody is there: a client whose scheduler is not makes long and loud ends."""
        await (await connect(address, timeout=_PATIENCE_S)).close()

    try:
        asyncio.run(knock())
    except (OSError, ValueError) as error:
        problem = f"no scheduler of Dask's answers at {address}: {error}"
        raise TareError(problem, "write the address that `dask scheduler` printed") from error
    with Client(address, timeout=_PATIENCE_S, set_as_default=False) as client:
        cores = sum(client.ncores().values())
        if not cores:
            problem = f"the scheduler at {address} has no workers"
            raise TareError(problem, f"start some: dask worker {address}")
        yield client.get_executor(pure=False), cores
