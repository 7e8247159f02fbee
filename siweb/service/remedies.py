"""What can be done against what a notice tells of, once it is served."""

from datetime import date
from typing import NamedTuple

from siweb.messages import kinds
from siweb.messages.register_kinds import BENEFIT_WITHDRAWN
from siweb.messages.served import remedies_until
from siweb.messages.tables.message import Message
from siweb.rules.parameters.pack_set import PackSet

# What only announces or proposes something decides nothing that a court would look at.
_DECIDES = {
    kinds.REVIEW_PARTLY_UPHELD.name,
    kinds.REVIEW_REJECTED.name,
    kinds.ASSESSMENT_DECIDED.name,
    kinds.COMPLAINT_ANSWERED.name,
    kinds.STOP_ANNOUNCED.name,
    BENEFIT_WITHDRAWN.name,
    kinds.PENSION_REFUSED.name,
    kinds.TRANSFER_REFUSED.name,
}


class Remedies(NamedTuple):
    """The last days for administrative review and for a court."""

    review: date
    suit: date


def remedies_of(packs: PackSet, message: Message, served_on: date | None) -> Remedies | None:
    """Return until when something may be done; None of what decides nothing, or is not served."""
    if served_on is None or message.kind not in _DECIDES:
        return None
    return Remedies(*remedies_until(packs, message.region_code, served_on))
