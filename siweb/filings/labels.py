"""The words of filings: kinds, states, and for each finding what is wrong and what to do."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from siweb.documents.spreadsheets.reading.labels import FILE_REFUSALS
from siweb.filings.fields.filing_kind import FilingKind
from siweb.filings.fields.labels import FIELDS
from siweb.filings.sheets.labels import CELL_FINDINGS, LIST_REFUSALS, listed
from siweb.filings.tables.filing import FilingState
from siweb.filings.tables.filing_row import RowState
from siweb.rules.errors import NumberRefused, Refusal
from siweb.rules.identifiers.identity_number import parse_identity_number
from siweb.web.forms.number_fields import ID_NUMBER_WORDS, id_number_sentence
from siweb.web.language.formats import day, month, yuan
from siweb.web.language.labels import INSURANCES

KINDS = {
    FilingKind.HIRE: _l("New employee"),
    FilingKind.LEAVE: _l("Employee leaving"),
    FilingKind.CHANGE: _l("Change of employee data"),
    FilingKind.PAUSE: _l("Pause of contributions"),
    FilingKind.RESUME: _l("Resumption of contributions"),
    FilingKind.BASE: _l("Yearly base"),
}
STATES = {
    FilingState.DRAFT: _l("Not sent yet"),
    FilingState.APPLYING: _l("Being applied"),
    FilingState.CONFIRMED: _l("Sent"),
}
ROW_STATES = {
    RowState.GOOD: _l("Can be sent"),
    RowState.REFUSED: _l("Not accepted"),
    RowState.APPLIED: _l("Accepted"),
    RowState.WITHDRAWN: _l("Withdrawn"),
}
ROW_TONES = {RowState.APPLIED: "good", RowState.REFUSED: "bad"}
WORK_FAILED = _l(
    "It stopped because of an error on our side. What was done is kept. Case number: %(reference)s"
)
SENDING_REFUSALS = {
    "provisional": _l(
        "The agency has not looked at the registration yet. Prepare the list; it can be sent when "
        "the registration is confirmed, by %(day)s at the latest."
    ),
    "not_read": _l("The sheet is still being checked. Ask again."),
}
RECEIPT = {
    "accepted": _l("Accepted"),
    "number": _l("Filing number"),
    "rows": _l("People accepted"),
    "late": _l("Of them late"),
    "wages": _l("Total of monthly wages declared"),
    "left": _l("Rows left as a draft"),
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
    "applied_before": _l(
        "For this person and month the same was accepted before. It is not applied again. To "
        "correct what was filed then, file a change."
    ),
    "twice_in_filing": _l(
        "This person is already in row %(row)s. A list does one thing with a person: put it "
        "into one row, or the second into a list of its own."
    ),
    "already_here": _l("This person is insured with you already."),
    "enrolled_elsewhere": _l(
        "This person is still insured with another employer in: %(insurances)s. It must report the "
        "leaving first. Work injury insurance alone is accepted at a further employer."
    ),
    "second_employer": _l(
        "This person works for another employer too: each employer pays work injury "
        "insurance for its own employees."
    ),
    "name_disagrees": _l(
        "Name and ID number do not agree with the register. Compare both with the ID card."
    ),
    "too_many_disagree": _l(
        "Too many names and numbers did not agree today. People who are new to you can be filed "
        "again tomorrow, or call the agency."
    ),
    "own_base_differs": _l(
        "Here all insurances use one base. Leave “%(field)s” empty, or write the monthly wage."
    ),
    "base_month": _l("The base of a payment year counts from its first month, %(month)s."),
    "ends_flexible": _l(
        "This person has paid for themselves so far. That ends with the month before the "
        "first one here."
    ),
    "covered_through": _l(
        "Contributions at an employer run through %(month)s. The first month can only come after "
        "it."
    ),
    "past_retirement": _l(
        "On the day of hire this person is past retirement age. If that is right, choose the kind "
        "of employment for it."
    ),
    "work_injury_alone": _l(
        "Interns and people past retirement age have work injury insurance alone; take out: "
        "%(insurances)s."
    ),
    "no_regional_rule": _l(
        "No rule in force here lets an employer insure this kind of employment. Call the agency."
    ),
    "unknown_region": _l(
        "The first six digits of the ID number name no place that we know. Check the number."
    ),
    "ended_too_late": _l("The last day of work is too far ahead; the latest month is %(month)s."),
    "back_stop": _l("What was billed for the months after %(month)s is credited."),
    "died": _l("The register says that this person died. Call the agency if that is wrong."),
    "category_missing": _l("Choose her post: it decides when she may retire."),
    "too_young": _l("On the day of hire this person is younger than %(age)s."),
    "start_before_hire": _l("Contributions cannot start before the month of hire, %(month)s."),
    "maternity_without_medical": _l(
        "Maternity insurance goes only together with medical insurance."
    ),
    "month_too_late": _l("The month is too far ahead; the latest is %(month)s."),
    "month_too_early": _l(
        "There are no rules here for %(month)s. For months that long ago, call the agency."
    ),
    "missing_insurance": _l(
        "Owed and not declared: %(insurances)s. An agreement to leave an insurance out is void; "
        "the agency follows this up."
    ),
    "below_minimum_wage": _l(
        "The wage %(wage)s lies below the minimum wage of a full month, %(minimum)s. If it is for "
        "part of a month, or sick or unpaid leave, it may be right; the agency follows this up."
    ),
    "late_leave": _l("The last day to report it was %(day)s. It is accepted and marked as late."),
    "back_months": _l("The months from %(month)s on are billed afterwards."),
    "not_here": _l("This person does not work for you according to the register."),
    "ended_before_hire": _l("The last day of work is before the date of hire, %(day)s."),
    "stop_before_start": _l("The last month is before the first one, %(month)s."),
    "nothing_changed": _l("Nothing is changed: fill in what is different."),
    "name_is_declared": _l(
        "The new name is kept as you wrote it. The register's name changes when the person shows "
        "the ID card."
    ),
    "start_month_missing": _l("Enter from which month the new wage counts."),
    "not_enrolled": _l("This person is not insured with you at present."),
    "not_paused": _l("This person was not insured with you before; file a new employee instead."),
    "start_before_pause": _l("Contributions run through %(month)s; they can go on after it."),
    "jump": _l("From %(before)s to %(now)s is a large change. Check the amount."),
    "raised_to_floor": _l("The wage %(wage)s is below the floor: the pension base is %(base)s."),
    "cut_to_ceiling": _l("The wage %(wage)s is above the ceiling: the pension base is %(base)s."),
}
# What is unclear in a sheet, and why a file as a whole is refused.
FINDINGS |= {
    "cell_missing": _l("“%(field)s” is empty. Fill it in."),
    "cell_day": _l("“%(text)s” is not a date. Enter it like 2026-03-05."),
    "cell_month": _l("“%(text)s” is not a month. Enter it like 2026-03."),
    "cell_money": _l("“%(text)s” is not an amount in yuan. Enter it like 8000 or 8000.50."),
    "cell_number": _l("“%(text)s” is not a whole number."),
    "cell_mobile": _l("“%(text)s” is not a mobile number. It has 11 digits, like 13800001234."),
    "cell_choice": _l("“%(text)s” is not known in “%(field)s”. The template lists the words."),
    "cell_error": _l("The formula in “%(field)s” shows an error. Write the value itself."),
    "cell_formula": _l("“%(field)s” is a formula; what it showed when it was saved is used."),
    "cell_formula_empty": _l(
        "“%(field)s” is a formula whose result was not saved. Open and save the file in the "
        "spreadsheet program, or write the value itself."
    ),
    "cell_other_employer": _l(
        "The row names %(text)s, the first one %(first)s. A list is of one employer: "
        "make one for each."
    ),
    "cell_hidden": _l("This row is hidden in your sheet; it counts like any other."),
    "name_too_long": _l("A name has at most 100 characters here."),
    "name_without_letter": _l("“%(field)s” has no letter. Enter the name as the ID card has it."),
    "control_character": _l("“%(field)s” has a control character. Take it out."),
    "number_range": _l("A year has from 1 to 12 months of work."),
    "amount_range": _l("“%(field)s” is more than 1,000,000,000.00 yuan. Check the amount."),
    "contract_end_missing": _l("Enter the date on which the contract ends."),
    "contract_end_before_hire": _l("The contract ends before the hire. Check both dates."),
    "average_differs": _l(
        "The monthly wage is not the average of total and months. Check the three."
    ),
}
FINDINGS |= CELL_FINDINGS


def _late_hire(facts: Mapping[str, Any]) -> str:
    days = facts["days"]
    text: str = ngettext(
        "The last day was %(day)s, %(days)s day ago. It is accepted and marked as late: for the "
        "months before, the agency may fix the premium, and late fees run until it is paid.",
        "The last day was %(day)s, %(days)s days ago. It is accepted and marked as late: for the "
        "months before, the agency may fix the premium, and late fees run until it is paid.",
        # Where many rows are meant it stands for no number.
        days if isinstance(days, int) else 0,
        day=facts["day"],
        days=days,
    )
    return text


def _uncovered_months(facts: Mapping[str, Any]) -> str:
    first, last = facts["first_month"], facts["last_month"]
    months = first if first == last else _("%(first)s to %(last)s", first=first, last=last)
    text: str = _(
        "Contributions are owed from the hire on. Not covered: %(months)s. Begin earlier, or the "
        "agency asks for these months.",
        months=months,
    )
    return text


COUNTED: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "late_hire": _late_hire,
    "uncovered_months": _uncovered_months,
}
"""Findings whose sentence depends on a number or a span in it."""
REFUSED_FILES = FILE_REFUSALS | LIST_REFUSALS
_SHOWN: dict[str, Callable[[Any], str]] = {
    "day": day,
    "month": month,
    "first_month": month,
    "last_month": month,
    "insurances": lambda codes: str(_(", ")).join(str(INSURANCES[code]) for code in codes),
    "wage": yuan,
    "minimum": yuan,
    "base": yuan,
    "before": yuan,
    "now": yuan,
}


def code_text(code: str) -> str:
    """Return what rows with a code have in common, for a filter."""
    if code.startswith("id_"):
        return str(ID_NUMBER_WORDS[code.removeprefix("id_")] % _UNSAID)
    return _sentence(code, _UNSAID)


def sending_refusal_text(refused: Refusal) -> str:
    """Return why a filing cannot be sent now."""
    facts = {name: day(value) for name, value in refused.facts.items() if isinstance(value, date)}
    return (
        str(SENDING_REFUSALS[refused.code] % facts)
        if facts
        else str(SENDING_REFUSALS[refused.code])
    )


def refusal_text(refusal: dict[str, Any] | None) -> str | None:
    """Return why a file was refused as a whole."""
    if refusal is None:
        return None
    facts = listed(refusal["facts"])
    return (
        str(REFUSED_FILES[refusal["code"]] % facts)
        if facts
        else str(REFUSED_FILES[refusal["code"]])
    )


class _Unsaid(dict[str, str]):
    """Stands for the facts of a row where many rows are meant."""

    def __missing__(self, name: str) -> str:
        return "…"


_UNSAID = _Unsaid()


def finding_text(found: dict[str, Any], values: Mapping[str, Any] | None = None) -> str:
    """Return what a finding says to the reader, of an ID number what is wrong in it.

    That part of the number is read from the row where it is shown; a finding never holds it.
    """
    code, facts = found["code"], dict(found["facts"])
    if code.startswith("id_"):
        return _number_text(code.removeprefix("id_"), str((values or {}).get("id_number", "")))
    if "day" in facts:
        facts["day"] = date.fromisoformat(facts["day"])
    if "field" in facts:
        facts["field"] = str(FIELDS.get(facts["field"], facts["field"]))
    shown = {
        name: _SHOWN[name](value) if name in _SHOWN else value for name, value in facts.items()
    }
    return _sentence(code, shown)


def _sentence(code: str, facts: Mapping[str, Any]) -> str:
    if code in COUNTED:
        return COUNTED[code](facts)
    text = str(FINDINGS[code])
    # Whoever names no facts still fills the places; a plain sentence may hold a lone "%".
    return text % facts if "%(" in text else text


def _number_text(reason: str, number: str) -> str:
    try:
        parse_identity_number(number)
    except NumberRefused as refused:
        if number and refused.reason == reason:
            return str(id_number_sentence(refused, number))
    return str(ID_NUMBER_WORDS[reason] % _UNSAID)


def place_of(found: dict[str, Any]) -> str:
    """Return beside which field a finding is shown; nothing where it is about the whole row."""
    number = "id_number" if found["code"].startswith("id_") else ""
    return str(found["facts"].get("field", number))
