"""Signs (线索) from other offices' lists about who draws a benefit.

A sign decides nothing: somebody looks at what may end a benefit (a death, prison), and what shows
somebody alive (a medical visit, a journey) counts only where the region's pack says so.
"""

import re
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from siweb.db.base import Base
from siweb.db.types import Month, RegionCode, word

# More digits than any key has would not fit into its column.
_REFERENCE = re.compile(r"L([0-9]{6,12})", re.ASCII)


class SignKind(StrEnum):
    DEATH = "death"
    PRISON = "prison"
    # A medical visit with presence, or a journey under one's own name: who is seen there lives.
    MEDICAL = "medical"
    TRANSPORT = "transport"

    @property
    def is_of_life(self) -> bool:
        """Return whether it shows somebody alive."""
        return self in {SignKind.MEDICAL, SignKind.TRANSPORT}


class SignState(StrEnum):
    # Somebody has to look at it; until then it changes nothing.
    OPEN = "open"
    # A certification takes it as proof.
    COUNTED = "counted"
    # Kept, but no proof: the region takes none of its kind, or the name differs.
    NOTED = "noted"
    # Somebody looked: there is nothing in it.
    UNFOUNDED = "unfounded"
    # Somebody looked, and it is so: the death is registered, or two people decided.
    CONFIRMED = "confirmed"


class SignListState(StrEnum):
    DRAFT = "draft"
    ACCEPTED = "accepted"


class SignList(Base):
    """A list of another office: what it is, how it is read, who handed it in and checked it."""

    __tablename__ = "sign_list"
    __table_args__ = (
        CheckConstraint(
            "(handed_in_by_account_id IS NULL) <> (api_token_id IS NULL)", name="handed_in_by"
        ),
        Index("ix_sign_list_region", "region_code", "handed_in_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    region_code: Mapped[str] = mapped_column(RegionCode(), ForeignKey("region.code"))
    # The office that it comes from, and the letter, which is named when the list is sent.
    source: Mapped[str] = mapped_column(String(100))
    paper: Mapped[str] = mapped_column(String(500), default="")
    file_name: Mapped[str] = mapped_column(String(200))
    # The file itself is forgotten after a while; what stands here stays.
    file_digest: Mapped[str] = mapped_column(String(64))
    # What every row is, where the list has no column for it.
    kind: Mapped[SignKind | None] = mapped_column(word(SignKind, "kind"))
    # The row of the headings, and by field its column; empty until somebody named them.
    layout: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    state: Mapped[SignListState] = mapped_column(
        word(SignListState, "state"), default=SignListState.DRAFT
    )
    rows: Mapped[int] = mapped_column(default=0)
    added: Mapped[int] = mapped_column(default=0)
    handed_in_at: Mapped[datetime]
    # Somebody at the desk, or the other office's own program; a person looks at both.
    handed_in_by_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    api_token_id: Mapped[int | None] = mapped_column(ForeignKey("api_token.id"), index=True)
    accepted_at: Mapped[datetime | None]
    checked_by_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    @property
    def reference(self) -> str:
        """Return what the list is called to its sender, and at the desk."""
        return list_reference(self.id)


def list_reference(list_id: int) -> str:
    """Return what the list with a key is called."""
    return f"L{list_id:06}"


def list_id_of(reference: str) -> int | None:
    """Return the key of the list with a reference, which may be that of none; else None."""
    found = _REFERENCE.fullmatch(reference)
    return int(found[1]) if found else None


class Sign(Base):
    """What one row says of somebody who draws a benefit; the same is kept once, whichever list."""

    __tablename__ = "sign"
    __table_args__ = (
        UniqueConstraint("region_code", "person_id", "kind", "seen_on"),
        CheckConstraint(
            "(state IN ('unfounded', 'confirmed')) = (examined_at IS NOT NULL)", name="examined"
        ),
        CheckConstraint("stopped_from_month IS NULL OR kind = 'prison'", name="stopped"),
        Index("ix_sign_person", "person_id"),
        Index(
            "ix_sign_open",
            "region_code",
            "due_on",
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    region_code: Mapped[str] = mapped_column(RegionCode(), ForeignKey("region.code"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[SignKind] = mapped_column(word(SignKind, "kind"))
    seen_on: Mapped[date]
    list_id: Mapped[int] = mapped_column(ForeignKey("sign_list.id"), index=True)
    row_number: Mapped[int]
    # What the list adds in words: the court, the hospital.
    remark: Mapped[str] = mapped_column(String(200), default="")
    # None where the list has no names.
    name_agrees: Mapped[bool | None]
    state: Mapped[SignState] = mapped_column(word(SignState, "state"))
    due_on: Mapped[date]
    recorded_at: Mapped[datetime]
    # How somebody who looked at it found it.
    words: Mapped[str] = mapped_column(String(500), default="")
    examined_at: Mapped[datetime | None]
    examined_by_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    # From which month on a benefit is not due, once the notice of it was served; and due again.
    stopped_from_month: Mapped[str | None] = mapped_column(Month())
    resumed_from_month: Mapped[str | None] = mapped_column(Month())
