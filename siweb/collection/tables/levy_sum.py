"""What the batches of a levy came to by payer and insurance."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from siweb.db.base import CLUSTERED, Base
from siweb.db.codes import code, is_listed
from siweb.db.types import Fen, Month
from siweb.registry.codes import Insurance

NOBODY = 0
"""The employer of who pays alone, and the person where an employer pays: part of a key."""


class LevySum(Base):
    """The sums of one batch's records for a payer and insurance, written with them.

    A payer whose people are of several batches has several rows; nothing is added to one.
    """

    __tablename__ = "levy_sum"
    __table_args__ = CLUSTERED

    levy_run_id: Mapped[int] = mapped_column(ForeignKey("levy_run.id"), primary_key=True)
    # The batch: the last id of its people.
    through_person_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    employer_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    person_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    insurance: Mapped[Insurance] = mapped_column(
        code(Insurance, "insurance"), is_listed("insurance"), primary_key=True
    )
    headcount: Mapped[int]
    # The payer's people of the batch, on one of its rows: the rows of a payer add up to them.
    new_heads: Mapped[int]
    records: Mapped[int]
    last_month: Mapped[str] = mapped_column(Month())
    base_fen: Mapped[int] = mapped_column(Fen())
    employer_fen: Mapped[int] = mapped_column(Fen())
    employee_fen: Mapped[int] = mapped_column(Fen())
