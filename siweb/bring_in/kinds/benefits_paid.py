"""What the paying side paid of benefits, month by month: handed in after each of its runs."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from siweb.bring_in import cells
from siweb.bring_in.column import Column
from siweb.bring_in.kinds.benefits import KINDS
from siweb.bring_in.kinds.shared_columns import PERSON, day, month
from siweb.bring_in.read_rows import Row
from siweb.bring_in.row_import import Key, RowImport, Terms, people_of, yuan_text
from siweb.clock import office_day
from siweb.collection.tables.payout import Payout, PayoutKind
from siweb.db.among import among
from siweb.db.insert_many import insert_many
from siweb.ledgers.tables.benefit_entry import BenefitEntry, BenefitEntryKind
from siweb.registry.person_keys import former_keys
from siweb.registry.tables.benefit import Benefit, BenefitKind
from siweb.rules.calendar.months import month_of

_ENTRIES = {
    "paid": ("发放", "当期发放", "正常发放"),
    "adjusted": ("调整", "补差", "扣回"),
    "back_pay": ("补发",),
}
_Place = tuple[int, str, str]


class BenefitsPaid(RowImport):
    """One row for each amount that was paid; what the office decided as back pay gets its day.

    The month that was paid last is what the benefit comes to from then on.
    """

    columns: ClassVar[Sequence[Column]] = (
        PERSON,
        Column(
            name="benefit",
            heading="待遇类别",
            holds="Which benefit",
            read=cells.choice(KINDS),
            is_needed=True,
            codes=KINDS,
        ),
        # After a death it is overpaid, and named as that (`ledgers/benefits/overpaid.py`): what was
        # paid stays a fact.
        month(
            "month",
            "待遇所属期",
            "Which month it was paid for",
            is_needed=True,
            may_follow_death=True,
        ),
        Column(
            name="entry",
            heading="发放类型",
            holds="The month itself, a difference, or back pay decided here; empty is paid",
            read=cells.choice(_ENTRIES),
            codes=_ENTRIES,
        ),
        Column(
            name="amount",
            heading="发放金额",
            holds="What was paid, in yuan: 8000 or 8000.00; taken back, of a difference: -80.00",
            read=cells.signed_fen,
            is_needed=True,
            is_sum=True,
        ),
        day("paid_on", "发放日期", "The day of payment", is_needed=True, may_follow_death=True),
    )
    compared = ("amount", "paid_on")

    def __init__(self, session: Session, terms: Terms) -> None:
        super().__init__(session, terms)
        self._today = office_day(terms.at)
        self._benefits: dict[tuple[int | None, str], Benefit] = {}
        self._back_pay: dict[_Place, BenefitEntry] = {}
        # Whose back pay, decided when, this office pays by itself.
        self._by_file: set[tuple[int | None, datetime]] = set()

    def resolve(self, rows: Sequence[Row]) -> None:
        """Find whose benefits rows are about; of one with former keys the benefit's own counts."""
        super().resolve(rows)
        former = former_keys(self.session, set(people_of(rows)))
        keys = [*people_of(rows), *former]
        found = self.session.scalars(
            select(Benefit)
            .where(among(Benefit.person_id, keys), Benefit.region_code == self.terms.region_code)
            # An earlier portion may have raised them.
            .execution_options(populate_existing=True)
        )
        self._benefits = {
            (former.get(each.person_id, each.person_id), each.kind.value): each for each in found
        }
        back_pay = self.session.scalars(
            select(BenefitEntry).where(
                among(BenefitEntry.person_id, keys),
                BenefitEntry.region_code == self.terms.region_code,
                BenefitEntry.kind == BenefitEntryKind.BACK_PAY,
            )
        )
        paid_here = self.session.scalars(
            select(Payout).where(among(Payout.person_id, keys), Payout.kind == PayoutKind.BENEFIT)
        )
        self._by_file = {
            (former.get(each.person_id or 0, each.person_id), each.ordered_at) for each in paid_here
        }
        self._back_pay = {
            (each.person_id, each.benefit.value, each.month): each for each in back_pay
        }

    def key(self, row: Row) -> Key:
        given, entry = row.values, row.get("entry")
        # A month is paid once; differences of it may come on several days.
        day_of_difference = given["paid_on"] if entry == BenefitEntryKind.ADJUSTED else None
        return (*self._place(row), entry, day_of_difference)

    def hold(self, row: Row) -> None:
        given = row.values
        entry = given.setdefault("entry", BenefitEntryKind.PAID.value)
        benefit = self._benefits.get((row.person_id, given["benefit"]))
        if benefit is None:
            row.refuse("benefit", "unknown_benefit")
            return
        if given["month"] < benefit.from_month:
            row.refuse("month", "before_benefit", text=benefit.from_month)
        if given["month"] > month_of(self._today):
            row.refuse("month", "month_to_come")
        if given["paid_on"] > self._today:
            row.refuse("paid_on", "day_out_of_range")
        if given["amount"] == 0 or (given["amount"] < 0 and entry != BenefitEntryKind.ADJUSTED):
            row.refuse("amount", "above_zero")
        self._hold_back_pay(row, entry)

    def _hold_back_pay(self, row: Row, entry: str) -> None:
        decided = self._back_pay.get(self._place(row))
        if entry == BenefitEntryKind.PAID and decided is not None:
            row.refuse("month", "paid_back_here")
        if entry != BenefitEntryKind.BACK_PAY:
            return
        if decided is None:
            row.refuse("month", "no_back_pay")
        elif (row.person_id, decided.recorded_at) in self._by_file:
            row.refuse("month", "paid_by_file")
        elif decided.amount_fen != row.values["amount"]:
            facts = {
                "found": yuan_text(decided.amount_fen),
                "given": yuan_text(row.values["amount"]),
            }
            row.refuse("amount", "differs", **facts)

    def there(self, rows: Sequence[Row]) -> Mapping[Key, Mapping[str, Any]]:
        found: dict[Key, Mapping[str, Any]] = {}
        for entry in self.session.scalars(self._entries_of(rows)):
            if entry.kind is BenefitEntryKind.HELD or entry.paid_on is None:
                continue
            is_difference = entry.kind is BenefitEntryKind.ADJUSTED
            key = (
                entry.person_id,
                entry.benefit.value,
                entry.month,
                entry.kind.value,
                entry.paid_on if is_difference else None,
            )
            found[key] = {"amount": entry.amount_fen, "paid_on": entry.paid_on}
        return found

    def add(self, rows: Sequence[Row]) -> None:
        decided = [row for row in rows if row.values["entry"] == BenefitEntryKind.BACK_PAY]
        for row in decided:
            self._back_pay[self._place(row)].paid_on = row.values["paid_on"]
        self.session.flush()
        new = [row for row in rows if row.values["entry"] != BenefitEntryKind.BACK_PAY]
        if new:
            self._insert(new)
            self._raise(new)

    def amount(self, row: Row) -> int:
        """Return what a row adds; back pay was decided, and is in the books before it is paid."""
        is_decided = row.values["entry"] == BenefitEntryKind.BACK_PAY
        return 0 if is_decided else int(row.values["amount"])

    def _place(self, row: Row) -> _Place:
        given = row.values
        benefit = self._benefits.get((row.person_id, given["benefit"]))
        # Who is unknown, or draws nothing here, was refused before: nothing is looked up of them.
        person_id = (row.person_id or 0) if benefit is None else benefit.person_id
        return (person_id, given["benefit"], given["month"])

    def _entries_of(self, rows: Sequence[Row]) -> Any:
        months = {row.values["month"] for row in rows}
        people = {self._place(row)[0] for row in rows}
        return select(BenefitEntry).where(
            BenefitEntry.region_code == self.terms.region_code,
            BenefitEntry.month.in_(sorted(months)),
            among(BenefitEntry.person_id, people),
        )

    def _insert(self, rows: Sequence[Row]) -> None:
        names = (
            "region_code", "month", "person_id", "benefit", "kind", "sequence", "amount_fen",
            "paid_on", "recorded_at",
        )  # fmt: skip
        differences: dict[_Place, int] = {}
        for entry in self.session.scalars(self._entries_of(rows)):
            if entry.kind is BenefitEntryKind.ADJUSTED:
                place = (entry.person_id, entry.benefit.value, entry.month)
                differences[place] = max(differences.get(place, 0), entry.sequence + 1)
        listed = []
        for row in rows:
            given, place = row.values, self._place(row)
            kind, sequence = BenefitEntryKind(given["entry"]), 0
            if kind is BenefitEntryKind.ADJUSTED:
                sequence = differences.get(place, 0)
                differences[place] = sequence + 1
            listed.append(
                (
                    self.terms.region_code,
                    given["month"],
                    place[0],
                    BenefitKind(given["benefit"]),
                    kind,
                    sequence,
                    given["amount"],
                    given["paid_on"],
                    self.terms.at,
                )
            )
        insert_many(self.session, BenefitEntry.__table__, names, listed)

    def _raise(self, rows: Sequence[Row]) -> None:
        """Let benefits come to what their last paid month came to, where that changed."""
        entry = BenefitEntry
        changed: dict[str, set[int]] = {}
        last = self._last_months(rows)
        for row in rows:
            person_id, kind, of_month = self._place(row)
            is_paid = row.values["entry"] == BenefitEntryKind.PAID
            benefit = self._benefits[row.person_id, kind]
            if (
                is_paid
                and of_month == last.get((person_id, kind))
                and benefit.monthly_fen != row.values["amount"]
            ):
                changed.setdefault(kind, set()).add(benefit.person_id)
        for kind, people in changed.items():
            of_last = select(func.max(entry.month)).where(
                entry.person_id == Benefit.person_id,
                entry.benefit == BenefitKind(kind),
                entry.kind == BenefitEntryKind.PAID,
            )
            amount = select(entry.amount_fen).where(
                entry.person_id == Benefit.person_id,
                entry.benefit == BenefitKind(kind),
                entry.kind == BenefitEntryKind.PAID,
                entry.month == of_last.correlate(Benefit).scalar_subquery(),
            )
            self.session.execute(
                update(Benefit)
                .where(Benefit.kind == BenefitKind(kind), among(Benefit.person_id, people))
                .values(monthly_fen=amount.correlate(Benefit).scalar_subquery())
                .execution_options(synchronize_session=False)
            )

    def _last_months(self, rows: Sequence[Row]) -> dict[tuple[int, str], str]:
        entry = BenefitEntry
        places = {self._place(row)[:2] for row in rows}
        query = (
            select(entry.person_id, entry.benefit, func.max(entry.month))
            .where(
                entry.kind == BenefitEntryKind.PAID,
                among(entry.person_id, {person for person, _kind in places}),
            )
            .group_by(entry.person_id, entry.benefit)
        )
        return {(person, kind.value): last for person, kind, last in self.session.execute(query)}
