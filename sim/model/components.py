"""What bytes and core-seconds count as: the names of all components, in one place."""

PRIVATE = "net.private"
KERNEL = "net.kernel"
FILES = "net.files"
DATA = "net.data"
NET = "net"
"""CPU time has one net component; what it is of memory and disk, their names say."""

OS_OF_IMAGE = "boundary.image-os"
OS_OF_GUEST = "boundary.guest-os"
WRITABLE = "boundary.writable"
BUILD_CACHE = "boundary.build-cache"
DAEMON = "boundary.daemon"
SET_UP = "set-up"
CROSSINGS = "crossings"
IDLE = "idle"
COPIES = "duplicate.copies"
MERGING = "merging"

PAGE = 4096
"""Bytes of the least that is written at once."""

OPERATION = 128 * 1024
"""Bytes of one I/O operation of a start or of a steady stream: Linux's default read-ahead."""
