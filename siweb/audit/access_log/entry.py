"""One line of the access log: a person's data were shown to somebody else on one day."""

from datetime import date, datetime

from sqlalchemy import BigInteger, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from siweb.db.base import CLUSTERED, Base


class AccessLogEntry(Base):
    """Counted by day: who opens a page ten times, or exports a roster daily, adds no ten lines.

    The keys point at rows of the office's own database, but are no foreign keys: on SQLite the log
    is a file of its own, which no other writing can hold up.
    """

    __tablename__ = "access_log_entry"
    __table_args__ = CLUSTERED

    # Whose data. It leads the key: the one question asked is who looked at mine.
    person_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    on_day: Mapped[date] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    # The employer acted for; 0 for none.
    employer_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    function: Mapped[str] = mapped_column(String(16), primary_key=True)
    reason: Mapped[str] = mapped_column(String(32), primary_key=True)
    channel: Mapped[str] = mapped_column(String(16), primary_key=True)
    # The office of a member of staff; empty for others.
    region_code: Mapped[str] = mapped_column(String(6))
    times: Mapped[int] = mapped_column(Integer)
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]
