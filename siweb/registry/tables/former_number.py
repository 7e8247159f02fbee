"""ID numbers that were replaced for the same person: sealed, and still leading to that person.

Also 15 digits that became 18, or an earlier permit of a foreigner. A number that was never the
person's is kept nowhere: it may be somebody else's.

Whom a number leads to is asked here, by its digest, which only the office can make: whose it is
now, or was; of somebody who was registered twice it is the key that stands.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    ForeignKey,
    Index,
    Select,
    SmallInteger,
    String,
    exists,
    func,
    or_,
    select,
    text,
    union_all,
)
from sqlalchemy.orm import Mapped, mapped_column

from siweb.db.base import CLUSTERED, Base
from siweb.db.sealing.columns import Sealed
from siweb.db.sealing.field_keys import DIGEST_LENGTH, END_LENGTH
from siweb.registry.tables.person_alias import PersonAlias
from siweb.registry.tables.person_identity import PersonIdentity


class FormerNumber(Base):
    __tablename__ = "former_number"
    __table_args__ = (
        # Of those in force a number is one person's, as in `person_identity`.
        Index(
            "uq_former_number_digest",
            "digest",
            unique=True,
            sqlite_where=text("freed_at IS NULL"),
            postgresql_where=text("freed_at IS NULL"),
        ),
        CLUSTERED,
    )

    person_id: Mapped[int] = mapped_column(
        ForeignKey("person.id"), primary_key=True, autoincrement=False
    )
    sequence: Mapped[int] = mapped_column(SmallInteger(), primary_key=True, autoincrement=False)
    number: Mapped[str] = mapped_column(Sealed())
    digest: Mapped[str] = mapped_column(String(DIGEST_LENGTH))
    end_digest: Mapped[str] = mapped_column(String(END_LENGTH))
    replaced_at: Mapped[datetime]
    # Since when it leads nowhere: it is the present number again, or proved to be another's.
    freed_at: Mapped[datetime | None]


_STILL_LEADS = FormerNumber.freed_at.is_(None)


def keys_of_digests(
    is_asked: Callable[[Any], ColumnElement[bool]], *, as_registered: bool = False
) -> CompoundSelect[Any]:
    """Return the question for whom numbers lead to: the key and the digest of each.

    `is_asked` gives the condition on a column of digests. With `as_registered` the key is that of
    the registration which has the number, also where it was joined with another.
    """
    now, then = (
        select(table.person_id.label("person_id")) if as_registered else _keys_of(table)
        for table in (PersonIdentity, FormerNumber)
    )
    return union_all(
        now.add_columns(PersonIdentity.digest).where(is_asked(PersonIdentity.digest)),
        then.add_columns(FormerNumber.digest).where(is_asked(FormerNumber.digest), _STILL_LEADS),
    )


def person_digested(digest: Any) -> ColumnElement[int]:
    """Return the id of the person whose number has a digest, a value or a column of a statement."""
    now = _keys_of(PersonIdentity).where(PersonIdentity.digest == digest)
    then = _keys_of(FormerNumber).where(FormerNumber.digest == digest, _STILL_LEADS)
    return func.coalesce(now.scalar_subquery(), then.scalar_subquery())


def is_somebodys(digest: Any) -> ColumnElement[bool]:
    """Return the condition that a number is or was somebody's, by its digest."""
    return or_(
        exists().where(PersonIdentity.digest == digest),
        exists().where(FormerNumber.digest == digest, _STILL_LEADS),
    )


def _keys_of(table: Any) -> Select[int]:
    """Return the key that stands, also for a number that was found to be somebody's other one."""
    return select(
        func.coalesce(PersonAlias.person_id, table.person_id).label("person_id")
    ).outerjoin_from(table, PersonAlias, PersonAlias.former_id == table.person_id)
