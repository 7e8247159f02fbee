"""Check rows: every row and everything about it, so that nobody corrects one error at a time.

An error refuses the row, a warning lets it pass and stays with it, an info says what is made of
it.
"""

import hashlib
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Any

from siweb.auth.credentials.activate import same_name
from siweb.filings.fields.filing_kind import FilingKind
from siweb.filings.fields.finding import ERROR, INFO, WARNING, Finding, finding
from siweb.filings.validation.register_snapshot import KnownPerson
from siweb.filings.validation.terms import Terms
from siweb.registry.codes import EmployerStatus
from siweb.rules.benefits.retirement import compute_retirement
from siweb.rules.calendar.months import add_months, corresponding_day, month_of
from siweb.rules.errors import NumberRefused
from siweb.rules.identifiers.identity_number import IdentityNumber, Sex, parse_identity_number

Given = Mapping[str, Any]
WORKING_AGE = 16
# Before this age nobody retires.
_RETIRES = 50
_FULL = (None, "full_time", "dispatch")
# A wage that moves further than this in one declaration is probably mistyped.
_JUMP_UP, _JUMP_DOWN = 3, 3


def read_number(given: Given) -> IdentityNumber | Finding:
    """Return the number of a row, or what is wrong with it."""
    try:
        return parse_identity_number(str(given.get("id_number", "")))
    except NumberRefused as refused:
        return finding(f"id_{refused.reason}", ERROR)


def number_finding(given: Given) -> Finding | None:
    """Return what is wrong with the number of a row, None when it is one."""
    number = read_number(given)
    return number if isinstance(number, Finding) else None


def category_finding(given: Given) -> Finding | None:
    """Ask for a new woman's post: she retires by it (国发〔1978〕104号, 延迟退休办法 2024)."""
    number = read_number(given)
    if isinstance(number, Finding) or number.sex is not Sex.FEMALE:
        return None
    if given.get("retirement_category"):
        return None
    return finding("category_missing", ERROR, field="retirement_category")


def check_row(
    kind: FilingKind, given: Given, known: KnownPerson | None, terms: Terms
) -> list[Finding]:
    """Return everything that is to be said about a row."""
    found: list[Finding] = []
    if terms.status is not EmployerStatus.ACTIVE:
        found.append(finding("employer_not_active", ERROR))
    number = read_number(given)
    if isinstance(number, Finding):
        return [*found, number]
    if number.warnings:
        found.append(finding("unknown_region", WARNING))
    if known is not None and not _is_named(known, str(given.get("name", ""))):
        found.append(finding("name_differs", WARNING))
    return [*found, *_CHECKS[kind](given, number, known, terms)]


def _is_named(known: KnownPerson, name: str) -> bool:
    return known.name == name or same_name(known.name, name)


def is_late(kind: FilingKind, given: Given, terms: Terms) -> bool:
    """Return whether the row comes after its last day; it is accepted all the same."""
    if kind is FilingKind.HIRE:
        return terms.on > terms.last_day(given["hired_on"], "employee_registration")
    if kind is FilingKind.LEAVE:
        return terms.on > terms.last_day(given["ended_on"], "termination_report")
    return False


def row_key(employer_id: int, kind: FilingKind, given: Given) -> str:
    """Return the hash under which the same deed is applied once."""
    month = given.get("start_month") or given.get("stop_month") or ""
    said = f"{employer_id}|{given.get('id_number', '')}|{kind}|{month}"
    if kind is FilingKind.CHANGE:
        told = sorted(set(given) - {"present_fen"})
        said += "|" + "|".join(f"{name}={given[name]}" for name in told)
    return hashlib.sha256(said.encode()).hexdigest()


def _hire(
    given: Given, number: IdentityNumber, known: KnownPerson | None, terms: Terms
) -> Iterator[Finding]:
    hired_on = date.fromisoformat(given["hired_on"])
    start = given["start_month"]
    if known is not None:
        yield from _hire_known(given, known, terms)
    elif missing := category_finding(given):
        yield missing
    if _is_too_young(number.birth_date, hired_on):
        yield finding("too_young", ERROR, age=WORKING_AGE)
    if _is_past_retirement(given, number, terms):
        yield finding("past_retirement", WARNING)
    if start < month_of(hired_on):
        yield finding("start_before_hire", ERROR, month=month_of(hired_on))
    yield from _insurances(given)
    yield from _month(start, terms)
    if is_late(FilingKind.HIRE, given, terms):
        last = terms.last_day(given["hired_on"], "employee_registration")
        yield finding("late_hire", WARNING, day=last.isoformat())
    if start < month_of(terms.on):
        yield finding("back_months", WARNING, month=start)
    yield from _limits(given["wage_fen"], start, terms)


def _hire_known(given: Given, known: KnownPerson, terms: Terms) -> Iterator[Finding]:
    if known.open_here(terms.employer_id):
        yield finding("already_here", ERROR)
    yield from _elsewhere(known, terms)
    yield from _covered(known, given["insurances"], given["start_month"])
    if known.died_on is not None:
        yield finding("died", ERROR)


def _insurances(given: Given) -> Iterator[Finding]:
    chosen = given["insurances"]
    if chosen == ["work_injury"] and given.get("form") in _FULL:
        yield finding("only_injury", WARNING)
    if "medical" not in chosen and "maternity" in chosen:
        yield finding("maternity_without_medical", ERROR)


def _is_too_young(born_on: date, hired_on: date) -> bool:
    # The day of the birthday is only worked out in the year where it decides.
    reaches_age = born_on.year + WORKING_AGE >= hired_on.year
    return reaches_age and corresponding_day(born_on, 12 * WORKING_AGE) > hired_on


def _leave(
    given: Given, _number: IdentityNumber, known: KnownPerson | None, terms: Terms
) -> Iterator[Finding]:
    if known is None or known.hired_on is None:
        yield finding("not_here", ERROR)
        return
    ended_on = date.fromisoformat(given["ended_on"])
    if ended_on < known.hired_on:
        yield finding("ended_before_hire", ERROR, day=known.hired_on.isoformat())
    if month_of(ended_on) > terms.latest_month:
        yield finding("ended_too_late", ERROR, month=terms.latest_month)
    yield from _stop(given, known, terms)
    if is_late(FilingKind.LEAVE, given, terms):
        last = terms.last_day(given["ended_on"], "termination_report")
        yield finding("late_leave", WARNING, day=last.isoformat())


def _change(
    given: Given, _number: IdentityNumber, known: KnownPerson | None, terms: Terms
) -> Iterator[Finding]:
    if known is None or known.hired_on is None:
        yield finding("not_here", ERROR)
        return
    changed = ("new_name", "wage_fen", "mobile", "retirement_category")
    if all(given.get(name) in (None, "") for name in changed):
        yield finding("nothing_changed", ERROR)
    if given.get("new_name"):
        yield finding("name_is_declared", INFO)
    if given.get("wage_fen") is not None:
        if not given.get("start_month"):
            yield finding("start_month_missing", ERROR)
            return
        yield from _month(given["start_month"], terms)
        yield from _wage(given, known, given["start_month"], terms)


def _pause(
    given: Given, _number: IdentityNumber, known: KnownPerson | None, terms: Terms
) -> Iterator[Finding]:
    if known is None or not known.open_here(terms.employer_id):
        yield finding("not_enrolled", ERROR)
        return
    yield from _stop(given, known, terms)


def _resume(
    given: Given, _number: IdentityNumber, known: KnownPerson | None, terms: Terms
) -> Iterator[Finding]:
    if known is None or known.hired_on is None:
        yield finding("not_here", ERROR)
        return
    if known.open_here(terms.employer_id):
        yield finding("already_here", ERROR)
    yield from _elsewhere(known, terms)
    ends = [
        one.to_month
        for one in known.enrolments
        if one.employer_id == terms.employer_id and one.to_month is not None
    ]
    if not ends:
        yield finding("not_paused", ERROR)
    elif given["start_month"] <= max(ends):
        yield finding("start_before_pause", ERROR, month=max(ends))
    yield from _covered(known, {one.insurance for one in known.enrolments}, given["start_month"])
    yield from _month(given["start_month"], terms)
    yield from _wage(given, known, given["start_month"], terms)


def _base(
    given: Given, _number: IdentityNumber, known: KnownPerson | None, terms: Terms
) -> Iterator[Finding]:
    if known is None or not known.open_here(terms.employer_id):
        yield finding("not_enrolled", ERROR)
        return
    yield from _wage(given, known, given["start_month"], terms)


def _wage(given: Given, known: KnownPerson, month: str, terms: Terms) -> Iterator[Finding]:
    yield from _limits(given["wage_fen"], month, terms)
    before, now = given.get("present_fen") or known.present_fen, given["wage_fen"]
    if before and (now > before * _JUMP_UP or now * _JUMP_DOWN < before):
        yield finding("jump", WARNING, before=before, now=now)


def _covered(known: KnownPerson, insurances: Collection[str], start: str) -> Iterator[Finding]:
    through = known.covered_through(insurances, start)
    if through is not None:
        yield finding("covered_through", ERROR, month=through)


def _is_past_retirement(given: Given, number: IdentityNumber, terms: Terms) -> bool:
    hired_on = given["hired_on"]
    # Nobody's age is reckoned who is far from it.
    if given.get("form") == "over_age" or int(hired_on[:4]) - number.birth_date.year < _RETIRES:
        return False
    is_man = number.sex is Sex.MALE
    category = "male" if is_man else given.get("retirement_category") or "female55"
    schedule = terms.retirement_schedule(category)
    born = month_of(number.birth_date)
    return bool(compute_retirement(born, schedule).retirement_month <= hired_on[:7])


def _elsewhere(known: KnownPerson, terms: Terms) -> Iterator[Finding]:
    if known.open_elsewhere(terms.employer_id):
        yield finding("enrolled_elsewhere", ERROR)
    if known.open_alone():
        yield finding("ends_flexible", WARNING)


def _month(month: str, terms: Terms) -> Iterator[Finding]:
    if month > terms.latest_month:
        yield finding("month_too_late", ERROR, month=terms.latest_month)


def _stop(given: Given, known: KnownPerson, terms: Terms) -> Iterator[Finding]:
    stop = given["stop_month"]
    if stop < add_months(month_of(terms.on), -1):
        yield finding("back_stop", WARNING, month=stop)
    firsts = [one.from_month for one in known.open_here(terms.employer_id)]
    if firsts and stop < max(firsts):
        yield finding("stop_before_start", ERROR, month=max(firsts))
    yield from _month(stop, terms)


def _limits(wage_fen: int, month: str, terms: Terms) -> Iterator[Finding]:
    limits = terms.pension_limits(month)
    if limits is None:
        return
    floor, ceiling = limits
    if wage_fen < floor:
        yield finding("raised_to_floor", INFO, wage=wage_fen, base=floor)
    elif wage_fen > ceiling:
        yield finding("cut_to_ceiling", INFO, wage=wage_fen, base=ceiling)


_CHECKS = {
    FilingKind.HIRE: _hire,
    FilingKind.LEAVE: _leave,
    FilingKind.CHANGE: _change,
    FilingKind.PAUSE: _pause,
    FilingKind.RESUME: _resume,
    FilingKind.BASE: _base,
}
