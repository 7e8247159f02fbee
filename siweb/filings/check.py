"""Check rows: every row and everything about it, so that nobody corrects one error at a time.

An error refuses the row, a warning lets it pass and stays with it, an info says what is made of
it.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from siweb.auth.activate import same_name
from siweb.filings.filing_kind import FilingKind
from siweb.filings.finding import ERROR, INFO, WARNING, Finding, finding
from siweb.filings.known import KnownPerson
from siweb.registry.words import EmployerStatus
from siweb.rules.deadlines import compute_deadline
from siweb.rules.errors import NumberRefused
from siweb.rules.identity_number import IdentityNumber, Sex, parse_identity_number
from siweb.rules.months import add_months, corresponding_day, month_of
from siweb.rules.parameters.pack_set import PackSet
from siweb.rules.parameters.parameter_set import ParameterMissing

Given = Mapping[str, Any]
WORKING_AGE = 16
# A wage that moves further than this in one declaration is probably mistyped.
_JUMP_UP, _JUMP_DOWN = 3, 3


@dataclass(slots=False)
class Terms:
    """What all rows of a filing are checked by."""

    employer_id: int
    region_code: str
    status: EmployerStatus
    packs: PackSet
    on: date

    # Rows repeat days and months: each is worked out once.
    _last_days: dict[tuple[str, str], date] = field(default_factory=dict)
    _limits: dict[str, tuple[int, int] | None] = field(default_factory=dict)

    @cached_property
    def latest_month(self) -> str:
        """The last month that may be declared now: the next one."""
        return add_months(month_of(self.on), 1)

    def last_day(self, event_on: str, period: str) -> date:
        """Return the last day of a period that an event started on a day, YYYY-MM-DD."""
        known = self._last_days.get((event_on, period))
        if known is None:
            length = self.packs.parameters(self.region_code, month_of(self.on)).period(period)
            calendar = self.packs.calendar(as_of=self.on)
            known = compute_deadline(date.fromisoformat(event_on), length, calendar).moved_to
            self._last_days[event_on, period] = known
        return known

    def pension_limits(self, month: str) -> tuple[int, int] | None:
        """Return floor and ceiling of the pension base, None where the pack has none."""
        if month not in self._limits:
            self._limits[month] = self._read_limits(month)
        return self._limits[month]

    def _read_limits(self, month: str) -> tuple[int, int] | None:
        try:
            terms = self.packs.parameters(self.region_code, month).premium_terms("pension")
        except ParameterMissing:
            return None
        return terms.base_floor, terms.base_ceiling


def read_number(given: Given) -> IdentityNumber | Finding:
    """Return the number of a row, or what is wrong with it."""
    try:
        return parse_identity_number(str(given.get("id_number", "")))
    except NumberRefused as refused:
        return finding(f"id_{refused.reason}", ERROR)


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
        said += "|" + "|".join(f"{name}={given[name]}" for name in sorted(given))
    return hashlib.sha256(said.encode()).hexdigest()


def _hire(
    given: Given, number: IdentityNumber, known: KnownPerson | None, terms: Terms
) -> Iterator[Finding]:
    hired_on = date.fromisoformat(given["hired_on"])
    start = given["start_month"]
    if known is not None:
        if known.open_here(terms.employer_id):
            yield finding("already_here", ERROR)
        yield from _elsewhere(known, terms)
        if known.died_on is not None:
            yield finding("died", ERROR)
    elif number.sex is Sex.FEMALE and not given.get("retirement_category"):
        yield finding("category_missing", ERROR)
    if _is_too_young(number.birth_date, hired_on):
        yield finding("too_young", ERROR, age=WORKING_AGE)
    if start < month_of(hired_on):
        yield finding("start_before_hire", ERROR, month=month_of(hired_on))
    if "medical" not in given["insurances"] and "maternity" in given["insurances"]:
        yield finding("maternity_without_medical", ERROR)
    yield from _month(start, terms)
    if is_late(FilingKind.HIRE, given, terms):
        last = terms.last_day(given["hired_on"], "employee_registration")
        yield finding("late_hire", WARNING, day=last.isoformat())
    if start < month_of(terms.on):
        yield finding("back_months", WARNING, month=start)
    yield from _limits(given["wage_fen"], start, terms)


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
        yield from _limits(given["wage_fen"], given["start_month"], terms)


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
    yield from _month(given["start_month"], terms)
    yield from _limits(given["wage_fen"], given["start_month"], terms)


def _base(
    given: Given, _number: IdentityNumber, known: KnownPerson | None, terms: Terms
) -> Iterator[Finding]:
    if known is None or not known.open_here(terms.employer_id):
        yield finding("not_enrolled", ERROR)
        return
    yield from _limits(given["wage_fen"], given["start_month"], terms)
    before, now = given.get("present_fen") or known.present_fen, given["wage_fen"]
    if before and (now > before * _JUMP_UP or now * _JUMP_DOWN < before):
        yield finding("jump", WARNING, before=before, now=now)


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
