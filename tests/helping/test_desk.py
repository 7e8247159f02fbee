"""At the counter: a mandate from a paper by two people, a guardian, an appointment, and every end."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from siweb.audit.actor import SYSTEM
from siweb.auth.helping.end import end_help_of_dead, hand_over_help
from siweb.auth.helping.give import MOST_DAYS
from siweb.auth.tables.account import Account
from siweb.auth.tables.appointment import Function
from siweb.auth.tables.help_mandate import CommunityHelper, HelpBasis, HelpKind, HelpMandate
from siweb.messages.tables.message import Message
from siweb.registry.merge_keys import add_alias
from siweb.tasks.tables.task import Task
from tests import factories
from tests.conftest import NOW
from tests.helping.conftest import TODAY
from tests.papers import paper
from tests.second_person import check_all
from tests.sign_in import sign_in

FORM = {
    "helper_name": "李梅", "basis": "paper", "kinds": ["record", "papers"],
    "until_on": (TODAY + timedelta(days=90)).isoformat(),
    **paper("paper", "授权书1号", kind="authorisation"),
}  # fmt: skip


@pytest.fixture
def clerk(app, session):
    client = app.test_client()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    person = factories.make_person(session, name="经办员")
    sign_in(client, session, person, [Function.REGISTRATION])
    return client


def send(clerk, person, helper, **given):
    typed = FORM | {"id_number": helper.id_number} | given
    return clerk.post(f"/desk/people/{person.id}/helpers/give", data=typed)


def test_a_paper_is_entered_by_one_and_opens_nothing_before_another_checked_it(
    session, clerk, browser, person, helper, record
):
    assert send(clerk, person, helper).status_code == 303
    task = session.scalars(select(Task)).one()
    assert not session.scalars(select(HelpMandate)).all()
    shown = clerk.get(f"/desk/tasks/{task.reference}").text
    assert "李梅" in shown
    assert "授权书1号" in shown

    check_all(session)

    row = session.scalars(select(HelpMandate)).one()
    assert (row.basis, row.kinds) == (HelpBasis.PAPER, {HelpKind.RECORD, HelpKind.PAPERS})
    assert browser.get(f"/for/{row.reference}/record").status_code == 200
    assert set(session.scalars(select(Message.kind).where(Message.person_id == person.id))) == {
        "help_given"
    }


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"helper_name": "李美"}, "nobody with this number and name"),
        ({"kinds": []}, "Choose at least one"),
        ({"basis": "code"}, "Not a valid choice"),
        (paper("paper", ""), "Enter the paper"),
        # What the person signed makes nobody a guardian, and a judgment is no form of theirs.
        ({"basis": "guardianship"}, "For a guardian, choose a judgment"),
        (paper("paper", "民初1号", kind="judgment"), "choose “Written authorisation”"),
        ({"until_on": (TODAY + timedelta(days=367)).isoformat()}, "The longest is 366 days"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(
    session, clerk, browser, person, helper, given, words
):
    answer = send(clerk, person, helper, **given)

    assert (answer.status_code, session.scalars(select(Task)).all()) == (422, [])
    if "Not a valid" not in words and "Enter the paper" not in words:
        assert words in answer.text


def test_a_guardian_has_a_longer_time_and_two_people_as_well(
    session, clerk, browser, person, helper
):
    until_on = (TODAY + timedelta(days=MOST_DAYS[HelpBasis.GUARDIANSHIP])).isoformat()
    judgment = paper("paper", "民初1号", kind="judgment")
    send(clerk, person, helper, basis="guardianship", until_on=until_on, **judgment)
    assert not session.scalars(select(HelpMandate)).all()
    check_all(session)

    assert session.scalars(select(HelpMandate.basis)).one() is HelpBasis.GUARDIANSHIP


def test_a_helper_without_an_account_opens_one_first(session, clerk, person):
    stranger = factories.make_person(session, name="李梅", born_on=date(1980, 1, 2))
    session.commit()

    assert "has no account yet" in send(clerk, person, stranger).text


def test_whoever_enters_it_is_not_the_helper(app, session, clerk, person):
    both = factories.make_person(session, name="李梅", born_on=date(1980, 1, 2))
    client = app.test_client()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    sign_in(client, session, both, [Function.REGISTRATION])

    assert "This is about yourself" in send(client, person, both).text
    assert "Who works at the agency helps none" in send(clerk, person, both).text


def test_whom_staff_helped_a_colleague_serves(app, session, browser, mandate, helper, person):
    """What was done for the person may be what is decided now: also after it ended."""
    mandate(ended_at=NOW)
    sign_in(browser, session, helper, [Function.REGISTRATION])

    assert browser.post(f"/desk/people/{person.id}/helpers/give", data=FORM).status_code == 403


def test_the_counter_ends_it_at_once(session, clerk, browser, mandate, person):
    row = mandate()
    page = f"/desk/people/{person.id}/helpers"
    assert f"/desk/people/helpers/{row.id}/end" in clerk.get(page).text

    # Pressed twice it is ended once, and both are told once.
    for _time in range(2):
        assert clerk.post(f"/desk/people/helpers/{row.id}/end").location == page
    assert browser.get(f"/for/{row.reference}").status_code == 404
    told = select(Message.kind).where(Message.person_id == person.id)
    assert session.scalars(told).all() == ["help_ended"]


def test_a_guardian_ends_by_two_with_the_paper_of_the_court(
    session, clerk, browser, mandate, person, helper
):
    row = mandate(basis=HelpBasis.GUARDIANSHIP)
    page = f"/desk/people/{person.id}/helpers"
    # No button ends what a court decided.
    assert f"/desk/people/helpers/{row.id}/end" not in clerk.get(page).text
    assert clerk.post(f"/desk/people/helpers/{row.id}/end").status_code == 404
    judgment = paper("end-paper", "民特12号", kind="judgment")
    typed = {"end-mandate": str(row.id), **judgment}
    assert clerk.post(f"{page}/end-guardian", data=judgment).status_code == 422
    signed = typed | {"end-paper-kind": "authorisation"}
    assert clerk.post(f"{page}/end-guardian", data=signed).status_code == 422

    assert clerk.post(f"{page}/end-guardian", data=typed).location == page

    assert browser.get(f"/for/{row.reference}").status_code == 200
    assert "waits" in clerk.post(f"{page}/end-guardian", data=typed).text
    check_all(session)
    assert browser.get(f"/for/{row.reference}").status_code == 404
    told = select(Message.person_id, Message.kind)
    assert set(map(tuple, session.execute(told))) == {
        (person.id, "help_ended"),
        (helper.id, "may_help_no_more"),
    }
    # Nothing is left to end, and the form is gone.
    assert "end-guardian" not in clerk.get(page).text
    assert clerk.post(f"{page}/end-guardian", data=typed).status_code == 422


def test_an_appointment_is_given_by_two_and_its_end_ends_what_rests_on_it(
    session, clerk, browser, mandate, helper
):
    given = {
        "appoint-organisation": "幸福社区居委会",
        "appoint-until_on": (TODAY + timedelta(days=365)).isoformat(),
        **paper("appoint-paper", "函1号", kind="letter"),
    }
    page = f"/desk/people/{helper.id}/helpers"
    assert clerk.post(f"{page}/appoint", data=given).status_code == 303
    assert not session.scalars(select(CommunityHelper)).all()
    check_all(session)
    appointed = session.scalars(select(CommunityHelper)).one()
    assert "This person is appointed here already" in clerk.post(f"{page}/appoint", data=given).text
    row = mandate(community_helper_id=appointed.id)

    assert clerk.post(f"/desk/people/helpers/appointed/{appointed.id}/end").status_code == 303
    session.expire_all()
    assert (row.ended_at, appointed.ended_at) == (NOW, NOW)


def test_a_death_ends_all_help(session, mandate, person, helper, appointed):
    row = mandate(community_helper_id=appointed.id)
    end_help_of_dead(session, helper.id, actor=SYSTEM, at=NOW)
    session.refresh(appointed)

    assert (row.ended_at, appointed.ended_at) == (NOW, NOW)
    told = select(Message.kind).where(Message.person_id == person.id)
    assert session.scalars(told).all() == ["help_ended"]


def test_a_dead_person_is_told_nothing(session, mandate, person):
    row = mandate()
    end_help_of_dead(session, person.id, actor=SYSTEM, at=NOW)

    assert row.ended_at == NOW
    assert not session.scalars(select(Message)).all()


def test_who_proves_to_be_the_helped_person_acts_for_nobody(session, mandate, person, helper):
    row = mandate()
    add_alias(session, helper.id, person.id, task_id=None, actor=SYSTEM, at=NOW)
    hand_over_help(session, person.id, None, actor=SYSTEM, at=NOW)

    assert row.ended_at == NOW


def test_of_two_accounts_the_one_that_stands_goes_on_helping(session, mandate, person, helper):
    row = mandate()
    stands = factories.make_person(session, name="李梅")
    account = factories.make_account(session, stands)
    former = session.scalars(select(Account.id).where(Account.person_id == helper.id)).one()
    hand_over_help(session, stands.id, (former, account.id), actor=SYSTEM, at=NOW)
    session.refresh(row)

    assert (row.helper_account_id, row.ended_at) == (account.id, None)
