"""What a helper may open, and with which kind of mandate: the one place that says so.

A page that does not stand here has no address at which somebody acts for another person.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from siweb.auth.tables.help_mandate import HelpKind
from siweb.reviews.cases.read import read_case
from siweb.reviews.tables.campaign import Campaign
from siweb.web.database import db_session
from siweb.web.paging import number_sent

KindOf = Callable[[Mapping[str, Any]], str | None]
REVIEWS = frozenset(
    {
        HelpKind.CERTIFICATION,
        HelpKind.RECORD_CHECK,
        HelpKind.BASE_CHOICE,
        HelpKind.MEDICAL_STATUS,
    }
)
ANY = frozenset(HelpKind)


@dataclass(frozen=True, slots=True)
class Needs:
    """One of some kinds; where `kind_of` finds the kind of what is named, it is that one."""

    kinds: frozenset[HelpKind]
    kind_of: KindOf | None = None

    def are_met(self, held: frozenset[HelpKind], values: Mapping[str, Any]) -> bool:
        """Return whether a mandate is enough for a page with these values in its address."""
        if not self.kinds & held:
            return False
        return self.kind_of is None or self.kind_of(values) in held


def _of_case(values: Mapping[str, Any]) -> str | None:
    """Return of which kind a review of the person is; its page reads it once for both."""
    found = read_case(values["reference"])
    return None if found is None else found.campaign.kind.value


def _of_campaign(_values: Mapping[str, Any]) -> str | None:
    campaign = db_session().get(Campaign, number_sent("campaign") or 0)
    return None if campaign is None else campaign.kind.value


_CASE = Needs(REVIEWS, _of_case)
_RECORD = Needs(frozenset({HelpKind.RECORD}))
_PAPERS = Needs(frozenset({HelpKind.PAPERS}))
_ALL = Needs(ANY)

ALLOWED: Mapping[str, Needs] = MappingProxyType(
    {
        "helping.show_helped": _ALL,
        "helping.show_not_covered": _ALL,
        "reviews.show_due": Needs(REVIEWS),
        "reviews.start": Needs(REVIEWS, _of_campaign),
        "reviews.question": Needs(frozenset({HelpKind.RECORD_CHECK})),
        "reviews.resume": _CASE,
        "reviews.answer_step": _CASE,
        "reviews.check": _CASE,
        "reviews.show_premium": _CASE,
        "review_cases.show_case": _CASE,
        "review_cases.add": _CASE,
        "review_cases.take_case_back": _CASE,
        "ledgers.show_years": _RECORD,
        "ledgers.show_year": _RECORD,
        "ledgers.show_months": _RECORD,
        "ledgers.show_account": _RECORD,
        "ledgers.show_account_year": _RECORD,
        "record_month.show_month": _RECORD,
        "benefits.show_benefits": _RECORD,
        # A statement of a year is a paper, whichever page it is asked on.
        "ledgers.issue": _PAPERS,
        "certificates.show_certificates": _PAPERS,
        "certificates.ask": _PAPERS,
        "documents.show_documents": _PAPERS,
        "documents.show_document": _PAPERS,
        "documents.send_paper": _PAPERS,
    }
)
"""By the page; every other one is the visitor's own alone."""
