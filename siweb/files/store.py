"""Keep the files that people hand in, and hand them to whoever reads them.

They lie in the database, so that a backup has them and a worker on another machine reads them; or,
by a setting, in a folder that all machines share. Either way what lies there is sealed: lists of
people and bank statements are full of numbers that nobody should find in a copy.
"""

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO
from uuid import uuid4

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from siweb.db.among import among
from siweb.db.sealing.field_keys import field_keys
from siweb.files.kept_file import FileKind, KeptFile, KeptFilePiece

# Files pass through memory by the megabyte, whatever their size.
PIECE = 1 << 20
# Of each sealed piece in a folder's file: how many bytes it has.
_LENGTH = 4


class FileGone(LookupError):
    """A file is not kept any more, or never was."""


class FileStore:
    """Where the office's files lie.

    :param folder: a folder that all machines share; None is the database.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder

    def keep(self, session: Session, kind: FileKind, source: IO[bytes], *, at: datetime) -> str:
        """Keep a file and return the SHA-256 of its content; the caller commits.

        The same content again is the same file, and its time begins anew.
        """
        digest, size = _measure(source)
        renewed = session.execute(
            update(KeptFile)
            .where(KeptFile.kind == kind, KeptFile.digest == digest)
            .values(kept_at=at)
            .returning(KeptFile.digest)
        ).first()
        if renewed is None:
            # The same file at the same moment: whoever comes second waits here for the first.
            with suppress(IntegrityError), session.begin_nested():
                session.execute(
                    insert(KeptFile).values(kind=kind, digest=digest, size=size, kept_at=at)
                )
                self._write(session, kind, digest, source)
        return digest

    @contextmanager
    def opened(self, session: Session, kind: FileKind, digest: str) -> Iterator[Path]:
        """Give a file as it was handed in, in a place of its own while the block lasts.

        :raises FileGone: when it is not kept any more.
        """
        # Nobody but this process may read it, and a kill leaves it to the system's own cleaning.
        with NamedTemporaryFile(prefix="siweb-", suffix=".file") as clear:
            for piece in self._pieces(session, kind, digest):
                clear.write(field_keys().unseal_bytes(piece))
            clear.flush()
            yield Path(clear.name)

    def is_kept(self, session: Session, kind: FileKind, digest: str) -> bool:
        """Return whether a file is still there."""
        return session.get(KeptFile, (kind, digest)) is not None

    def forget(
        self, session: Session, kind: FileKind, *, before: datetime, needed: Iterable[str] = ()
    ) -> int:
        """Delete the files of a kind that were handed in before an instant; return how many.

        Those with a digest that is `needed` stay. The caller commits.
        """
        is_old = [KeptFile.kind == kind, KeptFile.kept_at < before]
        if kept := list(needed):
            is_old.append(~among(KeptFile.digest, kept))
        session.execute(
            delete(KeptFilePiece).where(
                KeptFilePiece.kind == kind,
                KeptFilePiece.digest.in_(select(KeptFile.digest).where(*is_old)),
            )
        )
        gone = delete(KeptFile).where(*is_old).returning(KeptFile.digest)
        digests = session.scalars(gone).all()
        if self._folder is not None:
            for digest in digests:
                _place(self._folder, kind, digest).unlink(missing_ok=True)
        return len(digests)

    def _write(self, session: Session, kind: FileKind, digest: str, source: IO[bytes]) -> None:
        if self._folder is not None:
            _write_file(_place(self._folder, kind, digest), source)
            return
        for number, piece in enumerate(_read_pieces(source)):
            session.execute(
                insert(KeptFilePiece).values(
                    kind=kind, digest=digest, number=number, content=field_keys().seal_bytes(piece)
                )
            )

    def _pieces(self, session: Session, kind: FileKind, digest: str) -> Iterator[bytes]:
        if not self.is_kept(session, kind, digest):
            raise FileGone(digest)
        if self._folder is None:
            yield from _rows(session, kind, digest)
            return
        try:
            file = _place(self._folder, kind, digest).open("rb")
        except FileNotFoundError as error:
            raise FileGone(digest) from error
        with file:
            while length := file.read(_LENGTH):
                yield file.read(int.from_bytes(length))


def _rows(session: Session, kind: FileKind, digest: str) -> Iterator[bytes]:
    """Yield a file's pieces, each by a statement of its own: never all of them in memory."""
    last = session.scalar(
        select(func.max(KeptFilePiece.number)).where(
            KeptFilePiece.kind == kind, KeptFilePiece.digest == digest
        )
    )
    for number in range(0 if last is None else int(last) + 1):
        yield bytes(
            session.scalars(
                select(KeptFilePiece.content).where(
                    KeptFilePiece.kind == kind,
                    KeptFilePiece.digest == digest,
                    KeptFilePiece.number == number,
                )
            ).one()
        )


def _place(folder: Path, kind: FileKind, digest: str) -> Path:
    # Two characters of the hash: no folder of a large office has more than some thousand files.
    return folder / kind.value / digest[:2] / digest


def _write_file(place: Path, source: IO[bytes]) -> None:
    for folder in (place.parent.parent, place.parent):
        # One by one: the mode of what `parents` makes would be the umask's.
        folder.mkdir(mode=0o700, exist_ok=True)
    # A name of its own until it is whole: the same file may come several times at once.
    growing = place.with_suffix(f".{uuid4().hex}")
    try:
        with open(growing, "wb", opener=_owner_only) as target:
            for piece in _read_pieces(source):
                sealed = field_keys().seal_bytes(piece)
                target.write(len(sealed).to_bytes(_LENGTH) + sealed)
            target.flush()
            os.fsync(target.fileno())
        growing.replace(place)
    finally:
        with suppress(FileNotFoundError):
            growing.unlink()


def _owner_only(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _read_pieces(source: IO[bytes]) -> Iterator[bytes]:
    source.seek(0)
    read: Callable[[], bytes] = lambda: source.read(PIECE)  # noqa: E731
    yield from iter(read, b"")


def _measure(source: IO[bytes]) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    for piece in _read_pieces(source):
        digest.update(piece)
        size += len(piece)
    return digest.hexdigest(), size
