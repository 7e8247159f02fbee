"""Employers (用人单位) of an old system."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from sqlalchemy import select

from siweb.bring_in import cells
from siweb.bring_in.column import Column
from siweb.bring_in.kinds.shared_columns import EMPLOYER, day, words
from siweb.bring_in.read_rows import Row
from siweb.bring_in.row_import import Key, RowImport
from siweb.clock import office_day
from siweb.db.among import among
from siweb.db.insert_many import insert_many
from siweb.filings.sheets import values
from siweb.registry.codes import EmployerStatus
from siweb.registry.employers.industries import read_industries
from siweb.registry.search.follow import let_find_employers
from siweb.registry.tables.employer import Employer

_KINDS = {
    "enterprise": ("企业",),
    "institution": ("事业单位",),
    "government": ("机关", "国家机关"),
    "social_organisation": ("社会团体", "社会组织"),
    "private_non_enterprise": ("民办非企业单位", "社会服务机构"),
    "individual_business": ("个体工商户", "有雇工的个体工商户"),
    "other": ("其他",),
}
# Risk classes since 人社部发〔2015〕71号.
_CLASSES = 8
_WHOLE_TIER = 1_000_000
_CONTACT = (
    "address",
    "phone",
    "legal_representative",
    "handler_name",
    "handler_phone",
    "bank_name",
    "bank_account",
)


class Employers(RowImport):
    """Addresses, people and bank accounts are brought in once: the employer changes them itself."""

    columns: ClassVar[Sequence[Column]] = (
        Column(
            name="uscc",
            heading=EMPLOYER.heading,
            holds="Unified social credit code",
            read=cells.uscc,
            is_needed=True,
        ),
        words("name", "单位名称", "As on the licence", 200, is_needed=True),
        Column(
            name="kind",
            heading="单位类型",
            holds="What kind of organisation it is",
            read=cells.choice(_KINDS),
            is_needed=True,
            codes=_KINDS,
        ),
        Column(
            name="industry_code",
            heading="行业代码",
            holds="Division of GB/T 4754 behind the letter of its section: I65",
            read=cells.digits(8),
            is_needed=True,
        ),
        Column(
            name="injury_class",
            heading="工伤风险类别",
            holds="Risk class that the agency set, 1 to 8; empty is the industry's",
            read=values.whole,
        ),
        Column(
            name="injury_tier",
            heading="工伤浮动费率",
            holds="The floating tier in per cent of the class's rate: 80; empty is 100",
            read=cells.percent,
        ),
        day("established_on", "成立日期", "On the licence", is_needed=True),
        day("cancelled_on", "注销日期", "Of those whose registration ended: the day"),
        words("address", "注册地址", "Registered address", 200),
        Column(name="phone", heading="联系电话", holds="Telephone", read=cells.digits(30)),
        words("legal_representative", "法定代表人", "Name", 100),
        words("handler_name", "经办人", "Who handles social insurance there", 100),
        Column(
            name="handler_phone",
            heading="经办人电话",
            holds="That person's telephone",
            read=cells.digits(30),
        ),
        words("bank_name", "开户银行", "Bank", 100),
        Column(
            name="bank_account",
            heading="银行账号",
            holds="Account that it pays from",
            read=cells.digits(40),
        ),
    )
    compared = (
        "name", "kind", "industry_code", "injury_class", "injury_tier", "established_on",
        "cancelled_on",
    )  # fmt: skip

    def resolve(self, rows: Sequence[Row]) -> None:
        """An employer that nobody has registered yet is what the file is for."""

    def key(self, row: Row) -> Key:
        return str(row.values["uscc"])

    def hold(self, row: Row) -> None:
        code = row.values["industry_code"] = row.values["industry_code"].upper()
        industry = read_industries().get(code)
        if industry is None:
            row.refuse("industry_code", "industry", text=code)
            return
        row.values.setdefault("injury_class", industry.injury_class)
        row.values.setdefault("injury_tier", _WHOLE_TIER)
        if not 1 <= row.values["injury_class"] <= _CLASSES:
            row.refuse("injury_class", "out_of_range", least=1, most=_CLASSES)
        ended_on, on = row.get("cancelled_on"), office_day(self.terms.at)
        if row.values["established_on"] > on:
            row.refuse("established_on", "day_out_of_range")
        if ended_on and not row.values["established_on"] <= ended_on <= on:
            row.refuse("cancelled_on", "day_out_of_range")

    def there(self, rows: Sequence[Row]) -> Mapping[Key, Mapping[str, Any]]:
        query = select(
            Employer.uscc,
            Employer.name,
            Employer.kind,
            Employer.industry_code,
            Employer.injury_class,
            Employer.injury_tier_ppm.label("injury_tier"),
            Employer.established_on,
            Employer.cancelled_on,
        ).where(among(Employer.uscc, [row.values["uscc"] for row in rows]))
        return {
            found.uscc: {name: getattr(found, name) for name in self.compared}
            for found in self.session.execute(query)
        }

    def add(self, rows: Sequence[Row]) -> None:
        names = (
            "uscc", "name", "region_code", "kind", "industry_code", "injury_class",
            "injury_tier_ppm", "established_on", "cancelled_on", "status", "registered_at",
            *_CONTACT,
        )  # fmt: skip
        insert_many(self.session, Employer.__table__, names, (self._row(row) for row in rows))
        let_find_employers(self.session, among(Employer.uscc, [row.values["uscc"] for row in rows]))

    def _row(self, row: Row) -> tuple[Any, ...]:
        given = row.values
        has_ended = row.get("cancelled_on") is not None
        status = EmployerStatus.CANCELLED if has_ended else EmployerStatus.ACTIVE
        return (
            given["uscc"],
            given["name"],
            self.terms.region_code,
            given["kind"],
            given["industry_code"],
            given["injury_class"],
            given["injury_tier"],
            given["established_on"],
            row.get("cancelled_on"),
            status,
            self.terms.at,
            *(row.get(name) for name in _CONTACT),
        )
