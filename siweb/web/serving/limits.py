"""How slow a visitor may be, and how much may be on its way at once."""

from dataclasses import dataclass

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds and bytes; the defaults fit one small machine and a phone on a slow network."""

    # The largest body of one request.
    body_bytes: int = 64 * MEBIBYTE
    # What all bodies on their way in and out take together, in memory and on disk.
    spool_bytes: int = 1024 * MEBIBYTE
    # Of that in memory; what is beyond goes to disk at once, however short it is.
    memory_bytes: int = 64 * MEBIBYTE
    # Left free on the disk for the database, which must go on writing when spools are full.
    reserve_bytes: int = 256 * MEBIBYTE
    # A body without a new byte for so long is given up.
    idle_seconds: float = 10.0
    # And one that trickles: it has so long, and beyond it must have come at the slowest rate.
    grace_seconds: float = 20.0
    slowest_bytes_per_second: int = 1024
    # A reader that takes none of a long answer for so long is given up.
    send_seconds: float = 30.0
    # Requests that are worked on at once, those that read and those that write apart: who writes
    # waits for whoever writes now, and must not hold the threads of readers meanwhile. SQLite and
    # the interpreter lock make more threads slower, not faster.
    threads: int = 4
    # How long one of those that read works alone, where pages ask a database in a file; None where
    # they wait for a server (`threads.py`). Longer than nearly every page takes.
    turn_seconds: float | None = None
    # Requests that wait for a thread of either kind, and how long: then nobody waits any more.
    waiting: int = 2_000
    waiting_seconds: float = 30.0

    def seconds_for(self, received: int) -> float:
        """Return how long a body may have taken once so many bytes of it came."""
        return self.grace_seconds + received / self.slowest_bytes_per_second
