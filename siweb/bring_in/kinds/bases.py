"""Declared bases (缴费基数) of an old system."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from sqlalchemy import select

from siweb.bring_in import cells
from siweb.bring_in.column import Column
from siweb.bring_in.kinds.shared_columns import EMPLOYER, INSURANCE_CODES, PERSON, money, month
from siweb.bring_in.read_rows import Row
from siweb.bring_in.row_import import Key, RowImport, people_of
from siweb.db.among import among
from siweb.db.insert_many import insert_many
from siweb.db.next_number import take_numbers
from siweb.registry.codes import Insurance
from siweb.registry.tables.declared_base import BROUGHT_IN, NO_EMPLOYER, DeclaredBase


class Bases(RowImport):
    """What a levy here goes by from the base's month on; recorded months keep their own base."""

    columns: ClassVar[Sequence[Column]] = (
        PERSON,
        EMPLOYER,
        Column(
            name="insurance",
            heading="险种",
            holds="Which insurance alone; empty for all",
            read=cells.choice(INSURANCE_CODES),
            codes=INSURANCE_CODES,
        ),
        month("from_month", "起始月", "From which month on", is_needed=True),
        money("declared_base", "申报基数", "The declared base of a month"),
    )
    compared = ("declared_base",)

    def key(self, row: Row) -> Key:
        return (row.person_id, row.employer_id, row.get("insurance"), row.values["from_month"])

    def there(self, rows: Sequence[Row]) -> Mapping[Key, Mapping[str, Any]]:
        base = DeclaredBase
        query = (
            select(
                base.person_id,
                base.employer_id,
                base.insurance,
                base.from_month,
                base.declared_base_fen,
            )
            .where(among(base.person_id, people_of(rows)), base.withdrawn_at.is_(None))
            .order_by(base.declared_at, base.base_number)
        )
        # The newest of a month is the one in force.
        return {
            (found.person_id, found.employer_id, found.insurance, found.from_month): {
                "declared_base": found.declared_base_fen
            }
            for found in self.session.execute(query)
        }

    def add(self, rows: Sequence[Row]) -> None:
        base = DeclaredBase
        owner = (base.person_id, base.declaring_employer_id, base.from_month)
        owners = [
            (row.person_id, row.employer_id or NO_EMPLOYER, row.values["from_month"])
            for row in rows
        ]
        numbers = take_numbers(self.session, base.base_number, owner, owners)
        names = (
            "person_id", "declaring_employer_id", "from_month", "base_number", "region_code",
            "employer_id", "insurance", "declared_base_fen", "origin", "declared_at",
        )  # fmt: skip
        insert_many(
            self.session,
            DeclaredBase.__table__,
            names,
            (
                (
                    *of,
                    number,
                    self.terms.region_code,
                    row.employer_id,
                    None if row.get("insurance") is None else Insurance(row.values["insurance"]),
                    row.values["declared_base"],
                    BROUGHT_IN,
                    self.terms.at,
                )
                for row, of, number in zip(rows, owners, numbers, strict=True)
            ),
        )
