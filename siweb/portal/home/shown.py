"""Home as its template wants it: cards in words, pictures drawn, services by kind of person."""

from datetime import date
from typing import Any

from siweb.ledgers.account.growth import draw_growth
from siweb.ledgers.benefits.labels import BENEFITS
from siweb.ledgers.record.twelve_months import twelve_months
from siweb.ledgers.record.without_months import Without, without_months
from siweb.portal.home.cards import SOON, cards_of
from siweb.portal.home.load import Home
from siweb.registry.regions.provinces import provinces
from siweb.web.language.formats import yuan_number

# Cards that stand open; the rest is folded.
OPEN_CARDS = 5
_SHOWN_YEARS = 6


def shown(home: Home, on: date) -> dict[str, Any]:
    """Return what the template of home shows besides what was found."""
    cards = cards_of(home.matters, home.reviews or (), on)
    return {
        "on": on,
        "most_employers": OPEN_CARDS,
        "soon": SOON,
        "cards": cards[:OPEN_CARDS],
        "folded": cards[OPEN_CARDS:],
        "twelve": twelve_months(home.overview),
        # Without them the column beside the matters has room for the services.
        "has_pictures": bool(home.overview.account or (home.minimum and not home.draws_pension)),
        "account": home.overview.account[-1] if home.overview.account else None,
        "without": _without(home, on),
        "stays_in": provinces().get(home.overview.relation_stays_in or ""),
        "growth": draw_growth(home.overview.account[-_SHOWN_YEARS:]),
        "write_yuan": yuan_number,
        "benefit_kinds": BENEFITS,
        "under_way": [due for due in home.reviews or () if due.review and not due.is_to_do],
    }


def _without(home: Home, on: date) -> Without:
    """Return who it is that has no month: who draws something has its card instead."""
    overview = home.overview
    return without_months(
        overview.born_on,
        draws_pension=home.draws_pension,
        draws=bool(home.payments),
        counts_elsewhere=overview.counted_months > 0,
        on=on,
    )
