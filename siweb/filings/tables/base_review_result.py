"""What a yearly base declaration came to for one employer, as counted after its last day."""

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from siweb.db.base import Base


class BaseReviewResult(Base):
    """Kept once for every employer that was asked; what is declared later is another matter.

    Its employees are counted by where the base of each stood.
    """

    __tablename__ = "base_review_result"
    __table_args__ = (
        CheckConstraint(
            "undeclared >= 0 AND objected >= 0 AND silent >= 0 AND confirmed >= 0", name="counts"
        ),
    )

    campaign_id: Mapped[int] = mapped_column(
        ForeignKey("campaign.id"), primary_key=True, autoincrement=False
    )
    employer_id: Mapped[int] = mapped_column(
        ForeignKey("employer.id"), primary_key=True, autoincrement=False
    )
    # In time for anybody at all: what the law asks of an employer (SIL 62).
    has_declared: Mapped[bool]
    undeclared: Mapped[int]
    objected: Mapped[int]
    silent: Mapped[int]
    confirmed: Mapped[int]
