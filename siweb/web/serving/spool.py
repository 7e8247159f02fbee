"""Bodies on their way: short ones in memory, long ones on disk, all of them within one budget."""

import shutil
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Self

from siweb.web.serving.limits import Limits

# As much as one message to the server; nearly every page and form is shorter.
IN_MEMORY = 64 * 1024


class NoRoom(Exception):
    """Memory and disk set aside for bodies are in use: come again later."""


class Budget:
    """What all spools of this process take together. Threads and the event loop share it."""

    def __init__(self, folder: Path, limits: Limits) -> None:
        self.folder = folder
        self._limits = limits
        self._lock = threading.Lock()
        self.bytes_in_use = 0
        self._in_memory = 0

    def reserve(self, number: int, *, in_memory: bool) -> bool:
        """Count bytes in; return whether they may stay in memory.

        :raises NoRoom: when the whole is used; nothing is counted then.
        """
        with self._lock:
            if self.bytes_in_use + number > self._limits.spool_bytes:
                raise NoRoom
            self.bytes_in_use += number
            fits = in_memory and self._in_memory + number <= self._limits.memory_bytes
            if fits:
                self._in_memory += number
            return fits

    def moved_to_disk(self, number: int) -> None:
        """Count bytes out of memory that went to disk.

        :raises NoRoom: when the disk has little more than its reserve left.
        """
        with self._lock:
            self._in_memory -= number
        if shutil.disk_usage(self.folder).free < self._limits.reserve_bytes:
            raise NoRoom

    def give_back(self, number: int, in_memory: int) -> None:
        """Count the bytes of a spool out."""
        with self._lock:
            self.bytes_in_use -= number
            self._in_memory -= in_memory


class Spool:
    """One body. Close it whatever happens: its bytes count until then."""

    def __init__(self, budget: Budget) -> None:
        self._budget = budget
        # Unnamed on disk: nothing is left behind by a process that is killed.
        # `max_size=0` never moves it by itself: the budget of all decides that.
        self.file = tempfile.SpooledTemporaryFile(max_size=0, dir=str(budget.folder))  # noqa: SIM115
        self.size = 0
        self._in_memory = 0
        self._on_disk = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def write(self, data: bytes) -> None:
        """Keep some more of the body.

        :raises NoRoom: when the budget or the disk has no room for it.
        """
        short = not self._on_disk and self.size + len(data) <= IN_MEMORY
        fits = self._budget.reserve(len(data), in_memory=short)
        self.size += len(data)
        if fits:
            self._in_memory += len(data)
        elif not self._on_disk:
            self._roll_over()
        try:
            self.file.write(data)
        except OSError as error:  # the disk is full
            raise NoRoom from error

    def parts(self) -> Iterator[bytes]:
        """Return what was kept, in pieces."""
        self.file.seek(0)
        while part := self.file.read(IN_MEMORY):
            yield part

    def close(self) -> None:
        """Forget the body."""
        self._budget.give_back(self.size, self._in_memory)
        self.size = self._in_memory = 0
        self.file.close()

    def _roll_over(self) -> None:
        self._on_disk = True
        kept, self._in_memory = self._in_memory, 0
        self._budget.moved_to_disk(kept)
        try:
            self.file.rollover()
        except OSError as error:
            raise NoRoom from error
