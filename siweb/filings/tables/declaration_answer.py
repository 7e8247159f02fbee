"""What employees say to what was declared about them (申报缴纳管理规定 5): agree, or object."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from siweb.db.base import Base


class DeclarationAnswer(Base):
    """Rows are only added; the newest one of a row of a filing counts."""

    __tablename__ = "declaration_answer"
    __table_args__ = (Index("ix_declaration_answer_row", "filing_row_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    filing_row_id: Mapped[int] = mapped_column(ForeignKey("filing_row.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    agrees: Mapped[bool]
    words: Mapped[str] = mapped_column(String(500), default="")
    answered_at: Mapped[datetime]
