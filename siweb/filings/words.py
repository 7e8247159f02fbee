"""The words of filings: kinds, states, and for each finding what is wrong and what to do."""

from collections.abc import Callable
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l

from siweb.filings.filing import FilingKind, FilingState
from siweb.filings.filing_row import RowState
from siweb.web.formats import day, month, yuan
from siweb.web.number_fields import ID_NUMBER_WORDS

KINDS = {
    FilingKind.HIRE: _l("New employee"),
    FilingKind.LEAVE: _l("Somebody leaves"),
    FilingKind.CHANGE: _l("Change of an employee"),
    FilingKind.PAUSE: _l("Pause contributions"),
    FilingKind.RESUME: _l("Resume contributions"),
    FilingKind.BASE: _l("Yearly base"),
}
STATES = {
    FilingState.DRAFT: _l("Not sent yet"),
    FilingState.CONFIRMED: _l("Sent"),
}
ROW_STATES = {
    RowState.GOOD: _l("Can be sent"),
    RowState.REFUSED: _l("Not accepted"),
    RowState.APPLIED: _l("Accepted"),
}
ROW_TONES = {RowState.APPLIED: "good", RowState.REFUSED: "bad"}
RECEIPT = {
    "accepted": _l("Accepted"),
    "number": _l("Filing number"),
    "rows": _l("People accepted"),
    "late": _l("Of them late"),
    "next": _l("Let your employees confirm what was declared about them, on their own phone."),
}
FINDINGS = {
    "employer_not_active": _l(
        "The employer's registration is not active, so nothing can be filed."
    ),
    "name_differs": _l(
        "The name differs from the register. It is accepted and kept as you wrote it; compare it "
        "with the ID card."
    ),
    "applied_before": _l("The same was filed and accepted before. It is not applied again."),
    "twice_in_filing": _l("The same stands twice in this filing."),
    "already_here": _l("This person is insured with you already."),
    "enrolled_elsewhere": _l(
        "This person is still insured with another employer here, which must report the leaving "
        "first."
    ),
    "ends_flexible": _l(
        "This person pays alone so far. That ends with the month before the first one here."
    ),
    "died": _l("The register says that this person died. Call the agency if that is wrong."),
    "category_missing": _l("Choose her post: it decides when she may retire."),
    "too_young": _l("On the day of hire this person is younger than %(age)s."),
    "start_before_hire": _l("Contributions cannot start before the month of hire, %(month)s."),
    "maternity_without_medical": _l(
        "Maternity insurance goes only together with medical insurance."
    ),
    "month_too_late": _l("The month lies too far ahead; the latest is %(month)s."),
    "late_hire": _l(
        "The last day was %(day)s. It is accepted and marked as late: for the months before, the "
        "agency may fix the premium, and late fees run until it is paid."
    ),
    "late_leave": _l("The last day to report it was %(day)s. It is accepted and marked as late."),
    "back_months": _l("The months from %(month)s on are billed afterwards."),
    "not_here": _l("This person does not work for you according to the register."),
    "ended_before_hire": _l("The last day of work lies before the day of hire, %(day)s."),
    "stop_before_start": _l("The last month lies before the first one, %(month)s."),
    "nothing_changed": _l("Nothing is changed: fill in what is different."),
    "name_is_declared": _l(
        "The new name is kept as you wrote it. The register's name changes when the person shows "
        "the ID card."
    ),
    "start_month_missing": _l("Enter from which month the new wage counts."),
    "not_enrolled": _l("This person is not insured with you at present."),
    "not_paused": _l("This person was not insured with you before; file a new employee instead."),
    "start_before_pause": _l("Contributions run through %(month)s; they can go on after it."),
    "jump": _l("From %(before)s to %(now)s is a big step. Check the amount."),
    "raised_to_floor": _l("The wage %(wage)s lies below the floor: the pension base is %(base)s."),
    "cut_to_ceiling": _l("The wage %(wage)s lies above the ceiling: the pension base is %(base)s."),
}
_SHOWN: dict[str, Callable[[Any], str]] = {
    "day": day,
    "month": month,
    "wage": yuan,
    "base": yuan,
    "before": yuan,
    "now": yuan,
}


def finding_text(found: dict[str, Any]) -> str:
    """Return what a finding says to the reader."""
    code, facts = found["code"], dict(found["facts"])
    if code.startswith("id_"):
        words = ID_NUMBER_WORDS[code.removeprefix("id_")]
        return str(words % {"wrong": "…", "length": "…"})
    if "day" in facts:
        facts["day"] = date.fromisoformat(facts["day"])
    said = {name: _SHOWN[name](value) if name in _SHOWN else value for name, value in facts.items()}
    return str(FINDINGS[code] % said) if said else str(FINDINGS[code])
