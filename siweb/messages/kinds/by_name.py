"""Every kind of message by its name."""

from siweb.messages.kinds import (
    assessments,
    benefits,
    bills,
    complaints,
    filings,
    helping,
    mandates,
    papers,
    registration,
    remedies,
    reviews,
    sign_in,
    staff,
    transfers,
)
from siweb.messages.message_kind import MessageKind

# Whoever writes a new kind in one of these files need not list it.
_FILES = (
    assessments,
    benefits,
    bills,
    complaints,
    filings,
    helping,
    mandates,
    papers,
    registration,
    remedies,
    reviews,
    sign_in,
    staff,
    transfers,
)
KINDS = {
    kind.name: kind
    for file in _FILES
    for kind in vars(file).values()
    if isinstance(kind, MessageKind)
}
