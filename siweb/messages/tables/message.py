"""Messages (消息): one row for each thing that somebody was told, whoever else was told of it.

A row says of what kind it is, what it is about and where that waits; its words come from the kind
when it is read. No ID number and no amount is kept here or sent anywhere.
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, false, text
from sqlalchemy.orm import Mapped, mapped_column

from siweb.db.base import CLUSTERED, Base
from siweb.db.types import RegionCode


class Message(Base):
    """Of one kind about one subject there is one message a day: told twice is told once."""

    __tablename__ = "message"
    __table_args__ = (
        CheckConstraint("(person_id IS NULL) <> (employer_id IS NULL)", name="one_reader"),
        CheckConstraint("reader_id = coalesce(person_id, employer_id)", name="reader"),
        CheckConstraint("(read_at IS NULL) = (read_by_account_id IS NULL)", name="who_read"),
        Index("ix_message_person", "person_id", "made_at"),
        Index("ix_message_employer", "employer_id", "made_at"),
        # What still has to go out by e-mail or text message.
        Index(
            "ix_message_uncarried",
            "made_at",
            sqlite_where=text("carried_at IS NULL"),
            postgresql_where=text("carried_at IS NULL"),
        ),
        Index(
            "ix_message_awaits_service",
            "region_code",
            "made_at",
            sqlite_where=text("awaits_service = 1"),
            postgresql_where=text("awaits_service"),
        ),
        CLUSTERED,
    )

    region_code: Mapped[str] = mapped_column(
        RegionCode(), ForeignKey("region.code"), primary_key=True, autoincrement=False
    )
    # A name of `siweb.messages.kinds.by_name.KINDS`, which says as well whether a person or an
    # employer reads it: within a kind the reader's number is enough.
    kind: Mapped[str] = mapped_column(String(32), primary_key=True)
    # What it is about, as "review-17".
    subject: Mapped[str] = mapped_column(String(64), primary_key=True)
    # The day it was told; for a reminder the day it was due, whenever it was made.
    notified_on: Mapped[date] = mapped_column(Date(), primary_key=True)
    reader_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    employer_id: Mapped[int | None] = mapped_column(ForeignKey("employer.id"))
    # The day that its words name: the last day, the end of a mandate.
    until_on: Mapped[date | None]
    made_at: Mapped[datetime]
    # When it was settled by which channels it goes out besides the inbox.
    carried_at: Mapped[datetime | None]
    # Nobody served it yet, and nothing that serves it runs: rows of `message_service` say how.
    awaits_service: Mapped[bool] = mapped_column(default=False, server_default=false())
    # When its reader opened it, and on which sign-in.
    read_at: Mapped[datetime | None]
    read_by_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
