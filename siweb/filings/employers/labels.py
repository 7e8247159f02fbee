"""The words of the employer's own pages."""

from flask_babel import lazy_gettext as _l

from siweb.filings.employers.roster import StaffState

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
EMPLOYMENT_FORMS = {
    "full_time": _l("Full-time"),
    "part_time": _l("Part-time"),
    "dispatch": _l("Dispatched"),
    "intern": _l("Intern"),
    "over_age": _l("Past retirement age"),
}
END_REASONS = {
    "expired": _l("Contract expired"),
    "mutual": _l("By mutual agreement"),
    "dismissed": _l("Dismissed by the employer"),
    "resigned": _l("Resigned"),
    "retired": _l("Retired"),
    "died": _l("Died"),
    "transfer": _l("Transferred"),
    "military": _l("Joined the army"),
    "prison": _l("In prison"),
    "abroad": _l("Settled abroad"),
}
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
DEEDS = {
    "employer.registered": _l("Registered the employer"),
    "employer.changed": _l("Changed the registration"),
    "employer.cancelled": _l("Ended the registration"),
    "mandate.granted": _l("Let somebody act"),
    "mandate.revoked": _l("Ended a mandate"),
    "roster.exported": _l("Downloaded the roster"),
    "record.viewed": _l("Looked at an employee"),
    "filing.opened": _l("Opened a filing"),
    "filing.confirmed": _l("Sent a filing"),
}
