"""Individual accounts (个人账户) of an old system: what was there, and the years since."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, ClassVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from siweb.bring_in import cells
from siweb.bring_in.column import Column
from siweb.bring_in.kinds.records import levied_months
from siweb.bring_in.kinds.shared_columns import PERSON, day, money, month
from siweb.bring_in.read_rows import Row
from siweb.bring_in.row_import import Key, RowImport, Terms, people_of
from siweb.clock import office_day
from siweb.db.among import among
from siweb.db.insert_many import insert_many
from siweb.db.next_number import take_numbers
from siweb.filings.sheets import values
from siweb.ledgers.tables.account_entry import AccountEntry, EntryKind
from siweb.rules.calendar.months import add_months, first_day

_KINDS = {
    "opening": ("期初余额", "年初余额", "上年结转"),
    "credit": ("记入", "当期记入", "本金"),
    "interest": ("利息", "记账利息"),
    "provisional_interest": ("预记利息", "暂记利息"),
}
_FIRST_YEAR = 1992
_CREDITED = (EntryKind.OPENING, EntryKind.CREDIT)


class Accounts(RowImport):
    """One row for each entry: the balance when a year began, then credits and interest by year.

    Credits name their month: the interest of a year that is settled here counts from it.
    """

    columns: ClassVar[Sequence[Column]] = (
        PERSON,
        Column(
            name="year",
            heading="年度",
            holds="Calendar year: 2025",
            read=values.whole,
            is_needed=True,
        ),
        Column(
            name="kind",
            heading="类别",
            holds="The balance on 1 January, a month's credit, or the year's interest",
            read=cells.choice(_KINDS),
            is_needed=True,
            codes=_KINDS,
        ),
        month("month", "费款所属期", "Of a credit, needed: its month; empty for the others"),
        money("amount", "金额", "The amount"),
        day(
            "posted_on",
            "入账日期",
            "Day of the entry; empty is the first or last of its time",
            # Interest goes on until the account is paid to the heirs.
            may_follow_death=True,
        ),
    )
    compared = ("amount",)

    def __init__(self, session: Session, terms: Terms) -> None:
        super().__init__(session, terms)
        self._levied = levied_months(session, terms.region_code)
        self._today = office_day(terms.at)

    def key(self, row: Row) -> Key:
        given = row.values
        return (row.person_id, given["year"], given["kind"], row.get("month"))

    def hold(self, row: Row) -> None:
        given, of_month = row.values, row.get("month")
        if not _FIRST_YEAR <= given["year"] <= self._today.year:
            row.refuse("year", "out_of_range", least=_FIRST_YEAR, most=self._today.year)
            return
        is_credit = given["kind"] == EntryKind.CREDIT
        if is_credit and (of_month is None or of_month[:4] != f"{given['year']:04}"):
            row.refuse("month", "credit_month")
        elif not is_credit and of_month is not None:
            row.refuse("month", "no_month")
        elif of_month in self._levied:
            row.refuse("month", "levied_here", text=of_month)
        elif self._day(row) > self._today:
            row.refuse("posted_on", "day_out_of_range")

    def there(self, rows: Sequence[Row]) -> Mapping[Key, Mapping[str, Any]]:
        entry = AccountEntry
        key = (entry.person_id, entry.year, entry.kind, entry.contribution_month)
        query = (
            select(*key, func.sum(entry.amount_fen).label("amount"))
            .where(
                among(entry.person_id, people_of(rows)),
                # Entries of records are of months that this office levied: no file brings them.
                entry.record_sequence.is_(None),
                entry.kind.in_([EntryKind(kind) for kind in _KINDS]),
            )
            .group_by(*key)
        )
        return {
            (found.person_id, found.year, found.kind, found.contribution_month): {
                "amount": int(found.amount)
            }
            for found in self.session.execute(query)
        }

    def hold_together(self, rows: Sequence[Row]) -> None:
        """Name what stands before an account's opening balance: it is in that balance already."""
        begins = self._beginnings(rows)
        for row in rows:
            is_opening = row.values["kind"] == EntryKind.OPENING
            others = begins.get((row.person_id, not is_opening))
            if others is not None and (
                row.values["year"] > others if is_opening else row.values["year"] < others
            ):
                row.refuse("year", "before_opening")

    def add(self, rows: Sequence[Row]) -> None:
        names = (
            "person_id", "entry_number", "region_code", "year", "kind", "contribution_month",
            "amount_fen", "posted_on", "recorded_on",
        )  # fmt: skip
        # Asked before: nothing else is asked of a connection that rows are being copied over.
        owners = [(row.person_id,) for row in rows]
        numbers = take_numbers(
            self.session, AccountEntry.entry_number, (AccountEntry.person_id,), owners
        )
        insert_many(
            self.session,
            AccountEntry.__table__,
            names,
            (
                (
                    row.person_id,
                    number,
                    self.terms.region_code,
                    row.values["year"],
                    EntryKind(row.values["kind"]),
                    row.get("month"),
                    row.values["amount"],
                    self._day(row),
                    self._today,
                )
                for row, number in zip(rows, numbers, strict=True)
            ),
        )

    def amount(self, row: Row) -> int:
        """Interest has its own proof."""
        return int(row.values["amount"]) if row.values["kind"] in _CREDITED else 0

    def _day(self, row: Row) -> date:
        given = row.values
        if (posted_on := row.get("posted_on")) is not None:
            return date.fromisoformat(posted_on.isoformat())
        if given["kind"] == EntryKind.OPENING:
            return date(given["year"], 1, 1)
        last = row.get("month") or f"{given['year']:04}-12"
        # The running year ends in the future: no entry is of a day to come.
        return min(first_day(add_months(last, 1)) - timedelta(days=1), self._today)

    def _beginnings(self, rows: Sequence[Row]) -> dict[tuple[int | None, bool], int]:
        """Return each person's year of an opening (True), the latest, and first other year."""
        entry = AccountEntry
        is_opening = entry.kind == EntryKind.OPENING
        query = (
            select(entry.person_id, is_opening, func.min(entry.year), func.max(entry.year))
            .where(among(entry.person_id, people_of(rows)))
            .group_by(entry.person_id, is_opening)
        )
        found: dict[tuple[int | None, bool], int] = {}
        for person_id, opens, first, last in self.session.execute(query):
            found[person_id, bool(opens)] = last if opens else first
        for row in rows:
            opens = row.values["kind"] == EntryKind.OPENING
            place, year = (row.person_id, opens), row.values["year"]
            before = found.get(place, year)
            found[place] = max(before, year) if opens else min(before, year)
        return found
