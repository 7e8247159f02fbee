"""The words of complaints."""

from flask_babel import lazy_gettext as _l

from siweb.complaints.tables.complaint import ComplaintKind, ComplaintState, Outcome

KINDS = {
    ComplaintKind.NOT_REGISTERED: _l("My employer did not register me"),
    ComplaintKind.TOO_LITTLE: _l("My employer declared too little"),
    ComplaintKind.DECISION: _l("I disagree with a decision of the agency"),
}
STATES = {
    ComplaintState.OPEN: _l("Waiting for an answer"),
    ComplaintState.ANSWERED: _l("Answered"),
    ComplaintState.WITHDRAWN: _l("Taken back"),
}
TONES = {ComplaintState.OPEN: "warn", ComplaintState.ANSWERED: "good"}
OUTCOMES = {
    Outcome.UPHELD: _l("You are right"),
    Outcome.PARTLY: _l("You are right in part"),
    Outcome.REJECTED: _l("The agency finds otherwise"),
    Outcome.HANDED_ON: _l("Handed on: it is another body's duty"),
}
REFUSALS = {
    "too_many": _l("Many of your complaints wait for an answer. Wait until some are answered."),
    "closed": _l("It was answered or taken back before."),
    "no_employer": _l("Say first which employer is meant."),
    "no_term": _l("The office has not said yet by when it answers. Call 12333."),
}
