"""The two regions' agencies and their open campaigns."""

from datetime import timedelta
from typing import Any

from siweb.demo.plan import REGIONS, Plan
from siweb.registry.codes import AgencyKind, Insurance
from siweb.reviews.tables.campaign import ReviewKind
from siweb.rules.calendar.months import add_months, month_of
from siweb.rules.parameters.pack_set import PackSet

_NAMES = {"310000": ("上海市", "Shanghai"), "330100": ("杭州市", "Hangzhou")}
_MEDICAL = frozenset({Insurance.MEDICAL, Insurance.MATERNITY})
_RUN = {AgencyKind.HRSS: frozenset(Insurance) - _MEDICAL, AgencyKind.MEDICAL: _MEDICAL}
_TITLES = {
    AgencyKind.HRSS: ("社会保险事业管理中心（示范）", "Social Insurance Centre (demonstration)"),
    AgencyKind.MEDICAL: (
        "医疗保险事业管理中心（示范）",
        "Medical Security Centre (demonstration)",
    ),
}


def make_agencies() -> list[dict[str, Any]]:
    """Return both agencies of both regions."""
    rows = []
    for region in REGIONS:
        for number, kind in enumerate((AgencyKind.HRSS, AgencyKind.MEDICAL), 1):
            (city_zh, city_en), (title_zh, title_en) = _NAMES[region], _TITLES[kind]
            rows.append(
                {
                    "region_code": region,
                    "kind": kind,
                    "name_zh": city_zh + title_zh,
                    "name_en": f"{city_en} {title_en}",
                    "address_zh": f"{city_zh}示范路{number}00号",
                    "address_en": f"{number}00 Shifan Road, {city_en}",
                    "hours": "周一至周五 Mon–Fri 9:00–11:30, 13:30–17:00",
                    "insurances": _RUN[kind],
                    "phone": "12333" if kind is AgencyKind.HRSS else "12393",
                }
            )
    return rows


def make_campaigns(plan: Plan, packs: PackSet) -> list[dict[str, Any]]:
    """Return one open campaign of each kind for each region."""
    rows = []
    opens_on, closes_on = plan.on - timedelta(days=30), plan.on + timedelta(days=60)
    next_month = add_months(month_of(plan.on), 1)
    for region in REGIONS:
        first = packs.parameters(region, next_month).payment_year().first_month
        ends = add_months(next_month, (first - int(next_month[5:]) - 1) % 12)
        begins, year = add_months(ends, -11), plan.reviewed_year
        for kind, of_year, period, closes in (
            (ReviewKind.RECORD_CHECK, year, (f"{year}-01", f"{year}-12"), closes_on),
            (ReviewKind.BASE_CHOICE, int(next_month[:4]), (next_month, ends), closes_on),
            # Of the payment year that runs: its employers and their people have answers to give.
            (ReviewKind.EMPLOYER_BASES, int(begins[:4]), (begins, ends), closes_on),
            # For the next calendar year, by which residents are insured.
            (
                ReviewKind.MEDICAL_STATUS,
                plan.on.year + 1,
                (f"{plan.on.year + 1}-01", f"{plan.on.year + 1}-12"),
                closes_on,
            ),
            (ReviewKind.CERTIFICATION, plan.on.year, (next_month, next_month), None),
        ):
            rows.append(
                {
                    "region_code": region,
                    "kind": kind,
                    "year": of_year,
                    "period_from_month": period[0],
                    "period_to_month": period[1],
                    "opens_on": opens_on,
                    "closes_on": closes,
                    "rules": {"correction_days": 30, "employer_days": 15, "match_days": 90},
                }
            )
    return rows
