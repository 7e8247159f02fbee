"""Whose sign-in, code, mandate and duty it is: others' stand beside it and count for nothing."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from siweb.audit.actor import SYSTEM
from siweb.auth.credentials.account import account_of
from siweb.auth.credentials.activate import issue_activation_code
from siweb.auth.credentials.end_access import end_access_of
from siweb.auth.credentials.join_accounts import holds_function, join_accounts
from siweb.auth.mandates import hand_over_mandates, remind_of_mandates
from siweb.auth.sign_in.seal import LARGEST, LASTS, open_seal, seal_post
from siweb.auth.sign_in.sessions import (
    Browser,
    Limits,
    end_sessions,
    find_signed_in,
    open_session,
    open_sessions,
)
from siweb.auth.tables.appointment import Appointment, Function
from siweb.auth.tables.mandate import Mandate
from siweb.auth.tables.sign_in_session import EndReason, SignInSession
from siweb.messages.tables.message import Message
from siweb.registry.tables.person import Person
from siweb.registry.tables.person_alias import PersonAlias
from tests import factories
from tests.conftest import NOW
from tests.sign_in import appoint

TODAY, A_DAY, SECOND = NOW.date(), timedelta(days=1), timedelta(seconds=1)
LIMITS = Limits(idle=timedelta(minutes=30), whole=timedelta(hours=12))


@pytest.fixture
def another(session):
    """The account of somebody else."""
    return factories.make_account(session, factories.make_person(session, name="别人"))


@pytest.fixture
def sign_in(session):
    def sign_in(account, at=NOW, device="d"):
        return open_session(session, account.id, Browser("x", "", device), limits=LIMITS, at=at)

    return sign_in


def mandates(session, account):
    rows = session.scalars(
        select(Mandate)
        .where(Mandate.account_id == account.id, Mandate.revoked_at.is_(None))
        .order_by(Mandate.employer_id)
    )
    return [(row.employer_id, row.kind.value, row.until_on) for row in rows]


def test_what_one_account_may_comes_to_the_other_of_the_same_person(session, account, another):
    firms = [factories.make_employer(session) for _ in range(5)]
    until = TODAY + A_DAY
    for firm, former, own in zip(
        firms,
        ("owner", "viewer", "filer", "owner", None),
        ("viewer", "filer", None, "owner", "viewer"),
        strict=True,
    ):
        for of, kind in ((another, former), (account, own)):
            if kind:
                factories.make_mandate(session, of, firm, kind)
    ended, last_day = (factories.make_employer(session) for _ in range(2))
    factories.make_mandate(session, another, ended, "owner", until_on=TODAY - A_DAY)
    factories.make_mandate(session, another, last_day, "filer", until_on=TODAY)
    factories.make_mandate(
        session, another, factories.make_employer(session), "filer", revoked_at=NOW
    )
    soon = factories.make_employer(session)
    factories.make_mandate(session, another, soon, "viewer", until_on=until)

    hand_over_mandates(session, another.id, account.id, actor=SYSTEM, on=TODAY, at=NOW)

    assert mandates(session, another) == []
    assert mandates(session, account) == [
        *((firm.id, kind, None) for firm, kind in zip(
            firms, ("owner", "filer", "filer", "owner", "viewer"), strict=True
        )),
        (last_day.id, "filer", TODAY),
        (soon.id, "viewer", until),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("days", "values", "told"),
    [
        (0, {}, 1),
        (-1, {}, 0),
        (60, {}, 1),
        (61, {}, 0),
        (3, {"revoked_at": NOW}, 0),
    ],
    ids=str,
)
def test_whoevers_mandate_ends_soon_is_told_once(session, account, another, days, values, told):
    firm = factories.make_employer(session)
    factories.make_mandate(session, account, firm, until_on=TODAY + days * A_DAY, **values)
    factories.make_mandate(session, another, firm)
    factories.make_mandate(session, another, factories.make_employer(session), until_on=None)
    session.flush()

    found = [remind_of_mandates(session, on=TODAY, at=NOW) for _time in range(2)]

    assert found == [told, 0]
    readers = session.scalars(select(Message.person_id).where(Message.kind == "mandate_ending"))
    assert set(readers) == ({account.person_id} if told else set())


def test_of_two_accounts_of_a_person_one_goes_on(session, account, another, sign_in):
    sign_in(account)
    theirs = sign_in(another)
    former, person = another.person_id, account.person_id
    third = factories.make_person(session)

    assert join_accounts(session, third.id, person, at=NOW) is None
    assert join_accounts(session, former, person, at=NOW) == (another.id, account.id)
    ended = session.scalars(
        select(SignInSession.account_id).where(SignInSession.ended_at.is_not(None))
    ).all()
    assert ended == [another.id]
    assert find_signed_in(session.connection(), theirs, limits=LIMITS, at=NOW) is None

    # Whoever had only the former one's goes on with its password.
    kept = join_accounts(session, former, third.id, at=NOW)
    assert kept[0] == another.id
    made = session.scalar(account_of(third.id))
    assert (made.id, made.password_hash) == (kept[1], another.password_hash)


def test_an_account_is_found_under_either_key_and_that_of_the_standing_one_first(
    session, account, another
):
    session.add(
        PersonAlias(former_id=another.person_id, person_id=account.person_id, merged_at=NOW)
    )
    session.flush()
    for person_id in (account.person_id, another.person_id):
        assert session.scalar(account_of(person_id)) is account


def test_a_function_is_held_until_its_last_day(session, account, another):
    keys = (account.person_id,)
    assert not holds_function(session, keys, on=TODAY)
    appoint(session, factories.make_person(session), Function.REVIEW)
    appoint(session, account_person(session, account), Function.REVIEW)
    ended = session.scalars(
        select(Appointment).where(Appointment.person_id == account.person_id)
    ).one()
    assert holds_function(session, keys, on=TODAY)
    for values, holds in (
        ({"until_on": TODAY}, True),
        ({"until_on": TODAY - A_DAY}, False),
        ({"until_on": None, "ended_at": NOW}, False),
    ):
        for name, value in values.items():
            setattr(ended, name, value)
        session.flush()
        assert holds_function(session, keys, on=TODAY) is holds


def account_person(session, account):
    return session.get_one(Person, account.person_id)


@pytest.mark.parametrize(
    ("later", "clicked", "holds"),
    [
        (timedelta(minutes=30) - SECOND, timedelta(0), True),
        (timedelta(minutes=30), timedelta(0), False),
        (timedelta(hours=12) - SECOND, timedelta(hours=12) - SECOND, True),
        (timedelta(hours=12), timedelta(hours=12), False),
    ],
    ids=str,
)
def test_a_sign_in_holds_to_the_last_second_of_either_limit(
    session, account, another, sign_in, later, clicked, holds
):
    token = sign_in(account)
    sign_in(another)
    row = session.scalars(select(SignInSession).where(SignInSession.account_id == account.id)).one()
    row.last_seen_at = NOW + clicked
    session.flush()

    found = find_signed_in(session.connection(), token, limits=LIMITS, at=NOW + later)

    assert (found is not None) is holds
    if found is not None:
        number = account_person(session, account).id_number
        assert (found.account_id, found.id_end) == (account.id, number[-4:])
        assert found.ends_at == min(NOW + LIMITS.whole, NOW + later + LIMITS.idle)


def test_sign_ins_are_ended_one_all_or_all_but_one_and_only_the_open_ones(
    session, account, another, sign_in
):
    for place in range(4):
        sign_in(account, NOW + place * SECOND)
    sign_in(another)
    newest_first = [row.id for row in open_sessions(session, account.id)]
    assert newest_first == sorted(newest_first, reverse=True)

    def end(**which):
        return end_sessions(session, account.id, reason=EndReason.REVOKED, at=NOW, **which)

    theirs = open_sessions(session, another.id)[0].id
    assert (end(only=theirs), end(only=newest_first[0]), end(only=newest_first[0])) == (0, 1, 0)
    assert end(but=newest_first[1]) == 2
    assert [row.id for row in open_sessions(session, account.id)] == [newest_first[1]]
    assert (end(), len(open_sessions(session, another.id))) == (1, 1)


def test_an_end_of_access_is_the_persons_under_each_key(session, account, another, sign_in):
    third = factories.make_account(session, factories.make_person(session))
    session.add(
        PersonAlias(former_id=another.person_id, person_id=account.person_id, merged_at=NOW)
    )
    for each in (account, another, third):
        sign_in(each)

    end_access_of(session, account.person_id, reason=EndReason.REVOKED, at=NOW)

    assert [len(open_sessions(session, each.id)) for each in (account, another, third)] == [0, 0, 1]


def test_a_kept_form_opens_for_its_owner_to_its_last_second(session, account, another):
    def seal(fields=(("a", "字"),), at=NOW):
        return seal_post(session, account.id, "/path", list(fields), key="k", at=at)

    def opens(reference, of=account, at=NOW):
        return open_seal(session, reference, of.id, key="k", at=at)

    reference = seal()
    assert opens(reference) == ("/path", [("a", "字")])
    assert opens(reference, another) is opens("NOTHING") is None
    assert opens(reference, at=NOW + LASTS - SECOND) is not None
    assert opens(reference, at=NOW + LASTS) is None
    # Of what nobody came back for nothing is left once somebody seals again.
    seal(at=NOW + LASTS)
    assert opens(reference) is not None
    seal(at=NOW + LASTS + SECOND)
    assert opens(reference) is None
    # As it is kept: three bytes for each of these, and ten for the brackets and the name.
    most = (LARGEST - len('[["a", ""]]')) // 3
    assert seal([("a", "字" * most)]) is not None
    assert seal([("a", "字" * (most + 1))]) is None


def test_a_code_is_told_to_whoever_has_an_account_and_to_nobody_else(session, account, another):
    stranger = factories.make_person(session)

    for person_id in (stranger.id, account.person_id):
        issue_activation_code(session, person_id, key="k", at=NOW, actor=SYSTEM)
    session.flush()

    told = session.scalars(select(Message.person_id).where(Message.kind == "activation_issued"))
    assert told.all() == [account.person_id]


@pytest.mark.parametrize(
    ("agent", "named"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit (KHTML) Chrome/130 Safari/537 Edg/130",
         "Windows · Edg"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18) AppleWebKit Safari MicroMessenger/8",
         "iPhone · MicroMessenger"),
        ("Mozilla/5.0 (Linux; Android 15; HarmonyOS) Chrome/130 Safari/537", "HarmonyOS · Chrome"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:130) Gecko Firefox/130", "Linux · Firefox"),
        ("Windows alone", "Windows"),
        ("curl/8." + "0" * 50, ("curl/8." + "0" * 50)[:40]),
        ("", ""),
    ],
)  # fmt: skip
def test_a_browser_is_named_by_its_system_and_program(
    session, browser, enter, account, person, agent, named
):
    enter(person, headers={"User-Agent": agent})

    assert session.scalars(select(SignInSession.device)).one() == named


@pytest.mark.parametrize(
    ("page", "status"),
    [("/account/password", 200), ("/account/contact", 200), ("/account/second-factor", 404)],
)
def test_the_pages_of_ones_own_account_open_by_asking(
    browser, enter, account, person, page, status
):
    enter(person)
    assert browser.get(page).status_code == status


def test_staff_without_a_second_factor_are_led_to_set_one_up(
    session, browser, enter, account, person
):
    appoint(session, person, Function.REVIEW)
    session.commit()
    enter(person)

    assert browser.get("/account/second-factor").location == "/account/second-factor/set-up"
