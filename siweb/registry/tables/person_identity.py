"""ID numbers of people: the only table that holds them, sealed.

Everything else names a person by the register's key. A number is found by its digest, which only
the holder of the digest key can make; the last four characters have one of their own.
"""

from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from siweb.db.base import Base, prove_by_statement
from siweb.db.sealing.columns import Sealed
from siweb.db.sealing.field_keys import DIGEST_LENGTH, END_LENGTH, end_digest, number_digest


class PersonIdentity(Base):
    __tablename__ = "person_identity"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    number: Mapped[str] = mapped_column(Sealed())
    digest: Mapped[str] = mapped_column(String(DIGEST_LENGTH), unique=True)
    end_digest: Mapped[str] = mapped_column(String(END_LENGTH))


prove_by_statement(PersonIdentity.__table__)


def identity_values(number: str) -> dict[str, Any]:
    """Return the columns that hold a number: sealed, and its two digests."""
    return {"number": number, "digest": number_digest(number), "end_digest": end_digest(number)}
