"""Home as its template wants it: cards in words, pictures drawn, services by kind of person."""

from datetime import date
from typing import Any

from flask_babel import gettext as _

from siweb.ledgers.benefits.labels import BENEFITS
from siweb.ledgers.record.overview import AccountGrowth
from siweb.portal.home.cards import SOON, cards_of
from siweb.portal.home.load import Home
from siweb.portal.home.twelve_months import twelve_months
from siweb.web.charts.columns import Column, Columns, draw_columns
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
        "growth": _growth(home.overview.account),
        "write_yuan": yuan_number,
        "benefit_kinds": BENEFITS,
        "under_way": [due for due in home.reviews or () if due.review and not due.is_to_do],
    }


def _growth(account: tuple[AccountGrowth, ...]) -> Columns:
    rows = [
        Column(str(each.year), (each.principal_fen, each.interest_fen))
        for each in account[-_SHOWN_YEARS:]
    ]
    return draw_columns((_("Paid in"), _("Interest")), rows)
