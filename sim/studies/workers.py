"""Processes that share runs, and that end with the command that started them, without a word."""

import os
import signal
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import active_children, get_context, parent_process
from threading import Thread


@contextmanager
def workers(count: int) -> Iterator[ProcessPoolExecutor]:
    """Give a pool of processes; what stops its use, an interrupt above all, ends them at once."""
    pool = started(count)
    try:
        with ending_children():
            yield pool
    finally:
        pool.shutdown()


def started(count: int) -> ProcessPoolExecutor:
    """Start a pool of processes, which end with this one even where it is killed."""
    context = get_context("spawn")
    return ProcessPoolExecutor(count, mp_context=context, initializer=_end_with_parent)


@contextmanager
def ending_children() -> Iterator[None]:
    """End the processes that are started meanwhile, whatever they do, once something stops it."""
    others = {*active_children()}
    try:
        yield
    except BaseException:
        for worker in {*active_children()} - others:
            worker.terminate()
        raise


def _end_with_parent() -> None:
    Thread(target=_wait_for_parent, daemon=True).start()


def _wait_for_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)  # nobody is left to hear of anything else


@contextmanager
def deaf_to_interrupts() -> Iterator[None]:
    """Let the processes that are started meanwhile not hear Ctrl-C, which their parent answers.

    The parent hears what came in between once this ends. Windows has no such mask.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    heard = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, heard)
