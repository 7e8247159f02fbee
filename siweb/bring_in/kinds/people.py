"""People (参保人) of an old system."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from sqlalchemy import select

from siweb.bring_in import cells
from siweb.bring_in.column import Column
from siweb.bring_in.kinds.shared_columns import PERSON, day, words
from siweb.bring_in.read_rows import Row
from siweb.bring_in.row_import import Key, RowImport
from siweb.clock import office_day
from siweb.db.among import among
from siweb.db.sealing.field_keys import number_digest
from siweb.filings.sheets import values
from siweb.registry.codes import RetirementCategory, Sex
from siweb.registry.insert_people import insert_people
from siweb.registry.tables.former_number import keys_of_digests
from siweb.registry.tables.person import Person
from siweb.rules.identifiers.identity_number import parse_identity_number

_CATEGORIES = {
    "female55": ("55", "干部", "女干部", "管理技术岗位"),
    "female50": ("50", "工人", "女工人", "生产岗位"),
}
# A working life is no longer; more is a mistake of the file's.
_MOST_DEEMED = 600
_CONTACT = ("mobile", "email", "address", "postcode")


class People(RowImport):
    """Contact details are brought in once and not compared: people change them themselves."""

    columns: ClassVar[Sequence[Column]] = (
        PERSON,
        Column(
            name="name",
            heading="姓名",
            holds="As on the ID card, at most 100 characters",
            read=cells.name,
            is_needed=True,
        ),
        Column(
            name="retirement_category",
            heading="退休类别",
            holds="Of a woman, needed: which age held for her post; empty for men",
            read=cells.choice(_CATEGORIES),
            codes=_CATEGORIES,
        ),
        Column(
            name="deemed_months",
            heading="视同缴费月数",
            holds="Months before joining that count as contributed (SIL 13); empty is 0",
            read=values.whole,
        ),
        day("died_on", "死亡日期", "Of the dead: the day"),
        Column(
            name="mobile",
            heading="手机号码",
            holds="Mobile number, 11 digits",
            read=values.mobile,
        ),
        words("email", "电子邮箱", "E-mail address", 254),
        words("address", "地址", "Postal address", 200),
        Column(
            name="postcode",
            heading="邮政编码",
            holds="Postcode, at most 10 characters",
            read=cells.digits(10),
        ),
    )
    compared = ("name", "retirement_category", "deemed_months", "died_on")

    def resolve(self, rows: Sequence[Row]) -> None:
        """A person that nobody has registered yet is what the file is for."""

    def key(self, row: Row) -> Key:
        return number_digest(row.values["id_number"])

    def hold(self, row: Row) -> None:
        number = parse_identity_number(row.values["id_number"])
        is_man = number.sex.value == Sex.MALE
        if is_man:
            row.values["retirement_category"] = RetirementCategory.MALE.value
        elif row.get("retirement_category") is None:
            row.refuse("retirement_category", "category_missing")
        row.values.setdefault("deemed_months", 0)
        if row.values["deemed_months"] > _MOST_DEEMED:
            row.refuse("deemed_months", "out_of_range", least=0, most=_MOST_DEEMED)
        died_on = row.get("died_on")
        if died_on and not number.birth_date <= died_on <= office_day(self.terms.at):
            row.refuse("died_on", "day_out_of_range")
        row.values |= {"sex": Sex(number.sex.value), "born_on": number.birth_date}

    def there(self, rows: Sequence[Row]) -> Mapping[Key, Mapping[str, Any]]:
        digests = [str(self.key(row)) for row in rows]
        keys = self.session.execute(keys_of_digests(lambda digest: among(digest, digests))).all()
        # Joined to those keys, SQLite would go through all of them for each person.
        query = select(
            Person.id,
            Person.name,
            Person.retirement_category,
            Person.deemed_months,
            Person.died_on,
        ).where(among(Person.id, {person_id for person_id, _digest in keys}))
        there = {
            found.id: {name: getattr(found, name) for name in self.compared}
            for found in self.session.execute(query)
        }
        by_digest = {digest: person_id for person_id, digest in keys}
        for row in rows:
            # A row that contradicts the register says what stands there: of whom is noted.
            row.person_id = by_digest.get(str(self.key(row)))
        return {digest: there[person_id] for digest, person_id in by_digest.items()}

    def add(self, rows: Sequence[Row]) -> None:
        people = [
            {
                "id_number": row.values["id_number"],
                "name": row.values["name"],
                "sex": row.values["sex"],
                "born_on": row.values["born_on"],
                "region_code": self.terms.region_code,
                "retirement_category": RetirementCategory(row.values["retirement_category"]),
                "deemed_months": row.values["deemed_months"],
                "died_on": row.get("died_on"),
                "registered_at": self.terms.at,
                **{name: row.get(name) for name in _CONTACT},
            }
            for row in rows
        ]
        insert_people(self.session, people, [str(self.key(row)) for row in rows])
