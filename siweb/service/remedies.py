"""What can be done against what a notice tells of, once it is served."""

from datetime import date
from typing import NamedTuple

from siweb.messages.kinds.assessments import ASSESSMENT_DECIDED, REPORT_DROPPED
from siweb.messages.kinds.benefits import PENSION_REFUSED, STOP_ANNOUNCED
from siweb.messages.kinds.bills import DEFERRAL_REFUSED
from siweb.messages.kinds.complaints import COMPLAINT_ANSWERED
from siweb.messages.kinds.registration import (
    BENEFIT_WITHDRAWN,
    INJURY_RATE_RAISED,
    RECORD_REDUCED,
)
from siweb.messages.kinds.reviews import RESIDENT_ENDED, REVIEW_PARTLY_UPHELD, REVIEW_REJECTED
from siweb.messages.kinds.transfers import TRANSFER_REFUSED
from siweb.messages.served import remedies_until
from siweb.messages.tables.message import Message
from siweb.rules.parameters.pack_set import PackSet

# What only announces or proposes something decides nothing that a court would look at.
DECIDES = {
    REVIEW_PARTLY_UPHELD.name,
    REVIEW_REJECTED.name,
    ASSESSMENT_DECIDED.name,
    COMPLAINT_ANSWERED.name,
    STOP_ANNOUNCED.name,
    PENSION_REFUSED.name,
    TRANSFER_REFUSED.name,
    BENEFIT_WITHDRAWN.name,
    REPORT_DROPPED.name,
    DEFERRAL_REFUSED.name,
    INJURY_RATE_RAISED.name,
    RECORD_REDUCED.name,
    RESIDENT_ENDED.name,
}


class Remedies(NamedTuple):
    """The last days for administrative review and for a court."""

    review: date
    suit: date


def remedies_of(packs: PackSet, message: Message, served_on: date | None) -> Remedies | None:
    """Return until when something may be done; None of what decides nothing, or is not served."""
    if served_on is None or message.kind not in DECIDES:
        return None
    return Remedies(*remedies_until(packs, message.region_code, served_on))
