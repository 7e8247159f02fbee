"""Benefits of the recipients: most certified in time, some due, some overdue, one paused.

Each was paid for a year, raised in January; of the paused one the last months are held back.
"""

from datetime import datetime, timedelta
from random import Random
from typing import Any

from siweb.demo.people import MadePerson
from siweb.demo.plan import Plan
from siweb.ledgers.tables.benefit_entry import BenefitEntryKind
from siweb.registry.tables.benefit import BenefitKind, BenefitState
from siweb.rules.calendar.months import add_months, first_day, month_of

SOURCES = ("medical", "transport", "bank", "community", "police")
# How long ago the last certification was, in days, by the recipients' order.
_AGO = (300, 100, 350, 380, 40, 200, 330, 420, 290, 10)
_PAUSED_AFTER = 400
_MONTHS, _PAID_ON = 13, 15


def make_benefit(
    plan: Plan, person: MadePerson, order: int, at: datetime
) -> tuple[dict[str, Any], list[dict[str, Any]], list[dict[str, Any]]]:
    """Return a recipient's benefit, signs of life and months; every other one has a fresh sign."""
    random = Random(f"{plan.seed}/benefit/{person.number}")
    ago = _AGO[order % len(_AGO)]
    certified_on = plan.on - timedelta(days=ago)
    is_paused = ago > _PAUSED_AFTER
    benefit = {
        "person_id": person.row["id"],
        "region_code": person.row["region_code"],
        "kind": BenefitKind.PENSION,
        "monthly_fen": random.randint(280_000, 760_000),
        "from_month": add_months(month_of(plan.on), -random.randint(20, 200)),
        "state": BenefitState.SUSPENDED if is_paused else BenefitState.ACTIVE,
        "suspended_from_month": add_months(month_of(certified_on), 13) if is_paused else None,
        "certified_on": certified_on,
    }
    signs = []
    if order % 2 == 0:
        seen_on = plan.on - timedelta(days=random.randint(5, 60))
        signs.append(
            {
                "person_id": person.row["id"],
                "seen_on": seen_on,
                "source": SOURCES[order % len(SOURCES)],
            }
        )
    return benefit, signs, _months(plan, benefit, at)


def _months(plan: Plan, benefit: dict[str, Any], at: datetime) -> list[dict[str, Any]]:
    """Return what was paid for a year, and what was held back of it, of no day after today."""
    held_from = benefit["suspended_from_month"] or "9999-12"
    rows = []
    for ago in range(_MONTHS - 1, -1, -1):
        month = add_months(month_of(plan.on), -ago)
        paid_on = first_day(month) + timedelta(days=_PAID_ON - 1)
        is_held = month >= held_from
        if paid_on > plan.on and not is_held:
            continue
        # Pensions rise in January: what a month comes to now began with it.
        is_raised = month[:4] == month_of(plan.on)[:4]
        now = benefit["monthly_fen"]
        rows.append(
            {
                "region_code": benefit["region_code"],
                "month": month,
                "person_id": benefit["person_id"],
                "benefit": benefit["kind"],
                "kind": BenefitEntryKind.HELD if is_held else BenefitEntryKind.PAID,
                "sequence": 0,
                "amount_fen": now if is_raised else now * 100 // 102,
                "paid_on": None if is_held else paid_on,
                "recorded_at": at,
            }
        )
    return rows
