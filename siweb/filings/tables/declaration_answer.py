"""What employees say to what was declared about them (申报缴纳管理规定 5): agree, or object."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from siweb.db.base import Base
from siweb.db.types import RegionCode
from siweb.filings.tables.filing_row import KEY, of_row


class DeclarationAnswer(Base):
    """Rows are only added; the newest one of a row of a filing counts."""

    __tablename__ = "declaration_answer"
    __table_args__ = (
        of_row("declaration_answer"),
        Index("ix_declaration_answer_row", *KEY),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    filing_id: Mapped[int]
    position: Mapped[int]
    region_code: Mapped[str] = mapped_column(RegionCode())
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    agrees: Mapped[bool]
    words: Mapped[str] = mapped_column(String(500), default="")
    answered_at: Mapped[datetime]
