"""By which method and rate a region's accounts bear interest, as far as it is published."""

from datetime import date

from siweb.ledgers.account.interest_run import interest_terms
from siweb.rules.benefits.account_interest import InterestTerms
from siweb.rules.errors import RuleError
from siweb.rules.parameters.pack_set import PackSet


def method_for(packs: PackSet, region_code: str, *, on: date) -> InterestTerms | None:
    """Return the terms of the last year that is over, or None where none are known."""
    try:
        return interest_terms(packs, region_code, on.year - 1, on)
    except RuleError:
        return None
