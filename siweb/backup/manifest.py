"""What a backup says of itself: its version, its tables, and what they held to the byte."""

from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Self

import orjson

from siweb.backup.values import Form

NAME = "manifest.json"
# Raised when a later version writes what this one could not read.
_FORMAT = 1


class NotABackup(ValueError):
    """A file is no backup, or not whole; the message says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class TableInBackup:
    """A table: its columns with the form of their values, and how many rows it held."""

    name: str
    columns: tuple[tuple[str, Form], ...]
    rows: int
    # SHA-256 over the written rows.
    digest: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """`revision` is the schema's: a later version brings the tables up from there."""

    version: str
    revision: str
    database: str
    made_at: datetime
    tables: tuple[TableInBackup, ...]
    # Names of the files that lay outside the database, and of the secrets.
    files: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()
    format: int = field(default=_FORMAT)

    def as_json(self) -> bytes:
        """Return the manifest as it stands in the backup."""
        return orjson.dumps(asdict(self), option=orjson.OPT_INDENT_2)

    @classmethod
    def read(cls, text: bytes) -> Self:
        """Return what a backup says of itself.

        :raises NotABackup: when it says nothing that this version understands.
        """
        try:
            found: dict[str, Any] = orjson.loads(text)
            if found["format"] > _FORMAT:
                raise NotABackup(
                    f"A later version made it (siweb {found['version']}): restore it with that one."
                )
            tables = tuple(
                TableInBackup(
                    each["name"],
                    tuple((name, Form(form)) for name, form in each["columns"]),
                    each["rows"],
                    each["digest"],
                )
                for each in found["tables"]
            )
            return cls(
                found["version"],
                found["revision"],
                found["database"],
                datetime.fromisoformat(found["made_at"]),
                tables,
                tuple(found["files"]),
                tuple(found["secrets"]),
            )
        except (KeyError, TypeError, orjson.JSONDecodeError) as error:
            raise NotABackup("It says nothing of itself that can be read.") from error
