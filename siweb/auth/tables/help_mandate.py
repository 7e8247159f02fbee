"""Mandates between people (帮办授权): what one may do for another who agreed, and until when.

A code that its giver made is kept as a digest; what a helper of a community holds ends with the
appointment that it rests on.
"""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from siweb.db.base import Base
from siweb.db.types import RegionCode, WordSet, word


class HelpKind(StrEnum):
    """What a helper may do; none of them holds another."""

    CERTIFICATION = "certification"
    RECORD_CHECK = "record_check"
    BASE_CHOICE = "base_choice"
    MEDICAL_STATUS = "medical_status"
    RECORD = "record"
    PAPERS = "papers"


# Room for every kind at once, and for some to come.
_ALL_KINDS = 120


class HelpBasis(StrEnum):
    """On what a mandate rests."""

    # The person made a code in their own account and gave it to the helper.
    CODE = "code"
    # A form that the person signed, entered at the counter.
    PAPER = "paper"
    # A court or a committee named the guardian (Civil Code 31, 32).
    GUARDIANSHIP = "guardianship"


class CommunityHelper(Base):
    """That the office appointed somebody to help people of a region, for an organisation."""

    __tablename__ = "community_helper"
    __table_args__ = (
        CheckConstraint("until_on >= from_on", name="until_after_from"),
        # One appointment of a person in a region at a time.
        Index(
            "uq_community_helper_open",
            "person_id",
            "region_code",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    region_code: Mapped[str] = mapped_column(RegionCode(), ForeignKey("region.code"))
    # The residents' committee or station that the helper works for.
    organisation: Mapped[str] = mapped_column(String(60))
    from_on: Mapped[date]
    until_on: Mapped[date]
    appointed_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class HelpMandate(Base):
    """Never changed but by its end: another kind or time is another row."""

    __tablename__ = "help_mandate"
    __table_args__ = (
        CheckConstraint("kinds <> ''", name="kinds"),
        CheckConstraint("until_on >= from_on", name="until_after_from"),
        Index("ix_help_mandate_person", "person_id", "granted_at"),
        # One mandate of a helper for a person at a time.
        Index(
            "uq_help_mandate_open",
            "helper_account_id",
            "person_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    # Stands in the addresses of what is done for the person: no number of theirs does.
    reference: Mapped[str] = mapped_column(String(24), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    helper_account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    kinds: Mapped[frozenset[HelpKind]] = mapped_column(WordSet(HelpKind, _ALL_KINDS))
    basis: Mapped[HelpBasis] = mapped_column(word(HelpBasis, "basis"))
    # For a helper of a community: without that appointment it opens nothing.
    community_helper_id: Mapped[int | None] = mapped_column(ForeignKey("community_helper.id"))
    from_on: Mapped[date]
    # The last day; there is no mandate without one.
    until_on: Mapped[date]
    granted_at: Mapped[datetime]
    # None also where it ran out by its last day.
    ended_at: Mapped[datetime | None]
    # None where a death or a joined registration ended it.
    ended_by_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


class HelpCode(Base):
    """A code that a person made for one helper, whom they named; good once, for a day."""

    __tablename__ = "help_code"
    __table_args__ = (
        CheckConstraint("kinds <> ''", name="kinds"),
        Index("ix_help_code_person", "person_id", "made_at"),
        # Eight digits: two people may have the same one, told apart by the helper they named.
        Index("ix_help_code_hash", "code_hash"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(24), unique=True)
    code_hash: Mapped[str] = mapped_column(String(64))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    # A code that a stranger overheard opens nothing under the stranger's own name.
    helper_name: Mapped[str] = mapped_column(String(100))
    kinds: Mapped[frozenset[HelpKind]] = mapped_column(WordSet(HelpKind, _ALL_KINDS))
    until_on: Mapped[date]
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    # Also when its giver took it back: either way it is over.
    used_at: Mapped[datetime | None]
