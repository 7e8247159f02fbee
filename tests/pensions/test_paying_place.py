"""Somebody contributed in several provinces: which place pays is asked, told and decided."""

import re

import pytest

from siweb.audit.actor import Actor, Channel
from siweb.ledgers.account.transfer import Brought, bring_in
from tests.conftest import NOW
from tests.pensions.test_pension import (
    ANSWERS,
    APPROVAL,
    DESK,
    HOME,
    TODAY,
    applied,
    apply,
    send_to_check,
)


@pytest.fixture
def moved(session, person):
    """Eight years here that count, ten and more before in Nanjing."""
    person.deemed_months = 84
    actor = Actor(None, None, Channel.DESK)
    brought = Brought("南京市", "2000-01", "2012-12", 150, 100_000)
    bring_in(session, person.id, brought, on=TODAY, actor=actor, at=NOW)
    session.commit()
    return person


def test_nobody_with_ten_years_here_is_asked_for_the_household(me, session, person):
    actor = Actor(None, None, Channel.DESK)
    brought = Brought("南京", "2000-01", "2001-12", 20, 100_000)
    bring_in(session, person.id, brought, on=TODAY, actor=actor, at=NOW)
    session.commit()

    assert "Paid by Shanghai: the pension relation is there, with 10 years" in me.get(HOME).text
    apply(me)
    [application] = applied(session)
    assert application.estimate["place"]["months"] == [["31", 192], ["32", 20]]


@pytest.mark.parametrize(
    ("household", "sentence", "pays"),
    [
        ("31", "Paid by Shanghai: the pension relation and the household", True),
        ("41", "Paid by Jiangsu: where the relation is now there are less than 10 years", False),
    ],
)
def test_the_household_decides_and_only_the_paying_place_approves(
    me,
    session,
    moved,
    clerks,
    household,
    sentence,
    pays,
):
    assert "depends on where the household is registered" in me.get(HOME).text
    case = me.post(f"{HOME}/start").location.rpartition("/")[0]
    steps = ANSWERS | {"household": {"household": household}}
    for step in ("month", "household", "bank", "delivery"):
        assert me.post(f"{case}/{step}", data={"seen": 0} | steps[step]).status_code == 303
    sent = me.post(f"{case}/check")

    page = me.get(sent.location).text
    assert sentence in page
    assert "Jiangsu 150 months" in page
    first, second = clerks
    [application] = applied(session)
    shown = first.get(f"{DESK}/{application.reference}").text
    assert sentence in shown
    proposed = first.post(f"{DESK}/{application.reference}/approve", data=APPROVAL)
    if not pays:
        assert proposed.status_code == 422
        assert "Another place pays this pension" in proposed.text
        # The household booklet that was seen says something else than the applicant.
        typed = APPROVAL | {"household": "31"}
        assert first.post(f"{DESK}/{application.reference}/approve", data=typed).status_code == 303
        return
    task = second.get("/desk?kind=task").text
    reference = re.search(r'href="(/desk/tasks/[^"?]+)"', task)[1]
    assert sentence in second.get(reference).text
    second.post(f"{reference}/approve")
    document = re.search(r'href="(/documents/[^"]+)"', me.get(sent.location).text)[1]
    assert "Place that pays" in me.get(document).text
    assert applied(session)[0].decided["place"]["pays"] == "31"


def test_the_index_of_months_without_a_base_is_typed_with_its_reason(
    me,
    session,
    person,
    clerks,
):
    first, second = clerks
    address = apply(me).location
    [application] = applied(session)
    page = f"{DESK}/{application.reference}"
    assert "have no base or no average wage on record." in first.get(page).text
    typed = APPROVAL | {"early_index": "0.6"}
    assert "Enter where these figures come from." in first.post(f"{page}/approve", data=typed).text
    both = typed | {"index": "0.8", "words": "档案第8页"}
    assert "not both" in first.post(f"{page}/approve", data=both).text

    task = send_to_check(first, session, "approve", **typed, words="档案第8页")
    assert "Index of the months without a base on record" in second.get(task).text
    second.post(f"{task}/approve")

    [application] = applied(session)
    known, months = application.estimate["index_ppm"], application.estimate["index_months"]
    lacking = 192 - months
    mean = (known * months + 600_000 * lacking) / 192
    assert abs(application.decided["index_ppm"] - mean) <= 1
    assert application.decided["early_index_ppm"] == 600_000
    assert "The agency took it from the person" in me.get(address).text
