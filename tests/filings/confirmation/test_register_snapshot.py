"""What the register has of the people whom rows name: theirs alone, and of this employer alone."""

from datetime import date, timedelta

from siweb.db.sealing.field_keys import number_digest
from siweb.filings.validation.register_snapshot import RegisteredPerson, Span, registered_people
from siweb.registry.codes import Insurance
from siweb.registry.tables.declared_base import DeclaredBase
from siweb.registry.tables.person_alias import PersonAlias
from tests import factories
from tests.conftest import NOW


def test_employment_and_base_are_the_employers_own_and_those_that_hold(session, employer):
    other = factories.make_employer(session, region_code="310000")
    person, colleague, left = (
        factories.make_person(session, name=name, region_code="310000") for name in "甲乙丙"
    )
    for of, at, values in (
        (person, employer, {"hired_on": date(2024, 1, 1)}),
        (person, other, {"hired_on": date(2020, 1, 1)}),
        (colleague, employer, {"hired_on": date(2023, 1, 1)}),
        (left, employer, {"hired_on": date(2022, 1, 1), "ended_on": date(2025, 1, 1)}),
        (left, other, {"hired_on": date(2021, 1, 1)}),
    ):
        factories.make_employment(session, of, at, **values)
    # The one from the last month holds, and of two from one month the one declared last.
    for place, (of, at, month, values) in enumerate(
        (
            (person, employer, "2025-07", {}),
            (person, employer, "2025-07", {}),
            (person, employer, "2025-01", {}),
            (person, employer, "2026-01", {"withdrawn_at": NOW}),
            (person, employer, "2026-02", {"insurance": Insurance.PENSION}),
            (person, other, "2026-03", {}),
            (colleague, employer, "2026-04", {}),
        )
    ):
        session.add(
            DeclaredBase(
                person_id=of.id, employer_id=at.id, region_code="310000", from_month=month,
                declared_base_fen=100_001 + place, origin="filing_base",
                declared_at=NOW + timedelta(minutes=place), **values,
            )
        )  # fmt: skip
        session.flush()
    digests = [number_digest(each.id_number) for each in (person, left)]

    found = registered_people(session, employer.id, [*digests, number_digest("1")])

    assert found == {
        digests[0]: RegisteredPerson(
            person.id, "甲", hired_on=date(2024, 1, 1), present_fen=100_002
        ),
        digests[1]: RegisteredPerson(left.id, "丙"),
    }


def test_what_began_under_a_former_key_goes_on_under_the_one_that_stands(session, employer):
    other = factories.make_employer(session, region_code="310000")
    person, former = (factories.make_person(session, region_code="310000") for _ in range(2))
    session.add(PersonAlias(former_id=former.id, person_id=person.id, merged_at=NOW))
    for key, insurance, at, first, last in (
        (former, "pension", employer, "2025-01", "2025-12"),
        (person, "pension", employer, "2026-01", None),
        # A month in between, another employer, and one that ended before: none of these goes on.
        (former, "medical", employer, "2025-01", "2025-11"),
        (person, "medical", employer, "2026-01", None),
        (former, "unemployment", other, "2025-01", "2025-12"),
        (person, "unemployment", employer, "2026-01", None),
        (former, "maternity", employer, "2025-01", "2025-12"),
        (person, "maternity", employer, "2026-01", "2026-03"),
    ):
        factories.make_enrolment(
            session, key, Insurance(insurance), employer=at, from_month=first, to_month=last
        )

    of_former, of_person = (
        registered_people(session, employer.id, [number_digest(each.id_number)])
        for each in (former, person)
    )

    (found,) = of_person.values()
    assert [*of_former.values()] == [found]
    assert (found.id, {Insurance(each.insurance).value for each in found.open_here(employer.id)}) == (
        person.id, {"pension", "medical", "unemployment"},
    )  # fmt: skip
    spans = {
        (Insurance(each.insurance).value, each.from_month, each.to_month)
        for each in found.enrolments
    }
    assert spans == {
        ("pension", "2025-01", None),
        ("medical", "2025-01", "2025-11"), ("medical", "2026-01", None),
        ("unemployment", "2025-01", "2025-12"), ("unemployment", "2026-01", None),
        ("maternity", "2025-01", "2025-12"), ("maternity", "2026-01", "2026-03"),
    }  # fmt: skip


def test_whose_somebody_is_and_where():
    spans = [
        Span("pension", 1, "2025-01", None),
        Span("medical", 2, "2025-01", None),
        Span("work_injury", None, "2025-01", None),
        Span("unemployment", 1, "2025-01", "2025-12"),
    ]
    person = RegisteredPerson(7, "甲", enrolments=spans)

    assert [person.is_of(number) for number in (1, 2, 3)] == [True, True, False]
    assert RegisteredPerson(7, "甲", hired_on=date(2025, 1, 1)).is_of(3)
    assert (person.open_here(1), person.open_alone()) == ([spans[0]], [spans[2]])
    assert person.open_elsewhere(1) == {"medical"}
