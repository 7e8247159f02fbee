"""Undo in the register what rows of a filing did there: as if they had never been sent.

In the database and in a fixed number of statements, as they were applied. What is sealed stays and
says that it was withdrawn.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    and_,
    delete,
    func,
    insert,
    select,
    type_coerce,
    update,
)
from sqlalchemy.orm import Session

from siweb.db.among import among, among_found, are_found
from siweb.filings.fields.filing_kind import FilingKind
from siweb.filings.tables.filing import Filing
from siweb.filings.tables.filing_row import FilingRow, RowState, is_row_in, row_month, row_value
from siweb.filings.tables.hire_follow_up import HireFollowUp
from siweb.filings.tables.register_before import EmploymentBefore, EnrolmentBefore, PersonBefore
from siweb.filings.withdrawal.obstacles import BEGINS, ENDS
from siweb.registry.claim_enrolments import claim_enrolments, release_claims
from siweb.registry.tables.declared_base import DeclaredBase
from siweb.registry.tables.employment import Employment
from siweb.registry.tables.enrolment import Enrolment, are_persons_at
from siweb.registry.tables.person import Person

_KEY = (
    "region_code",
    "person_id",
    "insurance",
    "insuring_employer_id",
    "from_month",
    "sequence",
)


def undo_rows(session: Session, filing: Filing, positions: Collection[int], at: datetime) -> None:
    """Undo accepted rows of a filing.

    :raises IntegrityError: when somebody takes part elsewhere by now in what would go on here.
    """
    _Undoing(session, filing, positions, at).undo()


class _Undoing:
    """The register as it is put back for some rows of one filing."""

    def __init__(
        self, session: Session, filing: Filing, positions: Collection[int], at: datetime
    ) -> None:
        self.session = session
        self.filing = filing
        self.positions = positions
        self.at = at
        self.is_ours = and_(
            FilingRow.filing_id == filing.id,
            is_row_in(RowState.APPLIED),
            among(FilingRow.position, positions),
        )
        self.people = select(FilingRow.person_id).where(self.is_ours)

    def undo(self) -> None:
        kind = self.filing.kind
        if kind in BEGINS:
            self._take_away_enrolments()
        # A hire too may have ended something:
        # the enrolment of a flexible worker, who is not one any more.
        if kind in BEGINS | ENDS:
            self._put_enrolments_back()
        if kind is FilingKind.HIRE:
            self._take_away_employments()
            self._close_follow_ups()
        if kind is FilingKind.LEAVE:
            self._reopen_employments()
        self._put_employments_back()
        self._put_people_back()
        self._withdraw_bases()

    def _do(self, statement: Any) -> None:
        self.session.execute(statement.execution_options(synchronize_session=False))

    def _take_away_enrolments(self) -> None:
        """They never began: the months are nobody's, and may be filed again."""
        begun = select(FilingRow.person_id, row_month("start_month")).where(self.is_ours)
        self._do(
            delete(Enrolment).where(
                self._is_theirs(Enrolment),
                Enrolment.to_month.is_(None),
                are_found((Enrolment.person_id, Enrolment.from_month), begun),
            )
        )
        # Before what goes on is claimed again: it may be the same insurance.
        release_claims(self.session, self.people)

    def _put_enrolments_back(self) -> None:
        before = EnrolmentBefore
        columns = (*(getattr(before, name) for name in _KEY), before.scheme, before.employer_id)
        gone = select(*columns).where(self._is_kept(before), before.is_gone)
        names = [column.key for column in columns]
        self.session.execute(insert(Enrolment).from_select(names, gone, include_defaults=False))
        kept = select(*(getattr(before, name) for name in _KEY)).where(self._is_kept(before))
        restored = and_(
            among_found(Enrolment.person_id, self._people_of_kept()),
            are_found([getattr(Enrolment, name) for name in _KEY], kept),
        )
        self._do(update(Enrolment).where(restored).values(to_month=None))
        claim_enrolments(self.session, restored)

    def _people_of_kept(self) -> Any:
        return select(EnrolmentBefore.person_id).where(self._is_kept(EnrolmentBefore))

    def _take_away_employments(self) -> None:
        """Those that were announced before the row stay."""
        announced = select(EmploymentBefore.employment_id).where(self._is_kept(EmploymentBefore))
        self._do(
            delete(Employment).where(
                self._is_theirs(Employment),
                Employment.ended_on.is_(None),
                Employment.id.not_in(announced),
            )
        )

    def _reopen_employments(self) -> None:
        """Of two that ended on the same day the row meant the one that began last."""
        ended_on = type_coerce(func.date(row_value("ended_on")), Employment.ended_on.type)
        left = select(FilingRow.person_id, ended_on).where(self.is_ours)
        last = (
            select(func.max(Employment.id))
            .where(
                self._is_theirs(Employment),
                are_found((Employment.person_id, Employment.ended_on), left),
            )
            .group_by(Employment.person_id)
        )
        self._do(
            update(Employment)
            .where(among_found(Employment.id, last))
            .values(ended_on=None, end_reason=None)
        )

    def _put_employments_back(self) -> None:
        before = EmploymentBefore
        self._do(
            update(Employment)
            .where(Employment.id == before.employment_id, self._is_kept(before))
            .values(hired_on=before.hired_on, form=before.form, declared_name=before.declared_name)
        )

    def _put_people_back(self) -> None:
        """A number that the person changed since is theirs."""
        kept = and_(
            self._is_kept(PersonBefore),
            PersonBefore.position == FilingRow.position,
            FilingRow.filing_id == self.filing.id,
        )
        filled = select(FilingRow.person_id, row_value("mobile")).where(
            kept, PersonBefore.had_no_mobile
        )
        self._do(
            update(Person)
            .where(
                among_found(Person.id, self.people),
                # Compared with what stands now: whoever changed it since keeps what they chose.
                are_found((Person.id, Person.mobile), filled),
            )
            .values(mobile=None)
        )
        had_category = PersonBefore.retirement_category.is_not(None)
        self._do(
            update(Person)
            .where(Person.id == FilingRow.person_id, kept, had_category)
            .values(retirement_category=PersonBefore.retirement_category)
        )

    def _withdraw_bases(self) -> None:
        """A filing's bases are those of its people that were declared with it."""
        self._do(
            update(DeclaredBase)
            .where(
                self._is_theirs(DeclaredBase),
                DeclaredBase.origin == f"filing_{self.filing.kind.value}",
                DeclaredBase.declared_at.between(*self.filing.applied_between),
                DeclaredBase.withdrawn_at.is_(None),
            )
            .values(withdrawn_at=self.at)
        )

    def _close_follow_ups(self) -> None:
        """Nobody asks about a hire that never was."""
        self._do(
            update(HireFollowUp)
            .where(self._is_kept(HireFollowUp), HireFollowUp.closed_at.is_(None))
            .values(closed_at=self.at)
        )

    def _is_theirs(self, row: Any) -> ColumnElement[bool]:
        return are_persons_at(row, self.people, self.filing.employer_id)

    def _is_kept(self, before: Any) -> ColumnElement[bool]:
        return and_(before.filing_id == self.filing.id, among(before.position, self.positions))
