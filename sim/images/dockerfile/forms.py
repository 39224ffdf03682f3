"""The forms that single values of a Dockerfile have: each says what would be right, or nothing."""

import re
from collections.abc import Callable

_DURATION = re.compile(r"[+-]?(?:0|(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+)", re.ASCII)
_TOO_SHORT = re.compile(r"[+-]?(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs))+|-.*", re.ASCII)
_NOTHING = re.compile(r"[+-]?(?:0|(?:(?:0+\.?0*|\.0+)(?:ns|us|µs|μs|ms|s|m|h))+)", re.ASCII)
_STAGE = re.compile(r"[a-z][a-z0-9-_.]*")
_MODE = re.compile(r"0*[0-7]{1,4}|(?:[ugoa]*[-+=][rwxXst]*|[ugoa]*[-+=][ugo])(?:[-+=][rwxXst]*)*")
_PORT = re.compile(r"(?:[^:/]*:|\[[^/]*\]:)?(?:[\d-]*:)?(\d+)(?:-(\d+))?(?:/(\w+))?", re.ASCII)
_LAST_PORT = 65_535
_LAST_SIGNAL = 64
_COMPONENT = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
_HOST = (
    r"(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*"
)
_REFERENCE = re.compile(
    rf"(?:(?:{_HOST}|\[[a-fA-F0-9:]+\])(?::\d+)?/)?{_COMPONENT}(?:/{_COMPONENT})*"
    r"(?::\w[\w.-]{0,127})?(?:@[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,})?",
    re.ASCII,
)
_PLATFORM = re.compile(r"[A-Za-z0-9_.-]+(?:\([A-Za-z0-9_.-]+\))?(?:/[A-Za-z0-9_.-]+){0,2}")
_LONE_PLATFORMS = (
    *("linux", "windows", "darwin", "macos", "freebsd", "netbsd", "openbsd", "solaris", "wasip1"),
    *("amd64", "x86_64", "x86-64", "i386", "386", "arm64", "aarch64", "arm", "armhf", "armel"),
    *("riscv64", "ppc64le", "ppc64", "s390x", "mips", "mipsle", "mips64", "mips64le", "loong64"),
    *("wasm", "aix", "android", "dragonfly", "illumos", "ios", "js", "plan9"),
)
_SIGNALS = frozenset(
    (
        *("ABRT", "ALRM", "BUS", "CHLD", "CLD", "CONT", "FPE", "HUP", "ILL", "INT", "IO", "IOT"),
        *("KILL", "PIPE", "POLL", "PROF", "PWR", "QUIT", "RTMAX", "RTMIN", "SEGV", "STKFLT"),
        *("STOP", "SYS", "TERM", "TRAP", "TSTP", "TTIN", "TTOU", "URG", "USR1", "USR2"),
        *("VTALRM", "WINCH", "XCPU", "XFSZ"),
    )
)
_NUMBERED_SIGNAL = re.compile(r"RTMIN\+([1-9]|1[0-5])|RTMAX-([1-9]|1[0-4])")


def wrong_duration(value: str) -> str:
    """A duration as Go has it, of a millisecond or more; none at all counts as the default."""
    if not value or _NOTHING.fullmatch(value):
        return ""
    if not _DURATION.fullmatch(value):
        return "write a number with its unit, like 30s or 1m30s"
    return "write 1ms or more" if _TOO_SHORT.fullmatch(value) else ""


def wrong_count(value: str) -> str:
    """A whole number that is not negative."""
    is_right = re.fullmatch(r"\+?\d{1,9}", value, re.ASCII) or not value
    return "" if is_right else "write a whole number, like 3"


def one_of(*known: str) -> Callable[[str], str]:
    """One of some words."""
    listed = ", ".join(known)
    return lambda value: "" if value in known else f"known: {listed}"


def wrong_stage_name(value: str) -> str:
    """The name of a stage, in which capitals do not count."""
    if _STAGE.fullmatch(value.lower()):
        return ""
    return "begin with a letter, and go on with letters, digits, '-', '_' and '.'"


def wrong_mode(value: str) -> str:
    """A mode for files, as a number or in letters."""
    is_right = all(_MODE.fullmatch(part) for part in value.split(","))
    return "" if is_right else "write it like 755 or u=rwX,go=rX"


def wrong_port(value: str) -> str:
    """A port or a range of ports, with its protocol."""
    match = _PORT.fullmatch(value)
    if match is None or (match[3] or "tcp").lower() not in ("tcp", "udp", "sctp"):
        return "write it like 80, 53/udp or 8000-8010/tcp"
    first, last = int(match[1][:9]), int((match[2] or match[1])[:9])
    is_right = first <= last <= _LAST_PORT
    return "" if is_right else f"write a port up to {_LAST_PORT}, or a range that grows"


def wrong_signal(value: str) -> str:
    """A signal, by number or by name."""
    name = value.upper().removeprefix("SIG")
    is_number = value.isascii() and value.isdigit()
    is_known = name in _SIGNALS or bool(_NUMBERED_SIGNAL.fullmatch(name))
    if is_known or (is_number and 0 < int(value[:9]) <= _LAST_SIGNAL):
        return ""
    return "write it like SIGTERM or 15"


def wrong_reference(value: str) -> str:
    """The name of an image as registries have them."""
    if _REFERENCE.fullmatch(value):
        return ""
    if _REFERENCE.fullmatch(value.lower()):
        return "write it in small letters"
    return "write it like name, name:tag or host/name@sha256:…"


def wrong_platform(value: str) -> str:
    """A platform: system, architecture and variant."""
    is_alone = "/" not in value
    is_known = not is_alone or value.partition("(")[0].lower() in _LONE_PLATFORMS
    return "" if _PLATFORM.fullmatch(value) and is_known else "write it like linux/arm64"
