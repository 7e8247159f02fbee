"""A preview: what a levy would bill, per payer and insurance, without writing a record."""

from typing import Any

from sqlalchemy import ColumnElement, Insert, Update, and_, func, literal, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from siweb.collection.levy.batch.exceptions import Exceptions
from siweb.collection.levy.records_from_enrolments import is_billed, premium_rows
from siweb.collection.tables.levy_run import LevyEmployer, LevyPreview, LevyRun, LevyTerm
from siweb.db.arithmetic import whole
from siweb.registry.codes import Insurance, Scheme
from siweb.rules.contributions.premium import Scope, premium_share
from siweb.rules.numbers.arithmetic import Rounding

_SUMS = ("headcount", "base_fen", "employer_fen", "employee_fen")
ALONE = 0
"""The payer of a preview's rows that stands for everybody who pays alone."""


def add_to_preview(
    run: LevyRun,
    people: tuple[int, int],
    rounding: Rounding,
    exceptions: Exceptions,
    *,
    dialect: str,
) -> Insert:
    """Return the INSERT … SELECT that adds a batch to what the preview came to so far."""
    month = run.contribution_month
    rows = premium_rows(run, month, people, rounding, exceptions).subquery("premium")
    # NULL is never equal to itself, so that ON CONFLICT would add a row for each batch.
    payer = func.coalesce(rows.c.employer_id, ALONE)
    write = sqlite.insert(LevyPreview) if dialect == "sqlite" else postgresql.insert(LevyPreview)
    values: dict[Any, Any] = {
        LevyPreview.levy_run_id: literal(run.id),
        LevyPreview.employer_id: payer,
        LevyPreview.insurance: rows.c.insurance,
        LevyPreview.headcount: func.count(),
        LevyPreview.base_fen: whole(func.sum(rows.c.base_fen)),
        LevyPreview.employer_fen: whole(func.sum(rows.c.employer_fen)),
        LevyPreview.employee_fen: whole(func.sum(rows.c.employee_fen)),
    }
    query = (
        select(*values.values())
        # SQLite needs a WHERE here: it reads the ON of ON CONFLICT as that of a join otherwise.
        .where(~is_billed(rows.c, month))
        .group_by(payer, rows.c.insurance)
    )
    added = write.from_select(list(values), query, include_defaults=False)
    return added.on_conflict_do_update(
        index_elements=["levy_run_id", "employer_id", "insurance"],
        set_={name: getattr(LevyPreview, name) + getattr(added.excluded, name) for name in _SUMS},
    )


def round_preview(run: LevyRun, rounding: Rounding) -> Update:
    """Return the UPDATE of the lines where the employer's total is what is rounded."""
    row, term = LevyPreview, LevyTerm
    rate = (
        select(term.employer_ppm).where(_term_of_row(run, rounding)).correlate(row)
    ).scalar_subquery()
    addition = (
        select(term.employer_addition_fen).where(_term_of_row(run, rounding)).correlate(row)
    ).scalar_subquery()
    return (
        update(row)
        # Who pays alone is rounded one by one: the row is of many, and no total of theirs is owed.
        .where(row.levy_run_id == run.id, row.employer_id != ALONE, rate.is_not(None))
        .values(
            employer_fen=premium_share(
                whole(row.base_fen), rate, rounding, row.headcount * addition
            )
        )
        .execution_options(synchronize_session=False)
    )


def preview_totals(session: Session, run: LevyRun) -> dict[str, Any]:
    """Return payers and fen of a preview, the fen of each insurance as well."""
    row = LevyPreview
    of_run = row.levy_run_id == run.id
    fen = func.sum(row.employer_fen + row.employee_fen)
    by_insurance = session.execute(select(row.insurance, fen).where(of_run).group_by(row.insurance))
    payers = session.scalar(
        select(func.count(row.employer_id.distinct())).where(of_run, row.employer_id != ALONE)
    )
    insurances = {insurance.value: int(total) for insurance, total in by_insurance}
    return {
        "employers": int(payers or 0),
        "total_fen": sum(insurances.values()),
        "insurances": insurances,
    }


def preview_so_far(session: Session, run: LevyRun) -> tuple[int, int]:
    """Return how many records a preview stands for so far, and of how much, in fen."""
    row = LevyPreview
    count, fen = session.execute(
        select(
            func.coalesce(func.sum(row.headcount), 0),
            func.coalesce(func.sum(row.employer_fen + row.employee_fen), 0),
        ).where(row.levy_run_id == run.id)
    ).one()
    return int(count), int(fen)


def _term_of_row(run: LevyRun, rounding: Rounding) -> ColumnElement[bool]:
    """Return the condition on the term of a preview's row, by the class that the run keeps."""
    row, term, kept = LevyPreview, LevyTerm, LevyEmployer
    by_risk = row.insurance == Insurance.WORK_INJURY
    risk = and_(
        kept.levy_run_id == run.id,
        kept.employer_id == row.employer_id,
        kept.injury_class == term.injury_class,
        kept.injury_tier_ppm == term.injury_tier_ppm,
    )
    of_risk = select(kept.employer_id).where(risk).correlate(row, term).exists()
    return and_(
        term.levy_run_id == run.id,
        term.insurance == row.insurance,
        term.scheme == Scheme.EMPLOYEE,
        term.rounding == rounding.value,
        term.scope == Scope.EMPLOYER_TOTAL.value,
        (by_risk & of_risk) | (~by_risk & (term.injury_class == 0)),
    )
