"""Made-up employers with valid social credit codes."""

from datetime import date, datetime
from random import Random
from typing import Any

from siweb.demo.names import BRANDS, TRADES, make_address, make_name
from siweb.demo.plan import REGIONS, Plan
from siweb.registry.codes import EmployerStatus
from siweb.rules.identifiers.uscc import org_check_character, uscc_check_character

TIERS = (500_000, 800_000, 1_000_000, 1_000_000, 1_000_000, 1_200_000)
CITY_NAMES = {"310000": "上海", "330100": "杭州"}


def make_employers(plan: Plan, first_id: int, at: datetime) -> list[dict[str, Any]]:
    """Return the employers' rows, three in five in the first region."""
    return [_row(plan, number, first_id + number, at) for number in range(plan.employers)]


def _row(plan: Plan, number: int, employer_id: int, at: datetime) -> dict[str, Any]:
    random = Random(f"{plan.seed}/employer/{number}")
    region = REGIONS[0] if number % 5 < 3 else REGIONS[1]
    trade, industry, injury_class = TRADES[number % len(TRADES)]
    brand = BRANDS[number % len(BRANDS)] + ("" if number < len(BRANDS) else str(number))
    tier = 1_000_000 if injury_class == 1 else random.choice(TIERS)
    return {
        "id": employer_id,
        "uscc": make_uscc(region, number),
        "name": f"{CITY_NAMES[region]}{brand}{trade}有限公司（示范）",
        "region_code": region,
        "kind": "enterprise",
        "industry_code": industry,
        "injury_class": injury_class,
        "injury_tier_ppm": tier,
        "address": make_address(random),
        "phone": f"021-{random.randint(10_000_000, 99_999_999)}",
        "legal_representative": make_name(random, is_male=random.random() < 0.5),
        "bank_name": "示范银行",
        "bank_account": f"6222{random.randint(0, 10**12 - 1):012d}",
        "established_on": date(random.randint(1998, 2019), random.randint(1, 12), 1),
        "status": EmployerStatus.ACTIVE,
        "registered_at": at,
    }


def make_uscc(region: str, number: int) -> str:
    """Return a valid social credit code of a company."""
    first_8 = f"MAD{number:05d}"
    first_17 = f"91{region[:4]}01{first_8}{org_check_character(first_8)}"
    return first_17 + uscc_check_character(first_17)
