"""Apply the good rows of a filing to the register: employments, enrolments, declared bases.

Everything happens in the database, in a fixed number of statements however many rows there are;
only what an ID number says of a new person is read here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Select,
    Table,
    Update,
    and_,
    case,
    delete,
    exists,
    func,
    insert,
    literal,
    or_,
    outerjoin,
    select,
    update,
)
from sqlalchemy.orm import Session, aliased

from siweb.db.codes import word_of
from siweb.db.next_number import next_number
from siweb.db.types import UtcDateTime
from siweb.filings.confirmation.accepted_rows import (
    accept_rows,
    accepted_rows,
    insured_as_listed,
    register_people,
)
from siweb.filings.confirmation.joined_people import (
    are_some_joined,
    ending_former,
    goes_on_after,
    without_begun,
)
from siweb.filings.confirmation.keep_before import (
    keep_employments,
    keep_enrolments,
    keep_people,
)
from siweb.filings.fields.filing_kind import FilingKind
from siweb.filings.fields.own_bases import OWN_BASES
from siweb.filings.tables.filing import Filing
from siweb.filings.tables.filing_row import (
    FilingRow,
    RowState,
    has_own_base,
    names_insurance,
    within,
)
from siweb.queue.portions import Positions
from siweb.registry.claim_enrolments import begin_enrolments, release_claims
from siweb.registry.codes import Insurance, Scheme, Sex
from siweb.registry.search.follow import let_region_find
from siweb.registry.tables.declared_base import DeclaredBase
from siweb.registry.tables.employment import Employment
from siweb.registry.tables.enrolment import Enrolment, insuring_employer, is_persons_at
from siweb.registry.tables.person import Person
from siweb.rules.calendar.months import add_months

_ALONE = word_of(Enrolment.insurance)


def apply_rows(
    session: Session,
    filing: Filing,
    region_code: str,
    *,
    at: datetime,
    positions: Positions | None = None,
) -> None:
    """Apply every good row of a draft, or those between two places; they become applied."""
    of_portion = and_(FilingRow.filing_id == filing.id, within(positions))
    _Register(session, filing, region_code, at, of_portion).apply()


@dataclass
class _Register:
    """The register as the rows of one filing, or of a portion of it, change it."""

    session: Session
    filing: Filing
    region_code: str
    at: datetime
    of_portion: ColumnElement[bool]

    def __post_init__(self) -> None:
        self.employer_id = self.filing.employer_id
        self.is_good = and_(self.of_portion, FilingRow.state == RowState.GOOD)
        self.is_applied = and_(self.of_portion, FilingRow.state == RowState.APPLIED)

    def apply(self) -> None:
        changes: dict[FilingKind, Callable[[], None]] = {
            FilingKind.HIRE: self._hire,
            FilingKind.LEAVE: self._leave,
            FilingKind.CHANGE: self._change,
            FilingKind.PAUSE: self._pause,
            FilingKind.RESUME: self._resume,
            FilingKind.BASE: self._declare,
        }
        # People before rows: an accepted row names its person.
        if self.filing.kind is FilingKind.HIRE:
            register_people(self.session, self.is_good, self.region_code, at=self.at)
        rows = accept_rows(self.session, self.is_good)
        with accepted_rows(self.session, self.is_applied, rows) as accepted:
            self.accepted, self.row = accepted, accepted.c
            changes[self.filing.kind]()

    def _do(self, statement: Any) -> int:
        """Execute a statement; return how many rows it changed."""
        done = self.session.execute(statement.execution_options(synchronize_session=False))
        return int(done.rowcount)  # type: ignore[attr-defined]

    def _hire(self) -> None:
        keep_people(self.session, self.row)
        self._fill_mobile()
        self._employ()
        # Before enrolling: the claim of an open enrolment is one for each person and insurance.
        self._end_alone(names_insurance(self.row.listed, _ALONE))
        self._enrol_as_listed()
        self._declare()

    def _fill_mobile(self) -> None:
        """Fill in a number that nobody has: a person's own is theirs, and codes go there."""
        has_none = or_(Person.mobile.is_(None), Person.mobile == "")
        self._write_on_people(Person.mobile, self.row.mobile, has_none)

    def _employ(self) -> None:
        """Begin employments, or complete those that were announced."""
        form = func.coalesce(self.row.form, "full_time")
        there = self._is_open_here()
        keep_employments(self.session, self.row, there)
        self._do(
            update(Employment)
            .where(there)
            .values(
                hired_on=self.row.hired_on,
                form=form,
                declared_name=func.coalesce(self.row.other_name, Employment.declared_name),
            )
        )
        self._insert(
            Employment,
            {
                Employment.person_id: self.row.person_id,
                Employment.employer_id: literal(self.employer_id),
                Employment.hired_on: self.row.hired_on,
                Employment.form: form,
                Employment.declared_name: self.row.other_name,
                Employment.registered_at: literal(self.at, UtcDateTime()),
            },
            # Not a join: each is looked up by its person, however few PostgreSQL thinks there are.
            select(Employment.id).where(there).limit(1).scalar_subquery().is_(None),
        )

    def _end_alone(self, begins: ColumnElement[bool]) -> None:
        """End what somebody pays alone of what `begins`, in any region.

        Nobody takes part twice in one insurance. What would begin only now never began.
        """
        ended = 0
        for start in self._months("start_month"):
            alone = and_(self.row.start_month == start, begins, Enrolment.employer_id.is_(None))
            earlier = Enrolment.from_month < start
            last = add_months(start, -1)
            # What is ended or written over is kept first: withdrawing the filing puts it back.
            keep_enrolments(self.session, self.row, alone, earlier)
            keep_enrolments(self.session, self.row, alone, ~earlier, is_gone=True)
            ended += self._do(self._of_enrolments(alone, earlier).values(to_month=last))
            theirs = exists().where(Enrolment.person_id == self.row.person_id, alone)
            ended += self._do(
                delete(Enrolment).where(
                    Enrolment.employer_id.is_(None), Enrolment.to_month.is_(None), ~earlier, theirs
                )
            )
        if ended:
            release_claims(self.session, self._people())

    def _enrol_as_listed(self) -> None:
        self._enrol(insured_as_listed(self.accepted))

    def _enrol(self, insured: Select[Any]) -> None:
        """Begin enrolments: `insured` gives person_id, insurance and from_month of each."""
        given, employer = insured.subquery("insured"), literal(self.employer_id)
        new = given.c
        # Work injury is each employer's own, the others are the person's (Order 13 Art. 9).
        insuring = insuring_employer(new.insurance, employer)
        before = self._begun_before()
        rows = before.c
        is_its = and_(
            rows.person_id == new.person_id,
            rows.insurance == new.insurance,
            rows.insuring_employer_id == insuring,
            rows.from_month == new.from_month,
        )
        values: dict[Any, Any] = {
            Enrolment.region_code: literal(self.region_code, Enrolment.region_code.type),
            Enrolment.person_id: new.person_id,
            Enrolment.insurance: new.insurance,
            Enrolment.insuring_employer_id: insuring,
            Enrolment.from_month: new.from_month,
            Enrolment.sequence: func.coalesce(rows.last + 1, 0),
            Enrolment.scheme: literal(Scheme.EMPLOYEE, Enrolment.scheme.type),
            Enrolment.employer_id: employer,
        }
        # In the order of the key, which is how a tree takes them fastest.
        query = (
            select(*values.values())
            .select_from(outerjoin(given, before, is_its))
            .order_by(new.person_id, new.insurance)
        )
        begun = insert(Enrolment).from_select(list(values), query, include_defaults=False)
        # Nobody was open here before: these are the new ones.
        begin_enrolments(
            self.session,
            begun,
            Enrolment.employer_id == self.employer_id,
            Enrolment.region_code == self.region_code,
            Enrolment.person_id.in_(self._people()),
        )
        # So that the desk of this region finds them by their names as well.
        let_region_find(self.session, self.region_code, self._people())

    def _begun_before(self) -> CTE:
        """Return the last of what the people began in the months before, and ended again in them.

        Looked for once: PostgreSQL went over a table that it knew as empty for each new row of it.
        """
        row = self.row
        key = (
            Enrolment.person_id,
            Enrolment.insurance,
            Enrolment.insuring_employer_id,
            Enrolment.from_month,
        )
        return (
            select(*key, func.max(Enrolment.sequence).label("last"))
            .join(self.accepted, Enrolment.person_id == row.person_id)
            .where(
                Enrolment.region_code == self.region_code, Enrolment.from_month == row.start_month
            )
            .group_by(*key)
            .cte("begun_before")
            .prefix_with("MATERIALIZED")
        )

    def _leave(self) -> None:
        row = self.row
        self._do(self._of_employments().values(ended_on=row.ended_on, end_reason=row.end_reason))
        self._pause()

    def _change(self) -> None:
        row, is_renamed = self.row, self.row.new_name.is_not(None)
        keep_people(self.session, row, with_category=True)
        keep_employments(self.session, row, self._is_open_here(), is_renamed)
        self._do(self._of_employments(is_renamed).values(declared_name=row.new_name))
        self._fill_mobile()
        is_woman = Person.sex == Sex.FEMALE
        self._write_on_people(Person.retirement_category, row.retirement_category, is_woman)
        self._declare(row.wage_fen.is_not(None))

    def _pause(self) -> None:
        stop = self.row.stop_month
        last = case((Enrolment.from_month > stop, Enrolment.from_month), else_=stop)
        here = (
            Enrolment.employer_id == self.employer_id,
            Enrolment.region_code == self.region_code,
        )
        if are_some_joined(self.session, self.row):
            goes_on = goes_on_after(self.row, *here)
            keep_enrolments(self.session, self.row, goes_on, is_gone=True)
            self._do(without_begun(self.row, goes_on))
            self._do(ending_former(self.row, *here))
        keep_enrolments(self.session, self.row, *here)
        self._do(self._of_enrolments(*here).values(to_month=last))
        release_claims(self.session, self._people())

    def _resume(self) -> None:
        """Go on with the insurances that ended last."""
        earlier, ended = aliased(Enrolment), aliased(Enrolment)
        last = select(func.max(earlier.to_month)).where(self._was_here(earlier))
        ended_last = and_(
            self._was_here(ended), ended.to_month == last.correlate(self.accepted).scalar_subquery()
        )
        self._end_alone(exists().where(ended_last, ended.insurance == Enrolment.insurance))
        self._enrol(
            select(self.row.person_id, ended.insurance, self.row.start_month.label("from_month"))
            .select_from(self.accepted)
            .join(ended, ended_last)
            .distinct()
        )
        self._declare()

    def _was_here(self, enrolment: Any) -> ColumnElement[bool]:
        return and_(
            enrolment.person_id == self.row.person_id,
            enrolment.employer_id == self.employer_id,
            enrolment.region_code == self.region_code,
        )

    def _declare(self, *conditions: ColumnElement[bool]) -> None:
        owner: dict[Any, Any] = {
            DeclaredBase.person_id: self.row.person_id,
            DeclaredBase.declaring_employer_id: literal(self.employer_id),
            DeclaredBase.from_month: self.row.start_month,
        }
        number = next_number(DeclaredBase.base_number, owner, (self.row.position,))
        declared = owner | {
            DeclaredBase.base_number: number,
            DeclaredBase.region_code: literal(self.region_code, DeclaredBase.region_code.type),
            DeclaredBase.employer_id: literal(self.employer_id),
            DeclaredBase.declared_base_fen: self.row.wage_fen,
            DeclaredBase.origin: literal(f"filing_{self.filing.kind.value}"),
            DeclaredBase.declared_at: literal(self.at, DeclaredBase.declared_at.type),
        }
        self._insert(DeclaredBase, declared, *conditions)
        self._declare_own(declared)

    def _declare_own(self, declared: dict[Any, Any]) -> None:
        """Declare bases of single insurances after the wage: of one month the later number holds.

        Hardly any list has some, so that they are asked for before anything is inserted: by the
        text of the rows, where what they give was not taken apart.
        """
        is_apart = isinstance(self.accepted, Table)
        some_have = select(exists().where(self.is_applied, has_own_base()))
        if not is_apart and not self.session.scalar(some_have):
            return
        fields = {insurance: self.row[field.name] for insurance, field in OWN_BASES.items()}
        given = select(*(func.count(column) for column in fields.values()))
        for (insurance, fen), some in zip(
            fields.items(), self.session.execute(given).one(), strict=True
        ):
            if some:
                kind = literal(Insurance(insurance), DeclaredBase.insurance.type)
                values = declared | {DeclaredBase.insurance: kind}
                values[DeclaredBase.declared_base_fen] = fen
                self._insert(DeclaredBase, values, fen.is_not(None))

    def _insert(self, model: Any, values: dict[Any, Any], *conditions: ColumnElement[bool]) -> None:
        rows = select(*values.values()).where(*conditions).order_by(self.row.position)
        self.session.execute(insert(model).from_select(list(values), rows, include_defaults=False))

    def _write_on_people(self, column: Any, stated: Any, *of_person: ColumnElement[bool]) -> None:
        """Write what rows state on their people; the rows are looked through once, by themselves.

        PostgreSQL without statistics went through them for each person of the register.
        """
        rows = (
            select(self.row.person_id, stated.label("stated"))
            .where(stated.is_not(None))
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
        here = is_persons_at(Employment, self.row.person_id, self.employer_id)
        return and_(here, Employment.ended_on.is_(None))

    def _of_employments(self, *conditions: ColumnElement[bool]) -> Update:
        return update(Employment).where(self._is_open_here(), *conditions)

    def _of_enrolments(self, *conditions: ColumnElement[bool]) -> Update:
        mine = Enrolment.person_id == self.row.person_id
        return update(Enrolment).where(mine, Enrolment.to_month.is_(None), *conditions)

    def _people(self) -> Select[Any]:
        return select(self.row.person_id)

    def _months(self, name: str) -> list[str]:
        return list(self.session.scalars(select(self.row[name]).distinct()))
