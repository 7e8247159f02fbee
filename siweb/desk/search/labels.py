"""The words of what the search finds."""

from flask_babel import lazy_gettext as _l

CASES = {
    "review": _l("Review"),
    "complaint": _l("Complaint"),
    "pension": _l("Pension application"),
    "transfer": _l("Transfer of the pension relation"),
    "assessment": _l("Assessment"),
    "hire_report": _l("Report of a missing registration"),
    "payout": _l("Payout"),
    "payment_file": _l("File for the bank"),
    "sign_list": _l("List of another office"),
    "task": _l("To check"),
}
