"""Validate a row: everything about it at once, so that nobody corrects one error at a time.

An error refuses the row, a warning lets it pass and stays with it, an info says what is made of
it.
"""

import hashlib
from collections.abc import Collection, Iterator
from datetime import date
from typing import Any

from siweb.auth.credentials.activate import same_name
from siweb.filings.fields.field import Values
from siweb.filings.fields.filing_kind import FilingKind
from siweb.filings.fields.finding import ERROR, INFO, WARNING, Finding, finding
from siweb.filings.fields.own_bases import OWN_BASE_NAMES, name_of, own_bases
from siweb.filings.validation.hire_duty import duty_findings, insurance_findings
from siweb.filings.validation.register_snapshot import RegisteredPerson
from siweb.filings.validation.terms import Terms
from siweb.registry.codes import EmployerStatus
from siweb.rules.benefits.retirement import compute_retirement
from siweb.rules.calendar.months import add_months, corresponding_day, month_of
from siweb.rules.contributions.insurance_duty import divide_second_employer
from siweb.rules.errors import NumberRefused
from siweb.rules.identifiers.identity_number import IdentityNumber, Sex, parse_identity_number

# 劳动法 15: nobody under sixteen is employed.
WORKING_AGE = 16
# Before this age nobody retires.
_RETIRES = 50
# A wage that moves further than this in one declaration is probably mistyped.
_JUMP_UP, _JUMP_DOWN = 3, 3


def read_number(values: Values) -> IdentityNumber | Finding:
    """Return the number of a row, or what is wrong with it."""
    try:
        return parse_identity_number(str(values.get("id_number", "")))
    except NumberRefused as refused:
        return finding(f"id_{refused.reason}", ERROR)


def number_finding(values: Values) -> Finding | None:
    """Return what is wrong with the number of a row, None when it is one."""
    number = read_number(values)
    return number if isinstance(number, Finding) else None


def category_finding(values: Values) -> Finding | None:
    """Ask for a new woman's post: she retires by it (国发〔1978〕104号, 延迟退休办法 2024)."""
    number = read_number(values)
    if isinstance(number, Finding) or number.sex is not Sex.FEMALE:
        return None
    if values.get("retirement_category"):
        return None
    return finding("category_missing", ERROR, field="retirement_category")


def validate_row(
    kind: FilingKind, values: Values, person: RegisteredPerson | None, terms: Terms
) -> list[Finding]:
    """Return everything that is to be said about a row."""
    found: list[Finding] = []
    # Said beside the rest: whoever corrects the row later must not meet the next error then.
    if terms.status is not EmployerStatus.ACTIVE:
        found.append(finding("employer_not_active", ERROR))
    number = read_number(values)
    if isinstance(number, Finding):
        return [*found, number]
    if number.warnings:
        found.append(finding("unknown_region", WARNING))
    if person is not None and not is_named(person, str(values.get("name", ""))):
        if person.hired_on is not None:
            found.append(finding("name_differs", WARNING))
        elif kind is FilingKind.HIRE:
            # Of a stranger nothing is said, neither where they are insured nor that they died,
            # until name and number agree: else a filing would answer whoever has a number.
            return [*found, finding("name_disagrees", ERROR, field="name")]
    return [*found, *_BY_KIND[kind](values, number, person, terms)]


def is_named(person: RegisteredPerson, name: str) -> bool:
    """Return whether a name is the one that the register has."""
    return person.name == name or same_name(person.name, name)


def is_late(kind: FilingKind, values: Values, terms: Terms) -> bool:
    """Return whether the row comes after its last day; it is accepted all the same."""
    if kind is FilingKind.HIRE:
        # A last day on a holiday moves to the next working day: counted by where it moved to.
        return terms.on > terms.deadline(values["hired_on"], "employee_registration").moved_to
    if kind is FilingKind.LEAVE:
        return terms.on > terms.deadline(values["ended_on"], "termination_report").moved_to
    return False


def row_key(employer_id: int, kind: FilingKind, values: Values, digest: str) -> str:
    """Return the hash under which the same is applied once.

    The number is in it by its keyed digest: a plain hash would tell it to whoever tries them all.
    """
    month = values.get("start_month") or values.get("stop_month") or ""
    text = f"{employer_id}|{digest}|{kind}|{month}"
    # Somebody's wage or name may change twice in a month: only the very same change counts as one.
    if kind is FilingKind.CHANGE:
        # `present_fen` is the register's, and moves with what is applied meanwhile.
        names = sorted(set(values) - {"present_fen", "id_number"})
        text += "|" + "|".join(f"{name}={values[name]}" for name in names)
    return hashlib.sha256(text.encode()).hexdigest()


def _hire(
    values: Values, number: IdentityNumber, person: RegisteredPerson | None, terms: Terms
) -> Iterator[Finding]:
    hired_on = date.fromisoformat(values["hired_on"])
    start = values["start_month"]
    if person is not None:
        yield from _hire_registered(values, person, terms)
    elif missing := category_finding(values):
        yield missing
    if _is_too_young(number.birth_date, hired_on):
        yield finding("too_young", ERROR, age=WORKING_AGE)
    if _is_past_retirement(values, number, terms):
        yield finding("past_retirement", WARNING)
    # An employer insures nobody for a month before the one of the hire.
    if start < month_of(hired_on):
        yield finding("start_before_hire", ERROR, month=month_of(hired_on))
    yield from _start(start, terms)
    # Nothing below can be reckoned for a month of which no figures are kept.
    if not terms.is_governed(start):
        return
    yield from insurance_findings(values, terms)
    yield from duty_findings(values, terms)
    if start < month_of(terms.on):
        yield finding("back_months", WARNING, month=start)
    yield from _limits(values["wage_fen"], start, terms)
    yield from _own_bases(values, values["wage_fen"], start, terms)


def _hire_registered(values: Values, person: RegisteredPerson, terms: Terms) -> Iterator[Finding]:
    if person.open_here(terms.employer_id):
        yield finding("already_here", ERROR)
    yield from _elsewhere(person, values["insurances"], terms)
    yield from _covered(person, values["insurances"], values["start_month"], terms)
    if person.died_on is not None:
        yield finding("died", ERROR)


def _is_too_young(born_on: date, hired_on: date) -> bool:
    # The day of the birthday is only worked out in the year where it decides.
    reaches_age = born_on.year + WORKING_AGE >= hired_on.year
    return reaches_age and corresponding_day(born_on, 12 * WORKING_AGE) > hired_on


def _leave(
    values: Values, _number: IdentityNumber, person: RegisteredPerson | None, terms: Terms
) -> Iterator[Finding]:
    if person is None or person.hired_on is None:
        yield finding("not_here", ERROR)
        return
    ended_on = date.fromisoformat(values["ended_on"])
    if ended_on < person.hired_on:
        yield finding("ended_before_hire", ERROR, day=person.hired_on.isoformat())
    if month_of(ended_on) > terms.latest_month:
        yield finding("ended_too_late", ERROR, month=terms.latest_month)
    yield from _stop(values, person, terms)
    if is_late(FilingKind.LEAVE, values, terms):
        last = terms.deadline(values["ended_on"], "termination_report").moved_to
        yield finding("late_leave", WARNING, day=last.isoformat())


def _change(
    values: Values, _number: IdentityNumber, person: RegisteredPerson | None, terms: Terms
) -> Iterator[Finding]:
    if person is None or person.hired_on is None:
        yield finding("not_here", ERROR)
        return
    changed = ("new_name", "wage_fen", "mobile", "retirement_category", *sorted(OWN_BASE_NAMES))
    # A change of nothing is a slip: the filer meant to declare something.
    if all(values.get(name) in (None, "") for name in changed):
        yield finding("nothing_changed", ERROR)
    if values.get("new_name"):
        yield finding("name_is_declared", INFO)
    if values.get("wage_fen") is not None or any(own_bases(values)):
        if not values.get("start_month"):
            yield finding("start_month_missing", ERROR)
            return
        if values["start_month"] < month_of(person.hired_on):
            yield finding("start_before_hire", ERROR, month=month_of(person.hired_on))
        yield from _start(values["start_month"], terms)
        if values.get("wage_fen") is not None:
            yield from _wage(values, person, values["start_month"], terms)
        else:
            yield from _own_bases(values, person.present_fen, values["start_month"], terms)


def _pause(
    values: Values, _number: IdentityNumber, person: RegisteredPerson | None, terms: Terms
) -> Iterator[Finding]:
    if person is None or not person.open_here(terms.employer_id):
        yield finding("not_enrolled", ERROR)
        return
    yield from _stop(values, person, terms)


def _resume(
    values: Values, _number: IdentityNumber, person: RegisteredPerson | None, terms: Terms
) -> Iterator[Finding]:
    if person is None or person.hired_on is None:
        yield finding("not_here", ERROR)
        return
    if person.open_here(terms.employer_id):
        yield finding("already_here", ERROR)
    ended_here = [
        span
        for span in person.enrolments
        if span.employer_id == terms.employer_id and span.to_month is not None
    ]
    # What ended last here is what goes on.
    last = max((str(span.to_month) for span in ended_here), default="")
    insurances = {span.insurance for span in ended_here if span.to_month == last}
    yield from _elsewhere(person, insurances, terms)
    if not ended_here:
        yield finding("not_paused", ERROR)
    # A month that was insured is not insured anew: it would be billed twice.
    elif values["start_month"] <= last:
        yield finding("start_before_pause", ERROR, month=last)
    yield from _covered(person, insurances, values["start_month"], terms)
    if person.died_on is not None:
        yield finding("died", ERROR)
    yield from _start(values["start_month"], terms)
    yield from _wage(values, person, values["start_month"], terms)


def _base(
    values: Values, _number: IdentityNumber, person: RegisteredPerson | None, terms: Terms
) -> Iterator[Finding]:
    if person is None or not person.open_here(terms.employer_id):
        yield finding("not_enrolled", ERROR)
        return
    # A base that begins in any other month would change a year that runs by another one.
    if values["start_month"] not in terms.base_months():
        latest = max(terms.base_months())
        yield finding("base_month", ERROR, field="start_month", month=latest)
        return
    yield from _wage(values, person, values["start_month"], terms)


def _wage(values: Values, person: RegisteredPerson, month: str, terms: Terms) -> Iterator[Finding]:
    yield from _limits(values["wage_fen"], month, terms)
    before, now = values.get("present_fen") or person.present_fen, values["wage_fen"]
    # In whole numbers: no division, so no rounding at the threefold.
    if before and (now > before * _JUMP_UP or now * _JUMP_DOWN < before):
        yield finding("jump", WARNING, before=before, now=now)
    yield from _own_bases(values, now, month, terms)


def _own_bases(values: Values, wage_fen: int | None, month: str, terms: Terms) -> Iterator[Finding]:
    """Refuse another base than the wage for an insurance that has none of its own here."""
    if not any(own_bases(values)) or not terms.is_governed(month):
        return
    allowed = terms.own_bases(month)
    for insurance, fen in own_bases(values):
        if insurance not in allowed and not _repeats_wage(insurance, fen, wage_fen, month, terms):
            yield finding("own_base_differs", ERROR, field=name_of(insurance))


def _repeats_wage(insurance: str, fen: int, wage_fen: int | None, month: str, terms: Terms) -> bool:
    # Payroll programs write what the limits make of the wage: that is no other base.
    return wage_fen is not None and fen in {wage_fen, terms.base_used(insurance, wage_fen, month)}


def without_repeated_bases(values: Values, present_fen: int | None, terms: Terms) -> dict[str, Any]:
    """Return a row without the bases that only repeat the wage, or what its limits make of it.

    They would hold on as bases of their own when the wage or its limits change.
    """
    kept, month = dict(values), str(values.get("start_month") or "")
    if not any(own_bases(values)) or not month or not terms.is_governed(month):
        return kept
    wage, allowed = values.get("wage_fen"), terms.own_bases(month)
    for insurance, fen in own_bases(values):
        if insurance in allowed:
            # Alone it may end a base of its own: then it is no repetition.
            repeats = fen == wage
        else:
            now = present_fen if wage is None else wage
            repeats = _repeats_wage(insurance, fen, now, month, terms)
        if repeats:
            del kept[name_of(insurance)]
    return kept


def _covered(
    person: RegisteredPerson, insurances: Collection[str], start: str, terms: Terms
) -> Iterator[Finding]:
    through = person.covered_through(insurances, start, terms.employer_id)
    if through is not None:
        yield finding("covered_through", ERROR, month=through)


def _is_past_retirement(values: Values, number: IdentityNumber, terms: Terms) -> bool:
    hired_on = values["hired_on"]
    # Nobody's age is reckoned who is far from it.
    if values.get("form") == "over_age" or int(hired_on[:4]) - number.birth_date.year < _RETIRES:
        return False
    is_man = number.sex is Sex.MALE
    # Without a stated post the later of a woman's ages counts: it warns of nobody too early.
    category = "male" if is_man else values.get("retirement_category") or "female55"
    schedule = terms.retirement_schedule(category)
    born = month_of(number.birth_date)
    return bool(compute_retirement(born, schedule).retirement_month <= hired_on[:7])


def _elsewhere(
    person: RegisteredPerson, insurances: Collection[str], terms: Terms
) -> Iterator[Finding]:
    elsewhere = divide_second_employer(insurances, person.open_elsewhere(terms.employer_id))
    if elsewhere.refused:
        yield finding("enrolled_elsewhere", ERROR, insurances=list(elsewhere.refused))
    elif person.open_elsewhere(terms.employer_id):
        yield finding("second_employer", INFO)
    if any(span.insurance in insurances for span in person.open_alone()):
        yield finding("ends_flexible", WARNING)


def _start(month: str, terms: Terms) -> Iterator[Finding]:
    # Nothing is billed by figures of another time: what is that old is settled with the agency.
    if not terms.is_governed(month):
        yield finding("month_too_early", ERROR, month=month)
    yield from _month(month, terms)


def _month(month: str, terms: Terms) -> Iterator[Finding]:
    if month > terms.latest_month:
        yield finding("month_too_late", ERROR, month=terms.latest_month)


def _stop(values: Values, person: RegisteredPerson, terms: Terms) -> Iterator[Finding]:
    stop = values["stop_month"]
    if stop < add_months(month_of(terms.on), -1):
        yield finding("back_stop", WARNING, month=stop)
    firsts = [span.from_month for span in person.open_here(terms.employer_id)]
    # The last month of an insurance is not before its first one; of several the latest decides.
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


_BY_KIND = {
    FilingKind.HIRE: _hire,
    FilingKind.LEAVE: _leave,
    FilingKind.CHANGE: _change,
    FilingKind.PAUSE: _pause,
    FilingKind.RESUME: _resume,
    FilingKind.BASE: _base,
}
