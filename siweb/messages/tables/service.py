"""Services (送达): how a message that the law gives effect only once it was served was served.

One row for each time that somebody tried. An e-mail or a text message has none: that one went out,
or did not, serves nothing.
"""

from datetime import date
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from siweb.db.base import Base
from siweb.db.types import RegionCode, word

_MESSAGE = ("region_code", "kind", "subject", "notified_on", "reader_id")


class Way(StrEnum):
    # Its reader opened it in the inbox, signed in.
    OPENED = "opened"
    HANDED_OVER = "handed_over"
    # Refused, and left there before witnesses or filmed (留置送达).
    LEFT = "left"
    POSTED = "posted"
    # Served once its public period is over, and only after another way failed (公告送达).
    PUBLISHED = "published"


class Failure(StrEnum):
    """Why a way failed."""

    NOT_FOUND = "not_found"
    ABSENT = "absent"
    RETURNED = "returned"


class MessageService(Base):
    """Never changed: what was recorded wrongly is followed by what is right."""

    __tablename__ = "message_service"
    __table_args__ = (
        ForeignKeyConstraint(
            _MESSAGE,
            [f"message.{name}" for name in _MESSAGE],
            # All columns in a name are more than PostgreSQL keeps.
            name="fk_message_service_message",
        ),
        CheckConstraint("(served_on IS NULL) = (failure IS NOT NULL)", name="served_or_failed"),
        CheckConstraint("served_on >= done_on", name="day_order"),
        CheckConstraint(
            "failure IS NULL OR way IN ('handed_over', 'left', 'posted')", name="may_fail"
        ),
        CheckConstraint("way = 'opened' OR paper <> ''", name="has_paper"),
        CheckConstraint("(way = 'posted') = (tracking_number <> '')", name="tracked"),
        # Why and how it failed is kept with it: publishing rests on that.
        CheckConstraint("failure IS NULL OR words <> ''", name="says_why"),
        Index("ix_message_service_message", *_MESSAGE),
        Index(
            "uq_message_service_opened",
            *_MESSAGE,
            unique=True,
            sqlite_where=text("way = 'opened'"),
            postgresql_where=text("way = 'opened'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    region_code: Mapped[str] = mapped_column(RegionCode())
    kind: Mapped[str] = mapped_column(String(32))
    subject: Mapped[str] = mapped_column(String(64))
    notified_on: Mapped[date]
    reader_id: Mapped[int]
    way: Mapped[Way] = mapped_column(word(Way, "way"))
    # The day it was opened, handed over, received or published, or on which that failed.
    done_on: Mapped[date]
    # From which day on it is served; days run from it.
    served_on: Mapped[date | None]
    failure: Mapped[Failure | None] = mapped_column(word(Failure, "failure"))
    tracking_number: Mapped[str] = mapped_column(String(40), default="")
    # The return of service (送达回证), receipt or newspaper: what it is, number and day.
    paper: Mapped[str] = mapped_column(String(500), default="")
    words: Mapped[str] = mapped_column(String(500), default="")
    recorded_on: Mapped[date]
    recorded_by_account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
