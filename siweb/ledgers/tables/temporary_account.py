"""That a pension account in a region is a temporary one (国办发〔2009〕66号, Article 5)."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from siweb.db.base import Base
from siweb.db.types import RegionCode


class TemporaryAccount(Base):
    """The money is in the one individual account; this says what may happen to it."""

    __tablename__ = "temporary_account"
    __table_args__ = (
        CheckConstraint("ended_on IS NULL OR ended_on >= joined_on", name="ended_after"),
        # One of a person in a region at a time.
        Index(
            "uq_temporary_account_open",
            "person_id",
            "region_code",
            unique=True,
            sqlite_where=text("ended_on IS NULL"),
            postgresql_where=text("ended_on IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    region_code: Mapped[str] = mapped_column(RegionCode(), ForeignKey("region.code"))
    # The province of the household by its two digits (GB/T 2260), as its register said.
    household: Mapped[str] = mapped_column(String(2))
    # The day whose age decided it: the first at work here.
    joined_on: Mapped[date]
    recorded_at: Mapped[datetime]
    # When it went back with all that was in it, or was found to be none.
    ended_on: Mapped[date | None]
