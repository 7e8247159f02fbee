"""How often somebody who insures themselves pays: what they chose, and when."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from siweb.db.base import Base
from siweb.db.types import word
from siweb.rules.calendar.pay_periods import Every


class PayRhythm(Base):
    """Rows are only added: the newest of a person holds for bills that come after it.

    Nobody's is "month", as it is for whoever never chose.
    """

    __tablename__ = "pay_rhythm"
    __table_args__ = (Index("ix_pay_rhythm_person", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    every: Mapped[Every] = mapped_column(word(Every, "every", 8))
    chosen_at: Mapped[datetime]
