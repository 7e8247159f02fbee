"""What the government category of a city's office hall offers; each leads to a room's page.

A service is listed once the room that does it is there.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import current_app, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.routing import BuildError

from siweb.portal.recent_cities import recent_cities

# Where the annual review's own room begins; its endpoint is `reviews.show_due`.
REVIEWS_PATH = "/reviews"


@dataclass(frozen=True, slots=True)
class Service:
    """A service of the office hall: where it begins, and in words what it does."""

    endpoint: str
    title: Any
    about: Any
    is_of_city: bool = False

    def address(self, code: str) -> str:
        """Return where the service begins for the city with this code."""
        return url_for(self.endpoint, code=code) if self.is_of_city else url_for(self.endpoint)


SERVICES = (
    Service(
        "portal.show_annual_review",
        _l("Social insurance annual review"),
        _l("Check your record, choose your base, or confirm that you draw a benefit"),
        is_of_city=True,
    ),
    Service(
        "ledgers.show_years",
        _l("My record"),
        _l("Months, bases and the individual account, with a statement for others"),
    ),
    Service(
        "flexible.show_own_insurance",
        _l("Insure myself"),
        _l("For those who work without an employer: begin, see, stop"),
    ),
    Service(
        "pensions.show_pension",
        _l("My pension"),
        _l("When, about how much, what is missing; apply, and see what was decided"),
    ),
    Service(
        "transfers.show_transfers",
        _l("Transfer my pension insurance"),
        _l("When you move to another city: apply, and follow each step"),
    ),
    Service(
        "bills.show_own_bills",
        _l("My bills"),
        _l("For those who pay for themselves"),
    ),
    Service(
        "filings.show_declared",
        _l("What my employers declared"),
        _l("Confirm it, or describe what is wrong"),
    ),
    Service(
        "assessments.report_employer",
        _l("My employer did not register me"),
        _l("Tell the agency, and see what came of it"),
    ),
    Service(
        "documents.show_verify",
        _l("Verify a document"),
        _l("Whether a receipt or statement of this office is genuine"),
    ),
    Service(
        "employers.choose",
        _l("For employers"),
        _l("Register, file for employees, see the roster and who may act"),
    ),
    Service(
        "calculators.show_calculators",
        _l("Calculators"),
        _l("Premium, retirement date, pension, late fee, deadline"),
        is_of_city=True,
    ),
)


def services() -> Iterator[Service]:
    """Yield the services whose pages exist in this app."""
    return (service for service in SERVICES if service.endpoint in current_app.view_functions)


def reviews_address() -> str:
    """Return where the reviews that are due for the visitor are listed."""
    try:
        return url_for("reviews.show_due")
    except BuildError:
        return REVIEWS_PATH


def calculators_address() -> str:
    """Return the calculators of the city that was looked at last; else where one is chosen."""
    cities = recent_cities()
    if not cities:
        return url_for("portal.show_cities")
    return url_for("calculators.show_calculators", code=cities[0])
