"""The fixed words that the forms for one person offer."""

from flask_babel import lazy_gettext as _l

CONTRACT_TYPES = {
    "fixed": _l("For a fixed time"),
    "open": _l("Without an end"),
    "task": _l("Until a task is done"),
}
HIRE_REASONS = {
    "new": _l("First time insured"),
    "transfer_in": _l("Came from another employer or place"),
    "return": _l("Back after a break"),
    "graduate": _l("Graduate"),
    "retired_soldier": _l("Retired soldier"),
}
CATEGORIES = {
    "female55": _l("Retires at 55 by the former rule (management or technical post)"),
    "female50": _l("Retires at 50 by the former rule (worker's post)"),
}
PAUSE_REASONS = {
    "unpaid_leave": _l("Leave without pay"),
    "leave_to_study": _l("Leave to study"),
    "other": _l("Other"),
}
