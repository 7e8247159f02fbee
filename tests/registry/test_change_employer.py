"""Employers are registered once; what was changed stays readable."""

from datetime import date

import pytest
from sqlalchemy import func, select

from siweb.audit.activity import Activity
from siweb.audit.actor import Actor
from siweb.registry.employers.change import (
    AlreadyRegistered,
    cancel_registration,
    change_employer,
    changes_of,
    is_registered,
    register_employer,
)
from siweb.registry.employers.industries import read_industries
from tests import factories
from tests.conftest import NOW

ACTOR = Actor(7, 8)


@pytest.fixture
def employer(session):
    return factories.make_employer(session, name="旧名公司", address="旧路1号")


def test_a_code_is_registered_once(session, employer):
    values = {
        "uscc": employer.uscc,
        "name": "另一个",
        "region_code": employer.region_code,
        "kind": "enterprise",
        "industry_code": "I65",
        "injury_class": 1,
        "established_on": date(2026, 1, 5),
    }

    with pytest.raises(AlreadyRegistered):
        register_employer(session, values, actor=ACTOR, at=NOW)


def test_only_what_differs_is_kept_with_who_and_when(session, employer):
    changes = change_employer(
        session,
        employer,
        {"name": "新名公司", "address": "旧路1号"},
        happened_on=date(2026, 11, 2),
        actor=ACTOR,
        at=NOW,
    )

    [kept] = changes_of(session, employer.id)
    assert changes == [kept]
    assert (kept.field, kept.old_value, kept.new_value) == ("name", "旧名公司", "新名公司")
    assert (kept.changed_by_account_id, kept.changed_at) == (7, NOW)


def test_what_is_not_changeable_stays(session, employer):
    change_employer(
        session, employer, {"uscc": "X"}, happened_on=date(2026, 11, 2), actor=ACTOR, at=NOW
    )

    assert employer.uscc != "X"


def test_every_industry_suggests_a_class():
    found = read_industries()

    assert len(found) == 97
    assert {one.injury_class for one in found.values()} <= set(range(1, 9))
    assert found["I65"].injury_class == 1


def test_an_emptied_field_is_kept_as_none_and_an_unsent_one_stays(session, employer):
    employer.phone = "021-1234"

    changes = change_employer(
        session, employer, {"phone": ""}, happened_on=date(2026, 11, 2), actor=ACTOR, at=NOW
    )

    assert [(each.field, each.old_value, each.new_value) for each in changes] == [
        ("phone", "021-1234", None)
    ]
    assert (employer.phone, employer.address) == (None, "旧路1号")


def test_nothing_changed_is_nothing_noted(session, employer):
    before = session.scalar(select(func.count()).select_from(Activity))

    assert not change_employer(
        session, employer, {"name": "旧名公司"}, happened_on=date(2026, 11, 2), actor=ACTOR, at=NOW
    )
    assert session.scalar(select(func.count()).select_from(Activity)) == before


def test_a_cancelled_employer_says_since_when_and_stays_registered(session, employer):
    cancel_registration(session, employer, happened_on=date(2026, 11, 2), actor=ACTOR, at=NOW)

    assert (employer.status, employer.cancelled_on) == ("cancelled", date(2026, 11, 2))
    [kept] = changes_of(session, employer.id)
    assert (kept.field, kept.old_value, kept.new_value) == ("status", "active", "cancelled")
    assert is_registered(session, employer.uscc)
    assert not is_registered(session, "91310000MA1FL0000X")


def test_the_newest_changes_come_first_and_no_more_than_asked(session, employer):
    for number in range(3):
        change_employer(
            session, employer, {"name": f"第{number}名"}, happened_on=date(2026, 11, 2),
            actor=ACTOR, at=NOW,
        )  # fmt: skip

    assert [each.new_value for each in changes_of(session, employer.id, 2)] == ["第2名", "第1名"]
