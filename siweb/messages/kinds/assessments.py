"""What an employer is told of an amount that the agency fixes itself."""

from flask_babel import lazy_gettext as _l

from siweb.messages.message_kind import MessageKind, Reader

ASSESSMENT_PROPOSED = MessageKind(
    "assessment_proposed",
    Reader.EMPLOYER,
    _l("The agency proposes an assessment"),
    _l("Read it and say what speaks against it; the case says until when you may."),
    "assessments.show_cases",
    needs_service=True,
)
ASSESSMENT_DECIDED = MessageKind(
    "assessment_decided",
    Reader.EMPLOYER,
    _l("An assessment was decided"),
    _l("Read the decision with its reasons, and what you can do about it."),
    "assessments.show_cases",
    needs_service=True,
)
