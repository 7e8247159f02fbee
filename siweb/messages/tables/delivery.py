"""Deliveries: a message on its way by e-mail or text message, and how that ended."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import (
    CheckConstraint,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    SmallInteger,
    String,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from siweb.db.base import CLUSTERED, Base
from siweb.db.types import RegionCode, word
from siweb.messages.gateways.gateway import Channel

_MESSAGE = ("region_code", "kind", "subject", "notified_on", "reader_id")


class DeliveryState(StrEnum):
    QUEUED = "queued"
    # Accepted by the other side; that somebody read it is another fact.
    DELIVERED = "delivered"
    FAILED = "failed"


class MessageDelivery(Base):
    """The address is looked up when it is sent, and kept nowhere here."""

    __tablename__ = "message_delivery"
    __table_args__ = (
        ForeignKeyConstraint(
            _MESSAGE,
            [f"message.{name}" for name in _MESSAGE],
            # All columns in a name are more than PostgreSQL keeps.
            name="fk_message_delivery_message",
        ),
        CheckConstraint("attempts >= 0", name="attempts"),
        CheckConstraint("(state = 'delivered') = (delivered_at IS NOT NULL)", name="delivered"),
        Index(
            "ix_message_delivery_queued",
            "next_try_at",
            sqlite_where=text("state = 'queued'"),
            postgresql_where=text("state = 'queued'"),
        ),
        CLUSTERED,
    )

    region_code: Mapped[str] = mapped_column(RegionCode(), primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(32), primary_key=True)
    subject: Mapped[str] = mapped_column(String(64), primary_key=True)
    notified_on: Mapped[date] = mapped_column(Date(), primary_key=True)
    reader_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    channel: Mapped[Channel] = mapped_column(word(Channel, "channel", 8), primary_key=True)
    state: Mapped[DeliveryState] = mapped_column(
        word(DeliveryState, "state"), default=DeliveryState.QUEUED
    )
    attempts: Mapped[int] = mapped_column(SmallInteger(), default=0)
    next_try_at: Mapped[datetime]
    delivered_at: Mapped[datetime | None]
    # Why the last attempt failed: a word of the gateway, nothing personal.
    failure: Mapped[str | None] = mapped_column(String(24))


class MessageChoice(Base):
    """In which language and by what a person wants to be told; the inbox has everything anyway."""

    __tablename__ = "message_choice"
    __table_args__ = (
        CheckConstraint("channel IN ('email', 'sms', 'inbox')", name="channel"),
        CheckConstraint("language IN ('zh_Hans', 'en')", name="language"),
        CLUSTERED,
    )

    person_id: Mapped[int] = mapped_column(
        ForeignKey("person.id"), primary_key=True, autoincrement=False
    )
    language: Mapped[str] = mapped_column(String(8))
    # 'inbox': neither e-mail nor text message.
    channel: Mapped[str] = mapped_column(String(8))
    changed_at: Mapped[datetime]
