"""Apply the good rows of a filing to the register: employments, enrolments, declared bases.

Everything happens in the database, in a fixed number of statements however many rows there are;
only what an ID number says of a new person is read here.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    Update,
    and_,
    case,
    cast,
    delete,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    type_coerce,
    update,
)
from sqlalchemy.orm import Session, aliased

from siweb.db.among import each
from siweb.db.codes import CODES, word_of
from siweb.db.next_number import next_number
from siweb.db.types import UtcDateTime
from siweb.filings.confirmation.keep_before import (
    keep_employments,
    keep_enrolments,
    keep_people,
)
from siweb.filings.confirmation.register_people import register_people
from siweb.filings.fields.filing_kind import FilingKind
from siweb.filings.tables.filing import Filing
from siweb.filings.tables.filing_row import FilingRow, RowState
from siweb.filings.tables.row_values import (
    listed_insurances,
    names_insurance,
    row_fen,
    row_month,
    row_value,
)
from siweb.registry.claim_enrolments import claim_enrolments, release_claims
from siweb.registry.codes import Scheme, Sex
from siweb.registry.find_person import person_digested
from siweb.registry.insuring_employer import insuring_employer
from siweb.registry.tables.declared_base import DeclaredBase
from siweb.registry.tables.employment import Employment
from siweb.registry.tables.enrolment import Enrolment, is_persons_at
from siweb.registry.tables.person import Person
from siweb.rules.calendar.months import add_months

# Rows of one statement: beyond this PostgreSQL gains nothing, and parameters cost memory.
_AT_A_TIME = 5_000
_ALONE = word_of(Enrolment.insurance)


def apply_rows(session: Session, filing: Filing, region_code: str, *, at: datetime) -> None:
    """Apply every good row of a draft; they become applied."""
    _Register(session, filing, region_code, at).apply()


class _Register:
    """The register as the rows of one filing change it."""

    def __init__(self, session: Session, filing: Filing, region_code: str, at: datetime) -> None:
        self.session = session
        self.filing = filing
        self.employer_id = filing.employer_id
        self.region_code = region_code
        self.at = at
        self.is_good = and_(FilingRow.filing_id == filing.id, FilingRow.state == RowState.GOOD)
        # A draft has no such rows before: those that are applied now.
        self.is_ours = and_(FilingRow.filing_id == filing.id, FilingRow.state == RowState.APPLIED)

    def apply(self) -> None:
        changes: dict[FilingKind, Callable[[], None]] = {
            FilingKind.HIRE: self._hire,
            FilingKind.LEAVE: self._leave,
            FilingKind.CHANGE: self._change,
            FilingKind.PAUSE: self._pause,
            FilingKind.RESUME: self._resume,
            FilingKind.BASE: self._declare,
        }
        if self.filing.kind is FilingKind.HIRE:
            register_people(self.session, self.is_good, self.region_code, at=self.at)
        self._take_rows()
        changes[self.filing.kind]()

    def _do(self, statement: Any) -> int:
        """Execute a statement; return how many rows it changed."""
        done = self.session.execute(statement.execution_options(synchronize_session=False))
        return int(done.rowcount)  # type: ignore[attr-defined]

    def _hire(self) -> None:
        keep_people(self.session, self.is_ours)
        self._fill_mobile()
        self._employ()
        self._end_alone(names_insurance(listed_insurances(), _ALONE))
        self._enrol_as_listed()
        self._declare()

    def _fill_mobile(self) -> None:
        """Fill in a number that nobody has: a person's own is theirs, and codes go there."""
        has_none = or_(Person.mobile.is_(None), Person.mobile == "")
        self._write_on_people(Person.mobile, row_value("mobile"), has_none)

    def _take_rows(self) -> None:
        """The rows become applied, with their people: each is written once."""
        named = person_digested(FilingRow.number_digest).correlate(FilingRow)
        whose = func.coalesce(FilingRow.person_id, named)
        self._do(
            update(FilingRow).where(self.is_good).values(state=RowState.APPLIED, person_id=whose)
        )

    def _employ(self) -> None:
        """Begin employments, or complete those that were announced."""
        hired_on = type_coerce(func.date(row_value("hired_on")), Employment.hired_on.type)
        form = func.coalesce(row_value("form"), "full_time")
        other_name = case((self._is_named_otherwise(), row_value("name")))
        there = self._is_open_here()
        keep_employments(self.session, there, self.is_ours)
        self._do(
            update(Employment)
            .where(there, self.is_ours)
            .values(
                hired_on=hired_on,
                form=form,
                declared_name=func.coalesce(other_name, Employment.declared_name),
            )
        )
        self._insert(
            Employment,
            {
                Employment.person_id: FilingRow.person_id,
                Employment.employer_id: literal(self.employer_id),
                Employment.hired_on: hired_on,
                Employment.form: form,
                Employment.declared_name: other_name,
                Employment.registered_at: literal(self.at, UtcDateTime()),
            },
            # Not a join: each is looked up by its person, however few PostgreSQL thinks there are.
            select(Employment.id).where(there).limit(1).scalar_subquery().is_(None),
        )

    def _is_named_otherwise(self) -> ColumnElement[bool]:
        return cast(FilingRow.findings, String).contains('"name_differs"')

    def _end_alone(self, begins: ColumnElement[bool]) -> None:
        """End what somebody pays alone of what `begins`, in any region.

        Nobody takes part twice in one insurance. What would begin only now never began.
        """
        ended = 0
        for start in self._months("start_month"):
            alone = and_(row_value("start_month") == start, begins, Enrolment.employer_id.is_(None))
            earlier = Enrolment.from_month < start
            last = add_months(start, -1)
            keep_enrolments(self.session, self.is_ours, alone, earlier)
            keep_enrolments(self.session, self.is_ours, alone, ~earlier, is_gone=True)
            ended += self._do(self._of_enrolments(alone, earlier).values(to_month=last))
            theirs = exists().where(Enrolment.person_id == FilingRow.person_id, self.is_ours, alone)
            ended += self._do(
                delete(Enrolment).where(
                    Enrolment.employer_id.is_(None),
                    Enrolment.to_month.is_(None),
                    ~earlier,
                    theirs,
                )
            )
        if ended:
            release_claims(self.session, self._people())

    def _enrol_as_listed(self) -> None:
        # In this order: PostgreSQL reads a row's JSON once then, and not for each insurance.
        row = (
            select(
                FilingRow.person_id,
                row_month("start_month").label("from_month"),
                listed_insurances().label("listed"),
            )
            .where(self.is_ours)
            .order_by(FilingRow.position)
            .subquery("row")
            .c
        )
        insurance = type_coerce(each(CODES["insurance"].values()).c.value, Enrolment.insurance.type)
        self._enrol(
            select(row.person_id, insurance.label("insurance"), row.from_month).where(
                names_insurance(row.listed, word_of(insurance))
            )
        )

    def _enrol(self, insured: Select[Any]) -> None:
        """Begin enrolments: `insured` gives person_id, insurance and from_month of each."""
        new, employer = insured.subquery("insured").c, literal(self.employer_id)
        insuring = insuring_employer(new.insurance, employer)
        there = aliased(Enrolment)
        before = select(func.max(there.sequence)).where(
            there.region_code == self.region_code,
            there.person_id == new.person_id,
            there.insurance == new.insurance,
            there.insuring_employer_id == insuring,
            there.from_month == new.from_month,
        )
        values: dict[Any, Any] = {
            Enrolment.region_code: literal(self.region_code, Enrolment.region_code.type),
            Enrolment.person_id: new.person_id,
            Enrolment.insurance: new.insurance,
            Enrolment.insuring_employer_id: insuring,
            Enrolment.from_month: new.from_month,
            Enrolment.sequence: func.coalesce(before.scalar_subquery() + 1, 0),
            Enrolment.scheme: literal(Scheme.EMPLOYEE, Enrolment.scheme.type),
            Enrolment.employer_id: employer,
        }
        rows = select(*values.values())
        self.session.execute(
            insert(Enrolment).from_select(list(values), rows, include_defaults=False)
        )
        # Nobody was open here before: these are the new ones.
        claim_enrolments(
            self.session,
            Enrolment.employer_id == self.employer_id,
            Enrolment.region_code == self.region_code,
            Enrolment.person_id.in_(self._people()),
        )

    def _leave(self) -> None:
        ended_on = type_coerce(func.date(row_value("ended_on")), Employment.ended_on.type)
        self._do(
            self._of_employments().values(ended_on=ended_on, end_reason=row_value("end_reason"))
        )
        self._pause()

    def _change(self) -> None:
        is_renamed = row_value("new_name").is_not(None)
        keep_people(self.session, self.is_ours, with_category=True)
        keep_employments(self.session, self._is_open_here(), self.is_ours, is_renamed)
        self._do(self._of_employments(is_renamed).values(declared_name=row_value("new_name")))
        self._fill_mobile()
        category = row_value("retirement_category")
        self._write_on_people(Person.retirement_category, category, Person.sex == Sex.FEMALE)
        self._declare(row_fen("wage_fen").is_not(None))

    def _pause(self) -> None:
        stop = row_month("stop_month")
        last = case((Enrolment.from_month > stop, Enrolment.from_month), else_=stop)
        here = (
            Enrolment.employer_id == self.employer_id,
            Enrolment.region_code == self.region_code,
        )
        keep_enrolments(self.session, self.is_ours, *here)
        self._do(self._of_enrolments(*here).values(to_month=last))
        release_claims(self.session, self._people())

    def _resume(self) -> None:
        """Go on with the insurances that ended last."""
        earlier, ended = aliased(Enrolment), aliased(Enrolment)
        last = select(func.max(earlier.to_month)).where(self._was_here(earlier))
        ended_last = and_(
            self._was_here(ended), ended.to_month == last.correlate(FilingRow).scalar_subquery()
        )
        self._end_alone(exists().where(ended_last, ended.insurance == Enrolment.insurance))
        self._enrol(
            select(
                FilingRow.person_id, ended.insurance, row_month("start_month").label("from_month")
            )
            .join(ended, ended_last)
            .where(self.is_ours)
            .distinct()
        )
        self._declare()

    def _was_here(self, enrolment: Any) -> ColumnElement[bool]:
        return and_(
            enrolment.person_id == FilingRow.person_id,
            enrolment.employer_id == self.employer_id,
            enrolment.region_code == self.region_code,
        )

    def _declare(self, *conditions: ColumnElement[bool]) -> None:
        owner: dict[Any, Any] = {
            DeclaredBase.person_id: FilingRow.person_id,
            DeclaredBase.declaring_employer_id: literal(self.employer_id),
            DeclaredBase.from_month: row_month("start_month"),
        }
        number = next_number(DeclaredBase.base_number, owner, (FilingRow.position,))
        self._insert(
            DeclaredBase,
            owner
            | {
                DeclaredBase.base_number: number,
                DeclaredBase.region_code: literal(self.region_code, DeclaredBase.region_code.type),
                DeclaredBase.employer_id: literal(self.employer_id),
                DeclaredBase.declared_base_fen: row_fen("wage_fen"),
                DeclaredBase.origin: literal(f"filing_{self.filing.kind.value}"),
                DeclaredBase.declared_at: literal(self.at, DeclaredBase.declared_at.type),
            },
            *conditions,
        )

    def _insert(self, model: Any, values: dict[Any, Any], *conditions: ColumnElement[bool]) -> None:
        rows = select(*values.values()).where(self.is_ours, *conditions)
        self.session.execute(
            insert(model).from_select(
                list(values), rows.order_by(FilingRow.position), include_defaults=False
            )
        )

    def _write_on_people(self, column: Any, stated: Any, *of_person: ColumnElement[bool]) -> None:
        """Write what rows state on their people; the rows are looked through once, by themselves.

        PostgreSQL without statistics went through them for each person of the register.
        """
        rows = (
            select(FilingRow.person_id, stated.label("stated"))
            .where(self.is_ours, stated.is_not(None))
            .cte("stated")
            .prefix_with("MATERIALIZED")
        )
        self._do(
            update(Person)
            .where(Person.id == rows.c.person_id, *of_person)
            .values({column: rows.c.stated})
        )

    def _is_open_here(self) -> ColumnElement[bool]:
        """Return the condition that an employment is a row's person's present one here."""
        here = is_persons_at(Employment, FilingRow.person_id, self.employer_id)
        return and_(here, Employment.ended_on.is_(None))

    def _of_employments(self, *conditions: ColumnElement[bool]) -> Update:
        return update(Employment).where(self._is_open_here(), self.is_ours, *conditions)

    def _of_enrolments(self, *conditions: ColumnElement[bool]) -> Update:
        return update(Enrolment).where(
            Enrolment.person_id == FilingRow.person_id,
            Enrolment.to_month.is_(None),
            self.is_ours,
            *conditions,
        )

    def _people(self) -> Select[Any]:
        return select(FilingRow.person_id).where(self.is_ours)

    def _months(self, name: str) -> list[str]:
        return list(self.session.scalars(select(row_value(name)).where(self.is_ours).distinct()))
