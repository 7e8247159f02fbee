"""Benefits of the recipients: most certified in time, some due, some overdue, one paused."""

from datetime import timedelta
from random import Random
from typing import Any

from siweb.demo.people import MadePerson
from siweb.demo.plan import Plan
from siweb.registry.tables.benefit import BenefitKind, BenefitState
from siweb.rules.calendar.months import add_months, month_of

SOURCES = ("medical", "transport", "bank", "community", "police")
# How long ago the last certification was, in days, by the recipients' order.
_AGO = (300, 100, 350, 380, 40, 200, 330, 420, 290, 10)
_PAUSED_AFTER = 400


def make_benefit(
    plan: Plan, person: MadePerson, order: int
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return a recipient's benefit and signs of life; every other one has a fresh sign."""
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
    return benefit, signs
