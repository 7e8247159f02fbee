"""Contribution records (缴费记录) of an old system, with the days on which they were paid."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from siweb.bring_in.column import Column
from siweb.bring_in.kinds.enrolments import hold_payer, insuring_employer_of
from siweb.bring_in.kinds.shared_columns import (
    EMPLOYER,
    INSURANCE,
    PERSON,
    SCHEME,
    day,
    money,
    month,
)
from siweb.bring_in.read_rows import Row
from siweb.bring_in.row_import import Key, RowImport, Terms, people_of
from siweb.clock import office_day
from siweb.collection.tables.levy_run import LevyKind, LevyRun, LevyState
from siweb.db.among import among
from siweb.db.insert_many import insert_many
from siweb.ledgers.tables.contribution_record import (
    ContributionRecord,
    RecordKind,
    hold_record_month,
)
from siweb.registry.codes import Insurance, Scheme
from siweb.registry.tables.employer import Employer

_AMOUNTS = ("declared_base", "base", "employer_share", "employee_share", "account_share")
# One under way too: its rows would meet those of the file.
_STANDS = (LevyState.ISSUED, LevyState.COMPUTING)


def levied_months(session: Session, region_code: str) -> frozenset[str]:
    """Return the months that this office levies itself: nothing of theirs is brought in."""
    query = select(LevyRun.contribution_month).where(
        LevyRun.region_code == region_code,
        LevyRun.kind == LevyKind.REGULAR,
        LevyRun.state.in_(_STANDS),
    )
    return frozenset(session.scalars(query.distinct()))


class Records(RowImport):
    """A month as it stands after all corrections; an adjustment here goes on from it."""

    columns: ClassVar[Sequence[Column]] = (
        PERSON,
        month("month", "费款所属期", "Which month it counts for", is_needed=True),
        INSURANCE,
        SCHEME,
        EMPLOYER,
        money("declared_base", "申报基数", "What was declared; 0 where nobody knows"),
        money("base", "缴费基数", "Base within the limits of the month"),
        money("employer_share", "单位缴纳", "The employer's share"),
        money("employee_share", "个人缴纳", "The person's own share"),
        money(
            "account_share",
            "计入个人账户",
            "Pension: what of it is for the individual account; empty is 0",
            is_needed=False,
        ),
        day(
            "paid_on",
            "到账日期",
            "Day on which it was paid; empty if it never was",
            # An employer pays the month of a death when it is due.
            may_follow_death=True,
        ),
    )
    compared = ("scheme", "uscc", *_AMOUNTS, "paid_on")

    def __init__(self, session: Session, terms: Terms) -> None:
        super().__init__(session, terms)
        self._levied = levied_months(session, terms.region_code)
        self._today = office_day(terms.at)

    def key(self, row: Row) -> Key:
        given = row.values
        return (given["month"], row.person_id, given["insurance"], insuring_employer_of(row))

    def hold(self, row: Row) -> None:
        given = row.values
        given.setdefault("account_share", 0)
        hold_payer(row)
        if given["month"] in self._levied:
            row.refuse("month", "levied_here", text=given["month"])
        if given["account_share"] and given["insurance"] != Insurance.PENSION:
            row.refuse("account_share", "no_account")
        if given["account_share"] > given["employer_share"] + given["employee_share"]:
            row.refuse("account_share", "account_above")
        if row.get("paid_on") and given["paid_on"] > self._today:
            row.refuse("paid_on", "day_out_of_range")

    def there(self, rows: Sequence[Row]) -> Mapping[Key, Mapping[str, Any]]:
        record = ContributionRecord
        query = (
            select(
                record.contribution_month,
                record.person_id,
                record.insurance,
                record.insuring_employer_id,
                record.scheme,
                Employer.uscc,
                record.declared_base_fen.label("declared_base"),
                record.base_fen.label("base"),
                record.employer_fen.label("employer_share"),
                record.employee_fen.label("employee_share"),
                record.account_fen.label("account_share"),
                record.paid_on,
            )
            .outerjoin(Employer, Employer.id == record.employer_id)
            .where(
                record.region_code == self.terms.region_code,
                record.contribution_month.in_({row.values["month"] for row in rows}),
                among(record.person_id, people_of(rows)),
                # The month's own row: what was corrected here lies behind it, and is no file's.
                record.sequence == 0,
            )
        )
        return {
            (
                found.contribution_month,
                found.person_id,
                found.insurance,
                found.insuring_employer_id,
            ): {name: getattr(found, name) for name in self.compared}
            for found in self.session.execute(query)
        }

    def add(self, rows: Sequence[Row]) -> None:
        names = (
            "region_code", "contribution_month", "person_id", "insurance",
            "insuring_employer_id", "sequence", "scheme", "employer_id", "kind",
            "declared_base_fen", "base_fen", "employer_fen", "employee_fen", "account_fen",
            "paid_on", "recorded_at",
        )  # fmt: skip
        for given in {row.values["month"] for row in rows}:
            hold_record_month(self.session.connection(), self.terms.region_code, given)
        # They lie by month and person.
        ordered = sorted(rows, key=lambda row: (row.values["month"], row.person_id or 0))
        insert_many(
            self.session,
            ContributionRecord.__table__,
            names,
            (self._record(row) for row in ordered),
        )

    def amount(self, row: Row) -> int:
        return int(row.values["employer_share"] + row.values["employee_share"])

    def _record(self, row: Row) -> tuple[Any, ...]:
        given = row.values
        return (
            self.terms.region_code,
            given["month"],
            row.person_id,
            Insurance(given["insurance"]),
            insuring_employer_of(row),
            0,
            Scheme(given["scheme"]),
            row.employer_id,
            RecordKind.REGULAR,
            *(given[name] for name in _AMOUNTS),
            row.get("paid_on"),
            self.terms.at,
        )
