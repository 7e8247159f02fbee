"""Files that were handed in, by what they were handed in as and the hash of their content."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKeyConstraint, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from siweb.db.base import Base
from siweb.db.types import word


class FileKind(StrEnum):
    """What a file was handed in as; each kind is kept for its own time."""

    SHEET = "sheet"
    STATEMENT = "statement"
    # An old system's data: kept as long as what it brought.
    BRING_IN = "bring_in"
    # Another office's list of signs: kept for the weeks in which somebody may compare it.
    SIGNS = "signs"
    # What the tax office was told to collect: kept with the bills that it is about.
    TAX_OFFICE = "tax_office"
    # Scanned papers: kept as long as the deeds that rest on them.
    EVIDENCE = "evidence"
    # Scans whose form was shown again: for the days until it is sent.
    EVIDENCE_DRAFT = "evidence_draft"


class KeptFile(Base):
    """One content, however often it is handed in."""

    __tablename__ = "kept_file"

    kind: Mapped[FileKind] = mapped_column(word(FileKind, "kind"), primary_key=True)
    # SHA-256 of the content, in hex.
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    size: Mapped[int]
    # When it was last handed in: from then on its time runs.
    kept_at: Mapped[datetime]


class KeptFilePiece(Base):
    """A megabyte of a file, where the database itself keeps them; sealed with the field key."""

    __tablename__ = "kept_file_piece"
    __table_args__ = (
        ForeignKeyConstraint(["kind", "digest"], ["kept_file.kind", "kept_file.digest"]),
    )

    kind: Mapped[FileKind] = mapped_column(word(FileKind, "kind"), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    content: Mapped[bytes] = mapped_column(LargeBinary())
