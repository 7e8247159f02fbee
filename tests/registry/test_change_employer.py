"""Employers are registered once; what was changed stays readable."""

from datetime import date

import pytest

from siweb.audit.actor import Actor
from siweb.registry.change_employer import (
    AlreadyRegistered,
    change_employer,
    changes_of,
    register_employer,
)
from siweb.registry.industries import read_industries
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
