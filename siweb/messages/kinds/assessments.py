"""What an employer is told of an amount that the agency fixes itself."""

from flask_babel import lazy_gettext as _l

from siweb.messages.message_kind import BEFORE, MessageKind, Reader

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
ASSESSMENT_DROPPED = MessageKind(
    "assessment_dropped",
    Reader.EMPLOYER,
    _l("An assessment ended without payment"),
    _l("Nothing is asked for. Read why."),
    "assessments.show_cases",
)
ASSESSMENT_SETTLED = MessageKind(
    "assessment_settled",
    Reader.EMPLOYER,
    _l("An assessment was settled by what was filed since"),
    _l(
        "What was assessed is taken back and used for what was billed instead. See among the "
        "bills what is left to pay, or to your credit."
    ),
    "assessments.show_cases",
)
REPORT_ACCEPTED = MessageKind(
    "report_accepted",
    Reader.PERSON,
    _l("The agency opened a case on what you reported"),
    _l("Your employer is heard first. What comes of it stands with your report."),
    "assessments.report_employer",
)
REPORT_DECIDED = MessageKind(
    "report_decided",
    Reader.PERSON,
    _l("The case on what you reported was decided"),
    _l("See what came of it: what your employer has to pay for you, or why nothing."),
    "assessments.report_employer",
)
REPORT_DROPPED = MessageKind(
    "report_dropped",
    Reader.PERSON,
    _l("No case came of what you reported"),
    _l("Read the agency’s answer, and what you can do about it."),
    "assessments.report_employer",
    needs_service=True,
)
HEARING_ENDING = MessageKind(
    "hearing_ending",
    Reader.EMPLOYER,
    _l("Say what speaks against an assessment by %(day)s"),
    _l("Nothing was said yet. After that day the agency decides by what it has."),
    "assessments.show_cases",
    days_before=BEFORE,
)
