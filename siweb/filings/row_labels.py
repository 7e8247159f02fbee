"""What a row says, line by line, in the reader's words."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from siweb.filings.employers.labels import EMPLOYMENT_FORMS, END_REASONS
from siweb.filings.one_person.labels import (
    CATEGORIES,
    CONTRACT_TYPES,
    HIRE_REASONS,
    PAUSE_REASONS,
)
from siweb.web.language.formats import day, month, yuan
from siweb.web.language.labels import INSURANCES

LABELS = {
    "new_name": _l("New name"),
    "hired_on": _l("Hired on"),
    "ended_on": _l("Last day of work"),
    "end_reason": _l("Reason"),
    "is_voluntary": _l("Did the employee want to leave?"),
    "wage_fen": _l("Monthly wage"),
    "total_wage_fen": _l("Wages of the year before"),
    "months": _l("Months worked in it"),
    "present_fen": _l("Base so far"),
    "start_month": _l("From"),
    "stop_month": _l("Last month of contributions"),
    "insurances": _l("Insurances"),
    "retirement_category": _l("For a woman: her post"),
    "form": _l("Kind of employment"),
    "contract_type": _l("Kind of contract"),
    "contract_until": _l("Contract ends on"),
    "reason": _l("Reason"),
    "mobile": _l("Mobile number"),
}
_WORDS = {
    "end_reason": END_REASONS,
    "retirement_category": CATEGORIES,
    "form": EMPLOYMENT_FORMS,
    "contract_type": CONTRACT_TYPES,
    "reason": HIRE_REASONS | PAUSE_REASONS,
    "is_voluntary": {"yes": _l("Yes"), "no": _l("No")},
}


def given_lines(given: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield label and text of everything that a row says, but who it is about."""
    for name, label in LABELS.items():
        if name in given:
            yield str(label), _text(name, given[name])


def _text(name: str, value: Any) -> str:
    if name in _WORDS:
        return str(_WORDS[name].get(value, value))
    if name == "insurances":
        return str(_(", ")).join(str(INSURANCES[code]) for code in value)
    if name.endswith("_fen"):
        return yuan(value)
    if name.endswith("_month"):
        return month(value)
    if name in {"hired_on", "ended_on", "contract_until"}:
        return day(date.fromisoformat(value))
    return str(value)
