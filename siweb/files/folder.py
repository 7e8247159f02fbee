"""Files in a folder that all machines share."""

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

from siweb import clock

# Of each sealed piece: how many bytes it has.
LENGTH = 4
# After this long nobody writes any more what is not whole.
_DAY_SECONDS = 86_400


class Folder:
    def __init__(self, root: Path) -> None:
        self._root = root

    def write(self, name: str, pieces: Iterable[bytes]) -> None:
        """Write a file whole, or not at all."""
        place = self._root / name
        for folder in (place.parent.parent, place.parent):
            # One by one: the mode of what `parents` makes would be the umask's.
            folder.mkdir(mode=0o700, exist_ok=True)
        # A name of its own until it is whole: the same file may come several times at once.
        growing = place.with_suffix(f".{uuid4().hex}")
        try:
            with open(growing, "wb", opener=_owner_only) as target:
                target.writelines(len(piece).to_bytes(LENGTH) + piece for piece in pieces)
                target.flush()
                os.fsync(target.fileno())
            growing.replace(place)
        finally:
            with suppress(FileNotFoundError):
                growing.unlink()

    def read(self, name: str) -> Iterator[bytes]:
        """Yield a file's pieces.

        :raises FileNotFoundError: when there is none.
        """
        with (self._root / name).open("rb") as file:
            while length := file.read(LENGTH):
                yield file.read(int.from_bytes(length))

    def remove(self, name: str) -> None:
        """Remove a file, if it is there."""
        (self._root / name).unlink(missing_ok=True)

    def names(self, kind: str) -> Iterator[str]:
        """Yield the names of a kind's files; what was never whole goes after a day."""
        for place in sorted((self._root / kind).glob("*/*")):
            if not place.suffix:
                yield place.relative_to(self._root).as_posix()
            # Never while somebody may be writing it.
            elif place.stat().st_mtime < clock.now().timestamp() - _DAY_SECONDS:
                place.unlink(missing_ok=True)


def _owner_only(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
