"""Long-term benefits (待遇) that an old system pays: certification goes on here."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from sqlalchemy import exists, select

from siweb.bring_in import cells
from siweb.bring_in.column import Column
from siweb.bring_in.kinds.shared_columns import PERSON, day, money, month
from siweb.bring_in.read_rows import Row
from siweb.bring_in.row_import import Key, RowImport, people_of
from siweb.clock import office_day
from siweb.db.among import among
from siweb.db.insert_many import insert_many
from siweb.ledgers.tables.benefit_entry import BenefitEntry, BenefitEntryKind
from siweb.registry.tables.benefit import Benefit, BenefitKind, BenefitState

KINDS = {
    "pension": ("养老金", "基本养老金"),
    "injury": ("伤残津贴", "工伤待遇"),
    "survivor": ("供养亲属抚恤金", "遗属待遇"),
    "unemployment": ("失业保险金",),
}
_STATES = {
    "active": ("正常", "正常发放", "发放中"),
    "suspended": ("暂停", "暂停发放"),
    "terminated": ("终止", "停发"),
}


class Benefits(RowImport):
    """State and certification change here and are not compared; amount and beginning are.

    The amount too changes once months are paid: then those say what the benefit comes to.
    """

    columns: ClassVar[Sequence[Column]] = (
        PERSON,
        Column(
            name="kind",
            heading="待遇类别",
            holds="Which benefit; each is once a person",
            read=cells.choice(KINDS),
            is_needed=True,
            codes=KINDS,
        ),
        money("monthly", "月标准", "What is paid a month"),
        month("from_month", "享受起始月", "First month", is_needed=True),
        Column(
            name="state",
            heading="状态",
            holds="How it stands; empty is active",
            read=cells.choice(_STATES),
            codes=_STATES,
        ),
        month(
            "suspended_from_month",
            "暂停起始月",
            "Of a suspended one, needed: from which month",
            # An old system suspended many when it heard of the death, months later.
            may_follow_death=True,
        ),
        day("certified_on", "最近认证日期", "Last certification", is_needed=True),
    )
    compared = ("monthly", "from_month")

    def key(self, row: Row) -> Key:
        return (row.person_id, row.values["kind"])

    def hold(self, row: Row) -> None:
        state = row.values.setdefault("state", BenefitState.ACTIVE.value)
        is_suspended = state == BenefitState.SUSPENDED
        if is_suspended != (row.get("suspended_from_month") is not None):
            row.refuse("suspended_from_month", "suspended_from")
        if row.values["certified_on"] > office_day(self.terms.at):
            row.refuse("certified_on", "day_out_of_range")

    def there(self, rows: Sequence[Row]) -> Mapping[Key, Mapping[str, Any]]:
        is_paid = exists().where(
            BenefitEntry.person_id == Benefit.person_id,
            BenefitEntry.benefit == Benefit.kind,
            BenefitEntry.kind == BenefitEntryKind.PAID,
        )
        query = select(
            Benefit.person_id, Benefit.kind, Benefit.monthly_fen, Benefit.from_month, is_paid
        ).where(among(Benefit.person_id, people_of(rows)))
        given = {self.key(row): row.values["monthly"] for row in rows}
        found: dict[Key, Mapping[str, Any]] = {}
        for person_id, kind, monthly, from_month, has_months in self.session.execute(query):
            key = (person_id, kind)
            expected = given.get(key) if has_months else monthly
            found[key] = {"monthly": expected, "from_month": from_month}
        return found

    def add(self, rows: Sequence[Row]) -> None:
        names = (
            "person_id", "region_code", "kind", "monthly_fen", "from_month", "state",
            "suspended_from_month", "certified_on",
        )  # fmt: skip
        insert_many(
            self.session,
            Benefit.__table__,
            names,
            (
                (
                    row.person_id,
                    self.terms.region_code,
                    BenefitKind(row.values["kind"]),
                    row.values["monthly"],
                    row.values["from_month"],
                    BenefitState(row.values["state"]),
                    row.get("suspended_from_month"),
                    row.values["certified_on"],
                )
                for row in rows
            ),
        )
