"""A person with two keys is billed once a month and insurance, under the key that came first."""

from sqlalchemy import select

from siweb.audit.actor import SYSTEM
from siweb.ledgers.tables.contribution_record import ContributionRecord
from siweb.registry.claim_enrolments import release_claims
from siweb.registry.merge_keys import add_alias
from siweb.registry.tables.enrolment import Enrolment
from tests.conftest import NOW
from tests.levies import BEIJING, MONTH, levy


def end(session, person, month=MONTH):
    """End what somebody takes part in, with a month that another enrolment claims as well."""
    for enrolment in session.scalars(select(Enrolment).where(Enrolment.person_id == person.id)):
        enrolment.to_month = month
    release_claims(session, [person.id])


def billed(session):
    rows = session.execute(
        select(ContributionRecord.person_id, ContributionRecord.insurance).where(
            ContributionRecord.contribution_month == MONTH
        )
    )
    return sorted((row.person_id, row.insurance.value) for row in rows)


def test_a_month_claimed_under_both_keys_is_billed_under_the_first(session, hire_at, insure):
    first, second = hire_at(), hire_at()
    former = insure(500_000, first, insurances=("pension", "work_injury"))
    person = insure(800_000, second, insurances=("pension", "medical", "work_injury"))
    end(session, former)
    end(session, person)
    add_alias(session, former.id, person.id, actor=SYSTEM, at=NOW)

    levy(session, BEIJING)

    # Work injury is each employer's own (Order 13 Art. 9).
    assert billed(session) == [
        (former.id, "pension"),
        (former.id, "work_injury"),
        (person.id, "medical"),
        (person.id, "work_injury"),
    ]


def test_what_was_billed_before_they_were_merged_is_not_billed_again(session, hire_at, insure):
    former = insure(500_000, hire_at(), insurances=("pension",))
    levy(session, BEIJING)
    person = insure(800_000, hire_at(), insurances=("pension",))
    end(session, former)
    end(session, person)
    add_alias(session, former.id, person.id, actor=SYSTEM, at=NOW)

    levy(session, BEIJING)

    assert billed(session) == [(former.id, "pension")]


def test_two_people_are_billed_both(session, hire_at, insure):
    people = [insure(500_000, hire_at(), insurances=("pension",)) for _ in range(2)]

    levy(session, BEIJING)

    assert billed(session) == [(person.id, "pension") for person in people]
