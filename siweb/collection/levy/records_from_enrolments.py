"""The levy's statements: enrolments × bases × terms become records, in the database.

The formulas are those of `siweb.rules.contributions.premium`, given columns instead of numbers.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Insert,
    Select,
    and_,
    case,
    exists,
    literal,
    or_,
    select,
    true,
    tuple_,
)
from sqlalchemy import func as sql
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import aliased

from siweb.collection.levy.batch.assessed import is_assessed
from siweb.collection.levy.batch.bases import bases_in_force
from siweb.collection.levy.batch.elsewhere import not_loaded
from siweb.collection.levy.batch.exceptions import ANY, ENDED, Exceptions, ended_since
from siweb.collection.levy.batch.merged import is_anothers_month
from siweb.collection.tables.levy_run import LevyRun, LevyTerm
from siweb.db.arithmetic import SQL, whole
from siweb.ledgers.lookup import in_any_region
from siweb.ledgers.tables.contribution_record import ContributionRecord, RecordKind
from siweb.registry.codes import Insurance, Scheme
from siweb.registry.tables.declared_base import DeclaredBase, is_declared_by
from siweb.registry.tables.enrolment import Enrolment, insuring_employer
from siweb.rules.contributions.premium import base_used, premium_share
from siweb.rules.numbers.arithmetic import Rounding


def enrolled_in(region_code: str, month: str, *, by_person: bool = False) -> ColumnElement[bool]:
    """Return the condition that an enrolment is active in a region in a contribution month.

    `by_person`: for a range of people, or one employer after the other. The region is then hidden
    from the planner, which would otherwise go over the whole region for each range.
    """
    region: Any = Enrolment.region_code
    return and_(
        (sql.coalesce(region, literal("", region.type)) if by_person else region) == region_code,
        Enrolment.from_month <= month,
        or_(Enrolment.to_month.is_(None), Enrolment.to_month >= month),
    )


def base_in_force(month: str) -> ColumnElement[int]:
    """Return the newest base declared for an enrolment's person up to `month`, in fen.

    Of those from the same month the one declared last holds, for one insurance or for all of them:
    in this order an index has them.
    """
    return (
        select(DeclaredBase.declared_base_fen)
        .where(
            DeclaredBase.person_id == Enrolment.person_id,
            is_declared_by(Enrolment.employer_id),
            DeclaredBase.from_month <= month,
            DeclaredBase.withdrawn_at.is_(None),
            or_(DeclaredBase.insurance.is_(None), DeclaredBase.insurance == Enrolment.insurance),
        )
        .order_by(DeclaredBase.from_month.desc(), DeclaredBase.base_number.desc())
        .limit(1)
        .correlate(Enrolment)
        .scalar_subquery()
    )


def premium_rows(
    run: LevyRun,
    month: str,
    people: tuple[int, int],
    rounding: Rounding,
    exceptions: Exceptions = ANY,
    *,
    every_claim: bool = False,
    in_sets: bool = False,
    by_bases: bool = False,
) -> Select[Any]:
    """Return who owes what, for person ids in [first, last]: base used, both shares, account, fen.

    Those without a declared base are not billed, for a person to decide; terms of another rounding
    are another statement. Where several payers claim a month of an insurance the first is billed,
    unless `every_claim` is asked for: see `is_first_claim`. What `exceptions` says does not occur
    among these people is not looked for. `in_sets` and `by_bases` say how it is gone about: tables
    joined whole, or one person's base after the other with a step to the enrolments of each.
    """
    bases = bases_in_force(run, month, people)
    own = exceptions.own_bases
    declared: Any = base_in_force(month) if own else bases.c.declared_base_fen
    query = (
        select(
            Enrolment.person_id,
            Enrolment.employer_id,
            Enrolment.insurance,
            Enrolment.scheme,
            declared.label("declared_base_fen"),
            *PRICES,
        )
        .select_from(bases)
        .join(Enrolment, _enrolled_by(run, month, people, bases, in_sets, by_bases))
        .join(LevyTerm, _term_of(run, month, bases.c))
        .where(
            LevyTerm.rounding == rounding.value,
            *_not_otherwise_billed(run, month, people, exceptions, every_claim=every_claim),
        )
    )
    if not own:
        return priced(query, rounding)
    # Kept aside: otherwise SQLite looks the declared base up again wherever it is used.
    due = query.cte("due").prefix_with("MATERIALIZED")
    return priced(select(due).where(due.c.declared_base_fen.is_not(None)), rounding)


def _enrolled_by(
    run: LevyRun,
    month: str,
    people: tuple[int, int],
    bases: Any,
    in_sets: bool,
    by_bases: bool,
) -> ColumnElement[bool]:
    """Return the condition that an enrolment is one of those that a base was declared for."""
    if by_bases:
        # Hidden, so that SQLite looks no base up by an enrolment: it may then be shown the region,
        # and reads a person's enrolments one after the other where they lie.
        return and_(
            Enrolment.person_id == sql.coalesce(bases.c.person_id, 0),
            Enrolment.employer_id.is_not_distinct_from(bases.c.employer_id),
            enrolled_in(run.region_code, month),
        )
    conditions = [
        Enrolment.person_id == bases.c.person_id,
        Enrolment.employer_id.is_not_distinct_from(bases.c.employer_id),
        enrolled_in(run.region_code, month, by_person=True),
    ]
    if in_sets:
        # Where tables are joined whole, only of these people.
        conditions.append(Enrolment.person_id.between(*people))
    return and_(*conditions)


def _not_otherwise_billed(
    run: LevyRun,
    month: str,
    people: tuple[int, int],
    exceptions: Exceptions,
    *,
    every_claim: bool,
) -> list[ColumnElement[bool]]:
    """Return the conditions that somebody's enrolment is billed by the levy, and by this one."""
    conditions = []
    if exceptions.assessed:
        conditions.append(~is_assessed(run.region_code, month))
    if every_claim:
        return conditions
    if exceptions.ended:
        of_ended = Enrolment.person_id.in_(
            select(ENDED.person_id).where(*ended_since(run.region_code, month, people))
        )
        conditions.append(or_(~of_ended, is_first_claim(run.region_code, month)))
    if exceptions.elsewhere is None or exceptions.elsewhere:
        # The key begins with the region: it refuses no second bill of another one.
        conditions.append(~is_billed(Enrolment, month, exceptions.elsewhere))
    if exceptions.billed_before:
        conditions.append(~is_moved_injury(run.region_code, month))
    conditions += not_loaded(exceptions.loaded, Enrolment, merged=exceptions.merged)
    if exceptions.merged:
        conditions.append(~is_anothers_month(run.region_code, month))
    return conditions


def priced(due: Select[Any], rounding: Rounding, *others: str) -> Select[Any]:
    """Return rows of declared bases and terms with the base used and the amounts they come to.

    `others` are columns of `due` that are kept as they are.
    """
    terms = due.subquery("terms")
    base = base_used(
        whole(terms.c.declared_base_fen), terms.c.base_floor_fen, terms.c.base_ceiling_fen, SQL
    )
    row = select(terms, base.label("base_fen")).subquery("based").c
    return select(
        row.person_id,
        row.employer_id,
        row.insurance,
        row.scheme,
        row.declared_base_fen,
        row.base_fen,
        premium_share(row.base_fen, row.employer_ppm, rounding, row.employer_addition_fen).label(
            "employer_fen"
        ),
        premium_share(row.base_fen, row.employee_ppm, rounding, row.employee_addition_fen).label(
            "employee_fen"
        ),
        premium_share(row.base_fen, row.account_ppm, rounding).label("account_fen"),
        *(row[name] for name in others),
    )


PRICES = (
    LevyTerm.base_floor_fen,
    LevyTerm.base_ceiling_fen,
    LevyTerm.employer_ppm,
    LevyTerm.employee_ppm,
    LevyTerm.account_ppm,
    LevyTerm.employer_addition_fen,
    LevyTerm.employee_addition_fen,
)
"""What `priced` takes of a term."""


def is_first_claim(region_code: str, month: str) -> ColumnElement[bool]:
    """Return the condition that no other enrolment of a month goes before this one.

    Employers go before a person who pays alone, then whoever insured first, then the earlier entry:
    without an order the same data could be billed to either. Work injury is each employer's own.
    """
    other = aliased(Enrolment)
    is_alone, other_alone = (
        case((enrolment.employer_id.is_(None), 1), else_=0) for enrolment in (Enrolment, other)
    )
    # An employer's two enrolments of a month, one after the other, have the same payer.
    place = (
        is_alone,
        Enrolment.from_month,
        sql.coalesce(Enrolment.employer_id, 0),
        Enrolment.sequence,
    )
    before = (other_alone, other.from_month, sql.coalesce(other.employer_id, 0), other.sequence)
    return ~exists().where(
        other.person_id == Enrolment.person_id,
        other.insurance == Enrolment.insurance,
        other.region_code == region_code,
        other.from_month <= month,
        or_(other.to_month.is_(None), other.to_month >= month),
        is_same_charge(other, Enrolment),
        tuple_(*before) < tuple_(*place),
    )


def insert_records(
    run: LevyRun,
    people: tuple[int, int],
    rounding: Rounding,
    at: datetime,
    exceptions: Exceptions = ANY,
    *,
    dialect: str,
) -> Insert:
    """Return the INSERT … SELECT that writes a batch of contribution records.

    What was billed before is there under the same key, and stays as it is.
    """
    rows = premium_rows(run, run.contribution_month, people, rounding, exceptions)
    values = record_values(run, rows.subquery("premium"), at)
    record = ContributionRecord
    write = sqlite.insert(record) if dialect == "sqlite" else postgresql.insert(record)
    filled = write.from_select(
        list(values),
        select(*values.values()).where(true()),  # SQLite would take ON CONFLICT for a join's ON
        include_defaults=False,
    )
    return filled.on_conflict_do_nothing()


def record_values(run: LevyRun, rows: FromClause, at: datetime) -> dict[Any, Any]:
    """Return the columns of a record, each with what it is of the rows that are due."""
    record, due = ContributionRecord, rows.c
    # The second run of a month bills what came late to it.
    kind = RecordKind.BACK_PAYMENT if run.sequence else RecordKind.REGULAR
    return {
        record.region_code: literal(run.region_code, record.region_code.type),
        record.contribution_month: literal(run.contribution_month, record.contribution_month.type),
        record.person_id: due.person_id,
        record.insurance: due.insurance,
        record.insuring_employer_id: insuring_employer(due.insurance, due.employer_id),
        record.sequence: literal(0),
        record.scheme: due.scheme,
        record.employer_id: due.employer_id,
        record.kind: literal(kind, record.kind.type),
        record.declared_base_fen: due.declared_base_fen,
        record.base_fen: due.base_fen,
        record.employer_fen: due.employer_fen,
        record.employee_fen: due.employee_fen,
        record.account_fen: due.account_fen,
        record.levy_run_id: literal(run.id),
        record.recorded_at: literal(at, record.recorded_at.type),
    }


def is_billed(row: Any, month: str, regions: Sequence[str] | None = None) -> ColumnElement[bool]:
    """Return the condition that the person of a row has a record of its insurance and month.

    In some regions, or any; of work injury at the same employer: each insures it.
    """
    record = ContributionRecord
    there = in_any_region() if regions is None else record.region_code.in_(regions)
    return exists().where(
        there,
        record.contribution_month == month,
        record.person_id == row.person_id,
        record.insurance == row.insurance,
        is_same_charge(record, row),
    )


def is_moved_injury(region_code: str, month: str) -> ColumnElement[bool]:
    """Return the condition that work injury of a month is billed to the enrolment's employer.

    Its key has the employer, and an adjustment that moved the month there wrote no first row: only
    of the other insurances does the key itself refuse a second bill.
    """
    is_injury = Enrolment.insurance == Insurance.WORK_INJURY
    return and_(is_injury, is_billed(Enrolment, month, (region_code,)))


def is_same_charge(row: Any, other: Any) -> ColumnElement[bool]:
    """Return the condition that rows of a person, month and insurance exclude each other.

    Any two do, but those of work injury at different employers (Order 13 Art. 9).
    """
    return or_(
        other.insurance != Insurance.WORK_INJURY,
        row.employer_id.is_not_distinct_from(other.employer_id),
    )


def _term_of(run: LevyRun, month: str, bases: Any) -> ColumnElement[bool]:
    is_injury = Enrolment.insurance == Insurance.WORK_INJURY
    by_employer = and_(is_injury, Enrolment.scheme == Scheme.EMPLOYEE)
    return and_(
        LevyTerm.levy_run_id == run.id,
        LevyTerm.contribution_month == month,
        LevyTerm.insurance == Enrolment.insurance,
        LevyTerm.scheme == Enrolment.scheme,
        LevyTerm.injury_class == case((by_employer, bases.injury_class), else_=0),
        LevyTerm.injury_tier_ppm == case((by_employer, bases.injury_tier_ppm), else_=0),
    )
