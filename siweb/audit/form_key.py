"""Forms that were acted on: each key is claimed once, whoever sends the form again."""

from datetime import datetime, timedelta

from sqlalchemy import String, delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from siweb.db.base import CLUSTERED, Base

# A sign-in ends within a day, and its forms with it: whoever comes later is shown new ones.
FORM_KEYS_KEPT = timedelta(days=30)


class FormKey(Base):
    __tablename__ = "form_key"
    __table_args__ = CLUSTERED

    # A hash of the key that the page gave its form, of the address and of who sent it.
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    claimed_at: Mapped[datetime]


def claim_form(session: Session, key: str, *, at: datetime) -> bool:
    """Claim a form's key in the transaction of its action; False when it was acted on before.

    Two that come at the same moment wait for one another: the second finds what the first
    committed, or acts where the first was refused and rolled back.
    """
    is_postgresql = session.get_bind().dialect.name == "postgresql"
    insert = postgresql.insert if is_postgresql else sqlite.insert
    claimed = session.execute(
        insert(FormKey)
        .values(key=key, claimed_at=at)
        .on_conflict_do_nothing()
        .returning(FormKey.key)
    )
    return claimed.first() is not None


def forget_form_keys(session: Session, *, at: datetime) -> int:
    """Delete the keys of forms that nobody can send again; return how many."""
    old = delete(FormKey).where(FormKey.claimed_at < at - FORM_KEYS_KEPT).returning(FormKey.key)
    return len(session.execute(old).all())
