"""Bytes as a file system holds them, in whole blocks, by which some stores count their layers."""

BLOCK = 4096
"""Bytes of a block: a file takes whole ones, and a folder one."""


def on_disk(size: int, block: int = BLOCK) -> int:
    """The bytes that a file of a size takes in blocks, or its own where there are none."""
    return -(-size // block) * block if block else size
