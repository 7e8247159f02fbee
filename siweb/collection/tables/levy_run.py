"""Levy runs (征缴核定): the monthly computation of what is due in a region.

A run is worked through in batches; nothing of it counts until it is issued, all at once.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, SmallInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from siweb.db.base import CLUSTERED, Base
from siweb.db.codes import code, is_listed
from siweb.db.types import Fen, Month, RegionCode, is_month, word
from siweb.registry.codes import Insurance, Scheme


class LevyKind(StrEnum):
    REGULAR = "regular"
    ADJUSTMENT = "adjustment"
    # Only says what would be billed.
    PREVIEW = "preview"


class LevyState(StrEnum):
    COMPUTING = "computing"
    SHOWN = "shown"
    ISSUED = "issued"
    CANCELLED = "cancelled"


class LevyRun(Base):
    __tablename__ = "levy_run"
    __table_args__ = (
        CheckConstraint(is_month("contribution_month"), name="month_shape"),
        CheckConstraint("through_month >= contribution_month", name="month_order"),
        # A second run of a month bills what was not billed yet, under the next sequence.
        UniqueConstraint("region_code", "contribution_month", "kind", "sequence"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    region_code: Mapped[str] = mapped_column(RegionCode(), ForeignKey("region.code"))
    # The months it is about; a regular run is about one.
    contribution_month: Mapped[str] = mapped_column(Month())
    through_month: Mapped[str] = mapped_column(Month())
    kind: Mapped[LevyKind] = mapped_column(word(LevyKind, "kind"))
    sequence: Mapped[int] = mapped_column(SmallInteger())
    state: Mapped[LevyState] = mapped_column(word(LevyState, "state"), index=True)
    # What was known of the law on this day is what was applied.
    as_of: Mapped[date]
    due_on: Mapped[date]
    late_fee_waived_until: Mapped[date | None]
    # The batches up to this person are in; a run that was killed goes on from here.
    done_through_person_id: Mapped[int] = mapped_column(default=0)
    totals: Mapped[dict[str, Any]] = mapped_column(JSON)
    # By month of an adjustment: its own due day, until when its base was declared in time, and the
    # insurances that it was billed without since their rate was not known.
    month_facts: Mapped[dict[str, dict[str, Any]]] = mapped_column(
        JSON, default=dict, server_default="{}"
    )
    # Figures whose notice is missing, as `levy.provisional` lists them: bills say so.
    provisional: Mapped[list[dict[str, Any]]] = mapped_column(
        JSON, default=list, server_default="[]"
    )
    # Whose record it corrects; an adjustment without anybody is about the whole region.
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    # Why an adjustment is made, as its bills say.
    reason: Mapped[str | None] = mapped_column(String(500))
    started_at: Mapped[datetime]
    started_by_account_id: Mapped[int | None]
    issued_at: Mapped[datetime | None]


class LevyTerm(Base):
    """The parameters that a run used, kept with it: a bill can be explained years later."""

    __tablename__ = "levy_term"
    __table_args__ = (
        UniqueConstraint(
            "levy_run_id",
            "insurance",
            "scheme",
            "injury_class",
            "injury_tier_ppm",
            "contribution_month",
            name="uq_levy_term",
        ),
        CheckConstraint("base_ceiling_fen >= base_floor_fen", name="floor_below_ceiling"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    levy_run_id: Mapped[int] = mapped_column(ForeignKey("levy_run.id"))
    contribution_month: Mapped[str] = mapped_column(Month())
    insurance: Mapped[Insurance] = mapped_column(
        code(Insurance, "insurance"), is_listed("insurance")
    )
    scheme: Mapped[Scheme] = mapped_column(code(Scheme, "scheme"), is_listed("scheme"))
    # 0 for the insurances whose rate is the same for every employer.
    injury_class: Mapped[int] = mapped_column(SmallInteger(), default=0)
    injury_tier_ppm: Mapped[int] = mapped_column(default=0)
    base_floor_fen: Mapped[int] = mapped_column(Fen())
    base_ceiling_fen: Mapped[int] = mapped_column(Fen())
    employer_ppm: Mapped[int]
    employee_ppm: Mapped[int]
    account_ppm: Mapped[int]
    employer_addition_fen: Mapped[int] = mapped_column(Fen(), default=0)
    employee_addition_fen: Mapped[int] = mapped_column(Fen(), default=0)
    rounding: Mapped[str] = mapped_column(String(16))
    scope: Mapped[str] = mapped_column(String(16))
    # {"base_floor": {"key": ..., "notice": ..., "published_on": ...}, ...}
    sources: Mapped[dict[str, Any]] = mapped_column(JSON)


class LevyEmployer(Base):
    """An employer whose people a run is about, at the risk that it is billed for.

    Kept when the run begins: a class that changes meanwhile is the next run's.
    """

    __tablename__ = "levy_employer"
    __table_args__ = CLUSTERED

    levy_run_id: Mapped[int] = mapped_column(ForeignKey("levy_run.id"), primary_key=True)
    contribution_month: Mapped[str] = mapped_column(Month(), primary_key=True)
    employer_id: Mapped[int] = mapped_column(ForeignKey("employer.id"), primary_key=True)
    injury_class: Mapped[int] = mapped_column(SmallInteger())
    injury_tier_ppm: Mapped[int]
    # The employer is done when the run is past this person.
    last_person_id: Mapped[int]
    # How many there were when the run began; one for each person and insurance.
    enrolments: Mapped[int]


class LevyPreview(Base):
    """What a preview came to, per payer and insurance; people who pay alone are payer 0."""

    __tablename__ = "levy_preview"
    __table_args__ = CLUSTERED

    levy_run_id: Mapped[int] = mapped_column(ForeignKey("levy_run.id"), primary_key=True)
    employer_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    insurance: Mapped[Insurance] = mapped_column(
        code(Insurance, "insurance"), is_listed("insurance"), primary_key=True
    )
    headcount: Mapped[int]
    base_fen: Mapped[int] = mapped_column(Fen())
    employer_fen: Mapped[int] = mapped_column(Fen())
    employee_fen: Mapped[int] = mapped_column(Fen())


class TaxOfficeFile(Base):
    """A list of what is due that was handed to the tax office; its content is a kept file.

    The tax office answers by the list that it got, and bills of the month come to it later.
    """

    __tablename__ = "tax_office_file"
    __table_args__ = (
        UniqueConstraint("region_code", "contribution_month", "number"),
        # The same list again is the same list.
        UniqueConstraint("region_code", "contribution_month", "digest"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    region_code: Mapped[str] = mapped_column(RegionCode(), ForeignKey("region.code"))
    contribution_month: Mapped[str] = mapped_column(Month())
    number: Mapped[int] = mapped_column(SmallInteger())
    # SHA-256 of the content, by which it is kept.
    digest: Mapped[str] = mapped_column(String(64))
    rows: Mapped[int]
    total_fen: Mapped[int] = mapped_column(Fen())
    made_at: Mapped[datetime]
    # None in an office that had no staff yet.
    made_by_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
