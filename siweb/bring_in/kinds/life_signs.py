"""Signs of life (数据比对) from other bodies' data: whoever has a fresh one is not asked."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from sqlalchemy import select

from siweb.bring_in import cells
from siweb.bring_in.column import Column
from siweb.bring_in.kinds.shared_columns import PERSON, day
from siweb.bring_in.read_rows import Row
from siweb.bring_in.row_import import Key, RowImport, people_of
from siweb.clock import office_day
from siweb.db.among import among
from siweb.db.insert_many import insert_many
from siweb.registry.tables.benefit import LifeSign

_SOURCES = {
    "medical": ("就医", "医疗"),
    "transport": ("出行", "交通"),
    "bank": ("银行", "金融"),
    "community": ("社区", "基层"),
    "police": ("公安",),
}


class LifeSigns(RowImport):
    """A list for certification, of an old system or of another body; it never stops anything."""

    columns: ClassVar[Sequence[Column]] = (
        PERSON,
        day("seen_on", "日期", "The day of the sign", is_needed=True),
        Column(
            name="source",
            heading="来源",
            holds="Whose data it is",
            read=cells.choice(_SOURCES),
            is_needed=True,
            codes=_SOURCES,
        ),
    )
    compared = ()

    def key(self, row: Row) -> Key:
        return (row.person_id, row.values["seen_on"], row.values["source"])

    def hold(self, row: Row) -> None:
        if row.values["seen_on"] > office_day(self.terms.at):
            row.refuse("seen_on", "day_out_of_range")

    def there(self, rows: Sequence[Row]) -> Mapping[Key, Mapping[str, Any]]:
        query = select(LifeSign.person_id, LifeSign.seen_on, LifeSign.source).where(
            among(LifeSign.person_id, people_of(rows)),
            # One that was taken back may come again, rightly now.
            LifeSign.withdrawn_at.is_(None),
        )
        return {tuple(found): {} for found in self.session.execute(query)}

    def add(self, rows: Sequence[Row]) -> None:
        insert_many(
            self.session,
            LifeSign.__table__,
            ("person_id", "seen_on", "source"),
            ((row.person_id, row.values["seen_on"], row.values["source"]) for row in rows),
        )
