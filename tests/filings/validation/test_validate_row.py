"""Everything that is said about one row, at each of its boundaries: no more, and no less."""

from dataclasses import replace
from datetime import date

import pytest

from siweb.filings.fields.filing_kind import FilingKind
from siweb.filings.validation.register_snapshot import RegisteredPerson, Span
from siweb.filings.validation.terms import Terms
from siweb.filings.validation.validate_row import is_late, row_key, validate_row
from siweb.registry.codes import EmployerStatus, Insurance
from siweb.rules.identifiers.identity_number import check_character
from siweb.rules.parameters.load import load_packs
from tests import factories

HERE, THERE = 1, 2
TODAY = date(2026, 11, 24)
ALL = [each.value for each in Insurance]
FOUR = [each for each in ALL if each != "work_injury"]
MAN = factories.make_id_number(date(1990, 5, 1), serial=7103)
WOMAN = factories.make_id_number(date(1990, 5, 1), serial=7102)
# They retire in November 2026: he with 60 years and 5 months, she with 50 years and 8 months.
OLD_MAN = factories.make_id_number(date(1966, 6, 1), serial=7105)
OLD_WOMAN = factories.make_id_number(date(1976, 3, 1), serial=7106)
# A number whose first six digits are no place.
_DIGITS = "999999" + MAN[6:17]
NOWHERE = _DIGITS + check_character(_DIGITS)
PACKS = load_packs()
TERMS = Terms(HERE, "310000", EmployerStatus.ACTIVE, PACKS, TODAY)
FLOOR, CEILING = TERMS.pension_limits("2026-11")
# An employee since January 2025, insured in everything.
EMPLOYEE = RegisteredPerson(
    7,
    "陈新",
    hired_on=date(2025, 1, 6),
    enrolments=[Span(each, HERE, "2025-01", None) for each in ALL],
    present_fen=900_000,
)
PAUSED = replace(EMPLOYEE, enrolments=[Span(each, HERE, "2025-01", "2026-08") for each in ALL])
ROWS = {
    "hire": {
        "hired_on": "2026-11-02",
        "start_month": "2026-11",
        "wage_fen": 900_000,
        "insurances": ALL,
    },
    "leave": {"ended_on": "2026-11-20", "stop_month": "2026-11"},
    "change": {"wage_fen": 900_000, "start_month": "2026-11"},
    "pause": {"stop_month": "2026-11"},
    "resume": {"wage_fen": 900_000, "start_month": "2026-11"},
    "base": {"wage_fen": 900_000, "start_month": "2026-07"},
}


def said(kind, person=None, terms=TERMS, **given):
    """Return what is said of a row that is right but for what is given, each with its facts."""
    values = {"id_number": MAN, "name": "陈新"} | ROWS[kind] | given
    found = validate_row(FilingKind(kind), values, person, terms)
    return "; ".join(
        " ".join([each.level[0].upper(), each.code, *map(_written, each.facts.items())])
        for each in found
    )


def _written(fact):
    name, value = fact
    listed = "FOUR" if value == FOUR else ",".join(value) if isinstance(value, list) else value
    return f"{name}={listed}"


def person_with(*spans, **values):
    return replace(EMPLOYEE, **({"hired_on": None, "enrolments": list(spans)} | values))


def and_also(person, span):
    return replace(person, enrolments=[*person.enrolments, span])


def test_a_row_of_each_kind_that_is_right_says_nothing():
    assert said("hire") == ""
    assert said("resume", PAUSED) == ""
    for kind in ("leave", "change", "pause", "base"):
        assert said(kind, EMPLOYEE) == ""


@pytest.mark.parametrize(
    ("kind", "person", "given", "expected"),
    [
        ("hire", None, {"id_number": "1"}, "E id_length"),
        ("hire", None, {"id_number": WOMAN}, "E category_missing field=retirement_category"),
        ("hire", None, {"id_number": WOMAN, "retirement_category": "female50"}, ""),
        ("hire", None, {"hired_on": "2026-12-01"}, "E start_before_hire month=2026-12"),
        ("hire", None,
         {"start_month": "2026-12"}, "W uncovered_months first_month=2026-11 last_month=2026-11"),
        ("hire",
         None, {"start_month": "2027-01"}, ("E month_too_late month=2026-12; "
         "W uncovered_months first_month=2026-11 last_month=2026-12")),
        ("hire", None,
         {"start_month": "2026-10", "hired_on": "2026-10-31"}, "W back_months month=2026-10"),
        ("hire",
         None, {"hired_on": "2006-05-01"}, ("W late_hire day=2006-05-31 days=7482; "
         "W uncovered_months first_month=2006-05 last_month=2026-10")),
        ("hire", None, {"wage_fen": FLOOR - 1}, "I raised_to_floor wage=754599 base=754600"),
        ("hire", None, {"wage_fen": FLOOR}, ""),
        ("hire", None, {"wage_fen": CEILING}, ""),
        ("hire", None, {"wage_fen": CEILING + 1}, "I cut_to_ceiling wage=3773101 base=3773100"),
        ("hire", EMPLOYEE, {}, "E already_here"),
        ("hire", EMPLOYEE, {"name": "陈旧"}, "W name_differs; E already_here"),
        ("hire", person_with(), {"name": "陈旧"}, "E name_disagrees field=name"),
        ("hire", person_with(died_on=TODAY), {}, "E died"),
        ("hire", person_with(Span("pension", THERE, "2025-01", None)),
         {}, "E enrolled_elsewhere insurances=pension"),
        ("hire", person_with(Span("work_injury", THERE, "2025-01", None)), {}, "I second_employer"),
        ("hire", person_with(Span("pension", None, "2025-01", None)), {}, "W ends_flexible"),
        ("hire", person_with(Span("pension", THERE, "2025-01", "2026-11")),
         {}, "E covered_through month=2026-11"),
        ("hire", person_with(Span("pension", THERE, "2025-01", "2026-10")), {}, ""),
        ("leave", None, {}, "E not_here"),
        # Of a stranger to the employer it says nothing of the name, for that would answer.
        ("leave", person_with(), {"name": "陈旧"}, "E not_here"),
        ("leave", EMPLOYEE, {"ended_on": "2025-01-05"},
         "E ended_before_hire day=2025-01-06; W late_leave day=2025-01-20"),
        ("leave", EMPLOYEE, {"ended_on": "2026-12-31", "stop_month": "2026-12"}, ""),
        ("leave", EMPLOYEE, {"ended_on": "2027-01-01", "stop_month": "2027-01"},
         "E ended_too_late month=2026-12; E month_too_late month=2026-12"),
        ("leave", EMPLOYEE,
         {"stop_month": "2024-12"}, "W back_stop month=2024-12; E stop_before_start month=2025-01"),
        ("leave", EMPLOYEE, {"stop_month": "2026-10"}, ""),
        ("leave", EMPLOYEE, {"stop_month": "2026-09"}, "W back_stop month=2026-09"),
        ("leave", EMPLOYEE, {"ended_on": "2026-10-20"}, "W late_leave day=2026-11-04"),
        ("change", EMPLOYEE, {"wage_fen": None, "start_month": None}, "E nothing_changed"),
        ("change", EMPLOYEE, {"wage_fen": None, "new_name": "陈旧"}, "I name_is_declared"),
        ("change", EMPLOYEE, {"start_month": ""}, "E start_month_missing"),
        ("change", EMPLOYEE, {"start_month": "2024-12"}, "E start_before_hire month=2025-01"),
        ("change", EMPLOYEE, {"wage_fen": 2_700_000}, ""),
        ("change", EMPLOYEE, {"wage_fen": 2_700_001}, "W jump before=900000 now=2700001"),
        ("change", EMPLOYEE, {"wage_fen": 300_000}, "I raised_to_floor wage=300000 base=754600"),
        ("change", EMPLOYEE, {"wage_fen": 299_999},
         "I raised_to_floor wage=299999 base=754600; W jump before=900000 now=299999"),
        ("change", EMPLOYEE, {"wage_fen": 300_000, "present_fen": 900_001},
         "I raised_to_floor wage=300000 base=754600; W jump before=900001 now=300000"),
        ("pause", PAUSED, {}, "E not_enrolled"),
        ("pause", None, {}, "E not_enrolled"),
        ("resume", EMPLOYEE, {}, "E already_here; E not_paused"),
        ("resume", None, {}, "E not_here"),
        ("resume", person_with(hired_on=date(2025, 1, 6)), {}, "E not_paused"),
        ("resume", PAUSED, {"start_month": "2026-08"},
         "E start_before_pause month=2026-08; E covered_through month=2026-08"),
        ("resume", PAUSED, {"start_month": "2026-09"}, ""),
        ("resume", replace(PAUSED, died_on=TODAY), {}, "E died"),
        ("base", PAUSED, {}, "E not_enrolled"),
        ("base", EMPLOYEE,
         {"start_month": "2026-08"}, "E base_month field=start_month month=2026-07"),
        ("base", EMPLOYEE,
         {"start_month": "2025-07"}, "E base_month field=start_month month=2026-07"),
        ("hire",
         None, {"hired_on": "2006-04-30"}, ("E too_young age=16; W late_hire day=2006-05-30 "
         "days=7483; W uncovered_months first_month=2006-04 last_month=2026-10")),
        ("hire", None, {"id_number": OLD_MAN}, "W past_retirement"),
        ("hire", None,
         {"id_number": OLD_MAN, "form": "over_age"}, "E work_injury_alone insurances=FOUR"),
        ("hire", None, {"id_number": OLD_MAN, "hired_on": "2026-10-31"},
         "W uncovered_months first_month=2026-10 last_month=2026-10"),
        ("hire", None,
         {"id_number": OLD_WOMAN, "retirement_category": "female50"}, "W past_retirement"),
        ("hire", None, {"id_number": OLD_WOMAN, "retirement_category": "female55"}, ""),
        ("hire", None, {"id_number": NOWHERE}, "W unknown_region"),
        ("hire", None, {"start_month": "1990-01", "hired_on": "1989-12-31"},
         "E too_young age=16; E month_too_early month=1990-01"),
        ("hire", person_with(Span("pension", HERE, "2025-01", "2026-11")),
         {}, "E covered_through month=2026-11"),
        ("hire", person_with(Span("work_injury", THERE, "2025-01", "2026-11")), {}, ""),
        ("hire", person_with(Span("work_injury", HERE, "2025-01", "2026-11")),
         {}, "E covered_through month=2026-11"),
        ("hire", person_with(Span("pension", None, "2025-01", "2026-11")), {}, ""),
        ("hire", person_with(Span("pension", None, "2025-01", None)),
         {"insurances": ["work_injury"]}, "W missing_insurance insurances=FOUR"),
        ("hire", person_with(Span("pension", HERE, "2025-01", None)), {}, "E already_here"),
        ("leave", EMPLOYEE, {"ended_on": "2025-01-06", "stop_month": "2025-01"},
         "W back_stop month=2025-01; W late_leave day=2025-01-21"),
        ("leave", person_with(*EMPLOYEE.enrolments), {}, "E not_here"),
        ("leave",
         and_also(EMPLOYEE, Span("pension", HERE, "2026-12", None)),
         {}, "E stop_before_start month=2026-12"),
        ("change", PAUSED, {"wage_fen": None, "mobile": "13800138000"}, ""),
        ("change", PAUSED,
         {"wage_fen": None, "retirement_category": "female50", "start_month": None}, ""),
        ("change", person_with(), {}, "E not_here"),
        ("change", EMPLOYEE, {"start_month": "2025-01"}, ""),
        ("change", EMPLOYEE, {"start_month": "2027-01"}, "E month_too_late month=2026-12"),
        ("change", replace(EMPLOYEE, present_fen=None), {"wage_fen": 3_000_000}, ""),
        ("resume",
         and_also(PAUSED, Span("pension", THERE, "2026-09", "2026-10")),
         {}, ""),
        ("resume",
         and_also(PAUSED, Span("pension", THERE, "2026-09", "2026-11")),
         {}, "E covered_through month=2026-11"),
        ("resume",
         and_also(PAUSED, Span("pension", THERE, "2026-09", None)),
         {}, "E enrolled_elsewhere insurances=pension"),
        ("resume",
         person_with(Span("pension", HERE, "2024-01", "2024-12"),
                     Span("medical", HERE, "2025-01", "2026-08"),
                     Span("pension", THERE, "2025-01", None), hired_on=date(2025, 1, 6)),
         {}, "I second_employer"),
        ("resume", PAUSED, {"start_month": "2027-01"}, "E month_too_late month=2026-12"),
        ("base", person_with(*EMPLOYEE.enrolments),
         {"wage_fen": 2_700_001}, "W jump before=900000 now=2700001"),
        ("base", EMPLOYEE, {"wage_fen": FLOOR - 1}, "I raised_to_floor wage=754599 base=754600"),
    ],
)  # fmt: skip
def test_a_row_is_told_exactly_this(kind, person, given, expected):
    assert said(kind, person, **given) == expected


def test_of_an_employer_that_is_not_active_every_row_says_so():
    closed = replace(TERMS, status=EmployerStatus.CANCELLED)
    assert said("pause", EMPLOYEE, closed) == "E employer_not_active"
    assert said("pause", EMPLOYEE, closed, id_number="1") == ("E employer_not_active; E id_length")


@pytest.mark.parametrize(
    ("kind", "day", "late"),
    [
        # Thirty days after the hire is a Saturday; fifteen days after the end a Sunday.
        ("hire", "2026-10-26", False), ("hire", "2026-10-25", False), ("hire", "2026-10-22", True),
        ("leave", "2026-11-09", False), ("leave", "2026-11-08", True),
        ("pause", "2000-01-01", False),
    ],
)  # fmt: skip
def test_a_row_is_late_after_its_last_day(kind, day, late):
    assert is_late(FilingKind(kind), {"hired_on": day, "ended_on": day}, TERMS) is late


def test_what_is_the_same_has_the_same_key():
    def key(kind="hire", employer=HERE, digest="d", **values):
        return row_key(employer, FilingKind(kind), {"start_month": "2026-11"} | values, digest)

    assert key() == key(wage_fen=1, name="陈新", id_number=MAN)
    others = [
        key(employer=THERE), key(digest="e"), key("resume"), key(start_month="2026-12"),
        key(start_month="", stop_month="2026-12"), key(start_month=None),
    ]  # fmt: skip
    assert len({key(), *others}) == len(others)
    # Of a change what is changed counts as well, but not how the number is written.
    change = key("change", wage_fen=1, name="陈新")
    assert change == key("change", wage_fen=1, name="陈新", present_fen=3, id_number=MAN)
    assert change not in {key("change", wage_fen=2, name="陈新"), key("change", wage_fen=1)}
