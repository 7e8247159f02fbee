"""The words of the employer's own pages."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from siweb.filings.employers.roster import StaffState
from siweb.filings.fields.labels import choice_labels
from siweb.registry.employers.injury_rate import Risk
from siweb.web.language.formats import percent

STAFF_STATES = {
    StaffState.ENROLLED: _l("Insured"),
    StaffState.WAITING: _l("Not registered yet"),
    StaffState.PAUSED: _l("Contributions paused"),
    StaffState.LEFT: _l("Left"),
}
TONES = {
    StaffState.ENROLLED: "good",
    StaffState.WAITING: "warn",
}
EMPLOYMENT_FORMS = choice_labels("form")
END_REASONS = choice_labels("end_reason")
EMPLOYER_STATUSES = {
    "active": _l("Registered"),
    "suspended": _l("Suspended"),
    "cancelled": _l("Cancelled"),
}
EMPLOYER_KINDS = {
    "enterprise": _l("Enterprise"),
    "institution": _l("Public institution"),
    "government": _l("Government body"),
    "social_organisation": _l("Social organisation"),
    "private_non_enterprise": _l("Private non-enterprise unit"),
    "individual_business": _l("Individual business with employees"),
    "other": _l("Other"),
}
# What the activity log calls it, and what people read.
ACTION_LABELS = {
    "employer.registered": _l("Registered the employer"),
    "employer.accepted": _l("Confirmed the registration"),
    "employer.changed": _l("Changed the registration"),
    "employer.cancelled": _l("Ended the registration"),
    "mandate.granted": _l("Let somebody act"),
    "mandate.revoked": _l("Ended a mandate"),
    "roster.exported": _l("Downloaded the roster"),
    "filing.opened": _l("Opened a filing"),
    "filing.applying": _l("Had a long list applied"),
    "filing.confirmed": _l("Sent a filing"),
    "filing.withdrawing": _l("Had a long list withdrawn"),
    "filing.withdrawn": _l("Withdrew a filing or rows of it"),
    "filing.deleted": _l("Deleted a draft"),
    "api_token.issued": _l("Gave a program access"),
    "api_token.revoked": _l("Ended a program's access"),
    "document.issued": _l("A document was issued"),
    "objection.answered": _l("Answered an objection"),
    "declaration.answered": _l("Answered a declaration"),
    "online_payment.started": _l("Began an online payment"),
    "online_payment.paid": _l("Finished an online payment"),
    "assessment.heard": _l("Answered an assessment"),
    "statements.exported": _l("Downloaded statements"),
    "bill.exported": _l("Downloaded a bill"),
}


def risk_in_words(risk: Risk) -> str:
    """Return an employer's class for work injury and its tier as people say them."""
    of_class = percent(risk.injury_tier_ppm)
    return str(_("Class %(number)s at %(percent)s", number=risk.injury_class, percent=of_class))
