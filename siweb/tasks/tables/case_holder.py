"""Who has a case of the desk at hand: shown in the queue, and needed by nobody to act."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from siweb.db.base import Base


class CaseHolder(Base):
    """One colleague a case, by the key of the row itself; who had it before is in the log.

    A row outlives its case, since only what waits is listed. What comes back to the desk, an
    assessment whose filing was withdrawn, so comes back to whoever knows it.
    """

    __tablename__ = "case_holder"
    # "Mine" is found from the person, every other view from the case.
    __table_args__ = (Index("ix_case_holder_account", "account_id", "kind"),)

    # Which kind of case, as the queues of the desk name it, and which of them.
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    key: Mapped[str] = mapped_column(String(120), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    given_by_account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    given_at: Mapped[datetime]
