"""What a program was answered under an Idempotency-Key: asked again, it gets the same."""

import hashlib
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ForeignKey,
    Index,
    SmallInteger,
    String,
    UniqueConstraint,
    delete,
    select,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from siweb.db.base import Base
from siweb.db.sealing.columns import SealedDocument

KEPT_FOR = timedelta(hours=24)


class ApiAnswer(Base):
    __tablename__ = "api_answer"
    __table_args__ = (
        # Of two requests at the same moment one fails here, so that neither is done twice.
        UniqueConstraint("api_token_id", "idempotency_key"),
        Index("ix_api_answer_answered_at", "answered_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    api_token_id: Mapped[int] = mapped_column(ForeignKey("api_token.id"))
    idempotency_key: Mapped[str] = mapped_column(String(100))
    request_hash: Mapped[str] = mapped_column(String(64))
    status: Mapped[int] = mapped_column(SmallInteger())
    # It may name people: it is for its program alone.
    body: Mapped[dict[str, Any]] = mapped_column(SealedDocument())
    answered_at: Mapped[datetime]


def hash_of(method: str, path: str, body: bytes) -> str:
    """Return the hash by which a request is the same request; `path` has the query behind it."""
    # Divided by a byte that no method or path has: no two requests run together to one text.
    return hashlib.sha256(b"\0".join((method.encode(), path.encode(), body))).hexdigest()


def answer_before(session: Session, token_id: int, key: str) -> ApiAnswer | None:
    """Return what was answered under a key of a token."""
    return session.scalar(
        select(ApiAnswer).where(
            ApiAnswer.api_token_id == token_id, ApiAnswer.idempotency_key == key
        )
    )


def forget_answers(session: Session, *, at: datetime) -> None:
    """Forget what was answered a day ago and before."""
    session.execute(delete(ApiAnswer).where(ApiAnswer.answered_at < at - KEPT_FOR))
