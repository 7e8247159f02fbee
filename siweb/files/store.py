"""Keep the files that people hand in, and hand them to whoever reads them.

They lie in the database, so that a backup has them and a worker on another machine reads them; or,
by a setting, in a folder that all machines share, or in an object store. What lies there is sealed:
lists of people and bank statements are full of numbers that nobody should find in a copy.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, Protocol, Self

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, sessionmaker

from siweb.db.among import among
from siweb.db.sealing.field_keys import field_keys
from siweb.files.bucket import Bucket
from siweb.files.folder import Folder
from siweb.files.kept_file import FileKind, KeptFile, KeptFilePiece
from siweb.files.signature import AccessKey
from siweb.settings import SettingError, Settings

# Files pass through memory by the megabyte, whatever their size.
PIECE = 1 << 20
_DIGEST = re.compile("[0-9a-f]{64}")


class FileGone(LookupError):
    """A file is not kept any more, or never was."""


class Place(Protocol):
    """Where sealed files lie outside the database, by name."""

    def write(self, name: str, pieces: Iterable[bytes]) -> None:
        """Write a file whole, or not at all."""

    def read(self, name: str) -> Iterator[bytes]:
        """Yield a file's pieces, or raise FileNotFoundError."""

    def remove(self, name: str) -> None:
        """Remove a file, if it is there."""

    def names(self, kind: str) -> Iterator[str]:
        """Yield the names of a kind's files."""


class FileStore:
    """Where the office's files lie.

    :param place: a shared folder or a bucket; None is the database.
    """

    def __init__(self, place: Place | None = None) -> None:
        self._place = place

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Return the store that the settings name.

        :raises SettingError: when an object store does not answer, or not with this key.
        """
        if settings.files_folder is not None:
            return cls(Folder(settings.files_folder))
        if not settings.files_bucket:
            return cls()
        key = AccessKey(
            settings.files_bucket_key,
            settings.files_bucket_secret,
            settings.files_bucket_region,
        )
        bucket = Bucket(settings.files_bucket, key)
        try:
            bucket.require()
        except OSError as error:
            raise SettingError(
                f"SIWEB_FILES_BUCKET names {settings.files_bucket}, which cannot be used: {error}"
            ) from error
        return cls(bucket)

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

        Those with a digest that is `needed` stay. The caller commits; what lies outside the
        database is removed by `remove_orphans` after that, so that nothing is lost with a
        transaction that fails.
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
        return len(session.scalars(gone).all())

    def forget_these(self, session: Session, kind: FileKind, digests: Iterable[str]) -> None:
        """Delete named files of a kind; as `forget`, and the caller commits."""
        gone = sorted(digests)
        for table in (KeptFilePiece, KeptFile):
            session.execute(delete(table).where(table.kind == kind, table.digest.in_(gone)))

    def remove_orphans(self, sessions: sessionmaker[Session], *, at: datetime) -> int:
        """Remove what lies outside the database and is no file of the office; return how many.

        It was forgotten, or handed in by a transaction that failed. Each is claimed like a file
        that is handed in: whoever hands in the same one meanwhile waits, and writes it anew.
        """
        if self._place is None:
            return 0
        removed = 0
        for kind in FileKind:
            for name in self._place.names(kind.value):
                digest = name.rpartition("/")[2]
                if _DIGEST.fullmatch(digest) is None or name != _name(kind, digest):
                    continue
                with suppress(IntegrityError), sessions.begin() as session:
                    if self.is_kept(session, kind, digest):
                        continue
                    claimed = KeptFile(kind=kind, digest=digest, size=0, kept_at=at)
                    session.add(claimed)
                    session.flush()
                    self._place.remove(name)
                    session.delete(claimed)
                    removed += 1
        return removed

    def reseal(self) -> int:
        """Seal the files outside the database anew that lie under an older key; return how many.

        Those within it are rows like any other. What is forgotten meanwhile needs nothing.
        """
        if self._place is None:
            return 0
        changed = 0
        for kind in FileKind:
            for name in self._place.names(kind.value):
                with suppress(FileNotFoundError):
                    if all(field_keys().is_newest(piece) for piece in self._place.read(name)):
                        continue
                    keys = field_keys()
                    self._place.write(
                        name,
                        (keys.seal_bytes(keys.unseal_bytes(p)) for p in self._place.read(name)),
                    )
                    changed += 1
        return changed

    def _write(self, session: Session, kind: FileKind, digest: str, source: IO[bytes]) -> None:
        if self._place is not None:
            sealed = (field_keys().seal_bytes(piece) for piece in _read_pieces(source))
            self._place.write(_name(kind, digest), sealed)
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
        if self._place is None:
            yield from _rows(session, kind, digest)
            return
        try:
            yield from self._place.read(_name(kind, digest))
        except FileNotFoundError as error:
            raise FileGone(digest) from error


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


def _name(kind: FileKind, digest: str) -> str:
    # Two characters of the hash: no folder of a large office has more than some thousand files.
    return f"{kind.value}/{digest[:2]}/{digest}"


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
