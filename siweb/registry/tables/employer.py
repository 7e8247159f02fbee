"""Employers (用人单位), keyed by their unified social credit code, and their injury rates."""

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from siweb.clock import OFFICE_ZONE
from siweb.db.base import Base
from siweb.db.types import Month, RegionCode, word
from siweb.registry.codes import EmployerStatus


class Employer(Base):
    __tablename__ = "employer"
    __table_args__ = (
        CheckConstraint("injury_class BETWEEN 1 AND 8", name="injury_class"),
        CheckConstraint("injury_tier_ppm > 0", name="injury_tier"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uscc: Mapped[str] = mapped_column(String(18), unique=True)
    name: Mapped[str] = mapped_column(String(200), index=True)
    region_code: Mapped[str] = mapped_column(RegionCode(), ForeignKey("region.code"), index=True)
    kind: Mapped[str] = mapped_column(String(24))
    industry_code: Mapped[str] = mapped_column(String(8))
    # Work-injury class by industry and its tier (1,000,000 = 100 %) until the agency decides one.
    injury_class: Mapped[int]
    injury_tier_ppm: Mapped[int] = mapped_column(default=1_000_000)
    address: Mapped[str | None] = mapped_column(String(200))
    phone: Mapped[str | None] = mapped_column(String(30))
    legal_representative: Mapped[str | None] = mapped_column(String(100))
    # Where it does business, when that is not the registered address.
    business_address: Mapped[str | None] = mapped_column(String(200))
    email: Mapped[str | None] = mapped_column(String(254))
    # Who handles social insurance there, to be called by the agency.
    handler_name: Mapped[str | None] = mapped_column(String(100))
    handler_phone: Mapped[str | None] = mapped_column(String(30))
    bank_name: Mapped[str | None] = mapped_column(String(100))
    bank_account: Mapped[str | None] = mapped_column(String(40))
    established_on: Mapped[date]
    # The insurances it joined; None means all of them.
    insurances: Mapped[list[str] | None] = mapped_column(JSON)
    # The last day to register (SIL 57), and the agency's last day to look at it.
    registration_due_on: Mapped[date | None]
    review_due_on: Mapped[date | None]
    reviewed_on: Mapped[date | None]
    cancelled_on: Mapped[date | None]
    status: Mapped[EmployerStatus] = mapped_column(
        word(EmployerStatus, "status"), default=EmployerStatus.ACTIVE
    )
    registered_at: Mapped[datetime]

    @property
    def is_provisional(self) -> bool:
        """Return whether it registered itself and nobody has looked at that yet (SIL 57)."""
        return self.review_due_on is not None and self.reviewed_on is None

    @property
    def was_registered_late(self) -> bool:
        """Return whether it registered after its last day; that is accepted and told."""
        due_on = self.registration_due_on
        return due_on is not None and self.registered_at.astimezone(OFFICE_ZONE).date() > due_on


class InjuryRate(Base):
    """What the agency decided of an employer's rate for work injury: a row a decision, only added.

    The class follows the industry, the tier what the employer's accidents cost (SIL 34, 35;
    人社部发〔2015〕71号); both hold from a month on. Before the first decision the class of the
    industry holds, which stands with the employer.
    """

    __tablename__ = "injury_rate"
    __table_args__ = (
        CheckConstraint("injury_class BETWEEN 1 AND 8", name="injury_class"),
        CheckConstraint("injury_tier_ppm > 0", name="injury_tier"),
        CheckConstraint("decision_number > 0", name="decision_number"),
        {"sqlite_with_rowid": False},
    )

    employer_id: Mapped[int] = mapped_column(ForeignKey("employer.id"), primary_key=True)
    from_month: Mapped[str] = mapped_column(Month(), primary_key=True)
    # The latest of a month holds: a wrong decision is followed by a right one.
    decision_number: Mapped[int] = mapped_column(SmallInteger(), primary_key=True)
    region_code: Mapped[str] = mapped_column(RegionCode(), ForeignKey("region.code"))
    injury_class: Mapped[int] = mapped_column(SmallInteger())
    # 1,000,000 is the whole rate of the class.
    injury_tier_ppm: Mapped[int]
    basis: Mapped[str] = mapped_column(String(500))
    decided_on: Mapped[date]
    recorded_at: Mapped[datetime]
    # No keys: accounts live in a room above.
    made_by_account_id: Mapped[int]
    checked_by_account_id: Mapped[int]
