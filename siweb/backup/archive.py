"""The file of a backup: a zip archive, sealed for whoever holds the key when a recipient is named.

The seal is age's (https://age-encryption.org): its keys are a line of text each, and the command
`age` opens such a file without siweb.
"""

import hashlib
import os
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any

import orjson
import pyrage
from pyrage import x25519

from siweb.backup.manifest import NAME, Manifest, NotABackup

SEALED = ".age"
_OWNER_ONLY = 0o600
# Half the time of the usual 6 for a tenth more bytes.
_LEVEL = 3
# Told from a sealed file by what it begins with: names are changed by whoever moves them.
_HEAD_OF_ZIP = b"PK"


class WrongKey(ValueError):
    """A backup is sealed for somebody else, or no key was given."""


class Writer:
    """Writes the parts of a backup."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive

    def table(self, name: str, rows: Iterable[list[Any]]) -> tuple[int, str]:
        """Write rows, a line of JSON each; return how many, and the digest of what was written."""
        digest, count = hashlib.sha256(), 0
        with self._archive.open(f"tables/{name}.jsonl", "w", force_zip64=True) as part:
            for row in rows:
                line = orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE)
                digest.update(line)
                part.write(line)
                count += 1
        return count, digest.hexdigest()

    def file(self, name: str, pieces: Iterable[bytes]) -> None:
        """Write a file that lies outside the database, as it lies there."""
        with self._archive.open(name, "w", force_zip64=True) as part:
            for piece in pieces:
                part.write(piece)

    def manifest(self, manifest: Manifest) -> None:
        """Write what the backup says of itself; the last part, when all is known."""
        self._archive.writestr(NAME, manifest.as_json())


@contextmanager
def write_archive(
    path: Path, recipients: Iterable[str] = (), prove: Callable[[Path], None] | None = None
) -> Iterator[Writer]:
    """Give what writes a backup; the file is there under its name when it is whole, never before.

    `prove` is handed the archive before it is sealed: whoever makes it cannot open it afterwards.

    :raises WrongKey: when a recipient is no public key.
    """
    keys = [_public(each) for each in recipients]
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_name(f".{path.name}.half")
    try:
        with (
            _own(half) as file,
            zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as archive,
        ):
            yield Writer(archive)
        if prove is not None:
            prove(half)
        if keys:
            _seal(half, half.with_suffix(".sealed"), keys).replace(half)
        _to_disk(half)
        # After the bytes are on the disk, and then the folder too: after a power cut there is the
        # whole file or none.
        half.replace(path)
        _to_disk(path.parent)
    finally:
        half.unlink(missing_ok=True)


def seal_file(path: Path, recipients: Iterable[str]) -> Path:
    """Seal a file and return what takes its place; it is gone itself.

    :raises WrongKey: when a recipient is no public key.
    """
    keys = [_public(each) for each in recipients]
    sealed = _seal(path, path.with_name(path.name + SEALED), keys)
    _to_disk(sealed)
    path.unlink()
    return sealed


def _seal(path: Path, sealed: Path, keys: list[x25519.Recipient]) -> Path:
    with path.open("rb") as plain, _own(sealed) as file:
        pyrage.encrypt_io(plain, file, keys)
    return sealed


class Reader:
    """Reads the parts of a backup; each table is held to its digest as it is read."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        try:
            self.manifest = Manifest.read(archive.read(NAME))
        except KeyError as error:
            raise NotABackup("It is no backup of siweb, or it was cut off.") from error

    def rows(self, name: str) -> Iterator[list[Any]]:
        """Yield a table's rows.

        :raises NotABackup: at the end, when they are not what was written.
        """
        (kept,) = (each for each in self.manifest.tables if each.name == name)
        digest, count = hashlib.sha256(), 0
        with self._archive.open(f"tables/{name}.jsonl") as part:
            for line in part:
                digest.update(line)
                count += 1
                yield orjson.loads(line)
        if (count, digest.hexdigest()) != (kept.rows, kept.digest):
            raise NotABackup(f"The rows of {name} are not those that were written.")

    def file(self, name: str) -> IO[bytes]:
        """Open a file that lay outside the database."""
        return self._archive.open(name)


@contextmanager
def read_archive(path: Path, identity: str | None = None) -> Iterator[Reader]:
    """Give what reads a backup; `identity` is the secret key of one that is sealed.

    :raises NotABackup: when it is none, or is damaged.
    :raises WrongKey: when it is sealed and the key is missing or another one.
    """
    with (
        path.open("rb") as file,
        TemporaryDirectory(
            # What is opened is readable and as large as the office:
            # beside the backup, not in a common /tmp.
            prefix=".restore-",
            dir=path.parent if os.access(path.parent, os.W_OK) else None,
        ) as folder,
    ):
        is_sealed = file.read(len(_HEAD_OF_ZIP)) != _HEAD_OF_ZIP
        file.seek(0)
        opened = _open_sealed(file, Path(folder), identity) if is_sealed else path
        try:
            with zipfile.ZipFile(opened) as archive:
                yield Reader(archive)
        except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError) as error:
            raise NotABackup("It is no backup of siweb, or it was cut off.") from error


def _open_sealed(file: IO[bytes], folder: Path, identity: str | None) -> Path:
    if identity is None:
        raise WrongKey("The backup is sealed: name the file of its secret key.")
    try:
        key = x25519.Identity.from_str(identity.strip())
    except pyrage.IdentityError as error:
        raise WrongKey(
            "The key is none that opens backups: it begins with AGE-SECRET-KEY-."
        ) from error
    opened = folder / "opened.zip"
    try:
        with _own(opened) as plain:
            pyrage.decrypt_io(file, plain, [key])
    except pyrage.DecryptError as error:
        raise WrongKey("The key does not open this backup, or the file is damaged.") from error
    return opened


def new_key() -> tuple[str, str]:
    """Return a new secret key for backups and its public one."""
    identity = x25519.Identity.generate()
    return str(identity), str(identity.to_public())


def _public(text: str) -> x25519.Recipient:
    try:
        return x25519.Recipient.from_str(text.strip())
    except pyrage.RecipientError as error:
        raise WrongKey(f"{text} is no public key for backups: it begins with age1.") from error


def _own(path: Path) -> IO[bytes]:
    """Open a new file that nobody else reads, whatever the umask."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC, _OWNER_ONLY)
    return os.fdopen(handle, "w+b")


def _to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
