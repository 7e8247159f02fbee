"""The rows that a filing applies: their people, their state, and what each gives.

Whom the register does not know yet is registered first, as the number says; then the rows are
accepted; then what each gives is taken apart, once for all statements.

On PostgreSQL the rows of a long list are copied into a table of the transaction's own: nothing of
it is logged, and it has statistics, where those of `filing_row` still say that nothing is applied.
A planner that went by these compared every row with every enrolment.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    ColumnElement,
    Date,
    FromClause,
    MetaData,
    Row,
    Select,
    String,
    Table,
    TableValuedAlias,
    Text,
    case,
    cast,
    column,
    func,
    insert,
    join,
    select,
    text,
    true,
    type_coerce,
    update,
)
from sqlalchemy.orm import Session

from siweb.db.among import each
from siweb.db.codes import CODES, word_of
from siweb.db.statistics import MANY_ROWS
from siweb.db.types import Month, month_from
from siweb.filings.fields.own_bases import OWN_BASES
from siweb.filings.tables.filing_row import (
    FilingRow,
    RowState,
    listed_insurances,
    names_insurance,
    row_value,
)
from siweb.registry.codes import RetirementCategory, Sex
from siweb.registry.insert_people import insert_people
from siweb.registry.tables.enrolment import Enrolment
from siweb.registry.tables.former_number import person_digested
from siweb.rules.identifiers.identity_number import parse_identity_number

_TEXTS = ("form", "mobile", "end_reason", "new_name", "retirement_category")
_DAYS = ("hired_on", "ended_on")
_MONTHS = ("start_month", "stop_month")
_FEN = ("wage_fen", *(field.name for field in OWN_BASES.values()))
_AT_A_TIME = 5_000
# A list's sets are sorted and kept in memory, and none of its statements is worth a compilation.
_PLANS = ("SET LOCAL work_mem = '64MB'", "SET LOCAL jit = off")


def register_people(
    session: Session, is_good: ColumnElement[bool], region_code: str, *, at: datetime
) -> None:
    """Register whom the good rows name and nobody knows, some thousand at a time."""
    for portion in _unknown(session, is_good):
        people = [_person(row.row_values, region_code, at) for row in portion]
        insert_people(session, people, [row.number_digest for row in portion])


def _unknown(session: Session, is_good: ColumnElement[bool]) -> Iterator[Sequence[Row[Any]]]:
    after = 0
    while True:
        rows = session.execute(
            select(FilingRow.position, FilingRow.row_values, FilingRow.number_digest)
            # By place, since these rows go on having no person until they are taken.
            .where(is_good, FilingRow.person_id.is_(None), FilingRow.position > after)
            .order_by(FilingRow.position)
            .limit(_AT_A_TIME)
        ).all()
        if not rows:
            return
        after = rows[-1].position
        yield rows


def _person(values: dict[str, Any], region_code: str, at: datetime) -> dict[str, Any]:
    number = parse_identity_number(values["id_number"])
    sex = Sex(number.sex.value)
    # A worker's, the earlier age, until somebody says otherwise:
    # nobody is told of retirement too late.
    category = values.get("retirement_category") or "female50"
    return {
        "id_number": number.number,
        "name": values["name"],
        "sex": sex,
        "born_on": number.birth_date,
        "region_code": region_code,
        "retirement_category": RetirementCategory.MALE
        if sex is Sex.MALE
        else RetirementCategory(category),
        "mobile": values.get("mobile"),
        "deemed_months": 0,
        "registered_at": at,
    }


def accept_rows(session: Session, is_good: ColumnElement[bool]) -> int:
    """Let good rows become applied, with their people: each is written once. Return how many."""
    named = person_digested(FilingRow.number_digest)
    whose = func.coalesce(FilingRow.person_id, named)
    # Past the session: nobody reads these rows as objects before the end.
    done = session.execute(
        update(FilingRow)
        .where(is_good)
        .values(state=RowState.APPLIED, person_id=whose)
        .execution_options(synchronize_session=False)
    )
    return int(done.rowcount)  # type: ignore[attr-defined]


@contextmanager
def accepted_rows(
    session: Session, is_applied: ColumnElement[bool], rows: int
) -> Iterator[FromClause]:
    """Hold the rows that were just applied, so many of them: all of a filing, or a portion.

    What each gives is a column here; `other_name` is a name that the register does not know.
    """
    is_postgresql = session.get_bind().dialect.name == "postgresql"
    if rows < MANY_ROWS or not is_postgresql:
        yield _accepted(is_applied, row_value, listed_insurances()).subquery("accepted")
        return
    given = _read_apart()
    listed = cast(given.c.insurances, String)
    query = _accepted(is_applied, given.c.__getitem__, listed).select_from(
        join(FilingRow, given, true())
    )
    connection, table = session.connection(), _table()
    for setting in _PLANS:
        connection.execute(text(setting))
    table.create(connection)
    connection.execute(
        insert(table).from_select(table.columns.keys(), query.order_by(FilingRow.position))
    )
    connection.execute(text(f"ANALYZE {table.name}"))
    yield table
    # Not on a failure: then it goes with whatever else the transaction did.
    table.drop(connection)


def insured_as_listed(accepted: FromClause) -> Select[Any]:
    """Return person_id, insurance and from_month of all that accepted rows list."""
    row = accepted.c
    insurance = type_coerce(each(CODES["insurance"].values()).c.value, Enrolment.insurance.type)
    from_month = row.start_month.label("from_month")
    if isinstance(accepted, Table):
        # Few lists differ: each is read once, and joined to all rows that have it.
        listed = select(row.listed).distinct().subquery("listed").c.listed
        named = (
            select(listed, insurance.label("insurance"))
            .where(names_insurance(listed, word_of(insurance)))
            .cte("named")
            .prefix_with("MATERIALIZED")
            .c
        )
        return select(row.person_id, named.insurance, from_month).where(named.listed == row.listed)
    # In this order: PostgreSQL reads a row's JSON once then, and not for each insurance.
    given = select(row.person_id, from_month, row.listed).order_by(row.position).subquery("row").c
    return select(given.person_id, insurance.label("insurance"), given.from_month).where(
        names_insurance(given.listed, word_of(insurance))
    )


def _accepted(
    is_applied: ColumnElement[bool], given: Callable[[str], Any], listed: Any
) -> Select[Any]:
    # Found by the validation, which compared the names: statements cannot, some of a row is sealed.
    is_named_otherwise = cast(FilingRow.findings, String).contains('"name_differs"')
    return select(
        FilingRow.filing_id,
        FilingRow.position,
        FilingRow.person_id,
        *(given(name).label(name) for name in _TEXTS),
        *(type_coerce(func.date(given(name)), Date()).label(name) for name in _DAYS),
        *(month_from(given(name)).label(name) for name in _MONTHS),
        *(cast(given(name), BigInteger).label(name) for name in _FEN),
        case((is_named_otherwise, given("name"))).label("other_name"),
        listed.label("listed"),
    ).where(is_applied)


def _read_apart() -> TableValuedAlias:
    """Return what a row gives, read from its JSON once: one by one it is read for each of them."""
    texts = (column(name, Text()) for name in (*_TEXTS, *_DAYS, *_MONTHS, *_FEN, "name"))
    given = func.json_to_record(FilingRow.row_values).table_valued(
        *texts, column("insurances", JSON()), name="given"
    )
    return given.render_derived(with_types=True)


def _table() -> Table:
    return Table(
        "accepted",
        MetaData(),
        Column("filing_id", BigInteger()),
        Column("position", BigInteger()),
        Column("person_id", BigInteger()),
        *(Column(name, String()) for name in _TEXTS),
        *(Column(name, Date()) for name in _DAYS),
        *(Column(name, Month()) for name in _MONTHS),
        *(Column(name, BigInteger()) for name in _FEN),
        Column("other_name", String()),
        Column("listed", String()),
        prefixes=["TEMPORARY"],
        postgresql_on_commit="DROP",
    )
