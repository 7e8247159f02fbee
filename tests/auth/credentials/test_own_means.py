"""Passkeys, links, codes and relatives are somebody's own: others' stand beside them."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from siweb.audit.activity import Activity
from siweb.audit.actor import SYSTEM, Actor
from siweb.auth.credentials.linked.links import own_links, unlink
from siweb.auth.credentials.passkeys.own import (
    MOST,
    RemovalRefused,
    name_passkey,
    own_passkeys,
    remove_passkey,
)
from siweb.auth.credentials.second_factor.recovery import codes_left, forget_codes, renew_codes
from siweb.auth.credentials.second_factor.recovery import use_code as use_recovery_code
from siweb.auth.credentials.second_factor.set_up import ResetRefused, reset
from siweb.auth.credentials.second_factor.set_up_code import (
    LASTS,
    SetUpCodeRefused,
    gave_set_up_code,
    issue_set_up_code,
)
from siweb.auth.credentials.separate_accounts import separate_accounts
from siweb.auth.mandates import take_back_mandates
from siweb.auth.sign_in.own import PAGE, own_sign_ins
from siweb.auth.staff.relatives import (
    Declared,
    RelationRefused,
    barred_keys,
    declare_relation,
    end_relation,
    read_relatives,
    relations_of,
    relatives_of,
)
from siweb.auth.tables.linked_sign_in import LinkedSignIn
from siweb.auth.tables.mandate import Mandate
from siweb.auth.tables.passkey import Passkey
from siweb.auth.tables.refused_sign_in import RefusedSignIn
from siweb.auth.tables.second_factor import SecondFactor
from siweb.auth.tables.sign_in_session import SignInSession
from siweb.auth.tables.staff_relation import Relation
from siweb.rules.errors import Refusal
from tests import factories
from tests.conftest import NOW

TODAY, A_DAY, SECOND = NOW.date(), timedelta(days=1), timedelta(seconds=1)


@pytest.fixture
def engine(sqlite_engine):
    """Whose something is, is the same on either database."""
    return sqlite_engine


@pytest.fixture
def account(session, person):
    return factories.make_account(session, person)


@pytest.fixture
def another(session):
    return factories.make_account(session, factories.make_person(session, name="别人"))


@pytest.fixture
def passkey(session):
    def passkey(account, *, second=False):
        row = Passkey(
            account_id=account.id, credential_id=bytes([len(made), 1]), public_key=b"k",
            sign_count=0, name="手机", is_second_factor=second, added_at=NOW,
        )  # fmt: skip
        session.add(row)
        session.flush()
        made.append(row)
        return row

    made = []
    return passkey


def noted(session, action):
    return session.scalars(select(Activity.facts).where(Activity.action == action)).all()


def test_passkeys_are_named_and_removed_by_their_owner(session, account, another, passkey):
    own, theirs = [passkey(account) for _each in range(2)], passkey(another)

    assert own_passkeys(session, account.id) == own
    assert name_passkey(session, account.id, own[0].id, "旧手机")
    assert not name_passkey(session, account.id, theirs.id, "旧手机")
    assert (own[0].name, theirs.name) == ("旧手机", "手机")
    assert not remove_passkey(session, account, theirs.id, at=NOW)
    assert not noted(session, "passkey.removed")
    assert remove_passkey(session, account, own[0].id, at=NOW)
    assert own_passkeys(session, account.id) == own[1:]
    assert own_passkeys(session, another.id) == [theirs]
    assert noted(session, "passkey.removed") == [{"passkey": own[0].id}]
    for _each in range(MOST + 1):
        passkey(account)
    assert len(own_passkeys(session, account.id)) == MOST


@pytest.mark.parametrize("beside", ["nothing", "app", "passkey", "no factor", "another's"])
def test_the_last_second_factor_stays(session, account, another, passkey, beside):
    last = passkey(account, second=True)
    if beside == "app":
        session.add(SecondFactor(account_id=account.id, secret="s", last_step=0, set_up_at=NOW))
    elif beside == "another's":
        passkey(another, second=True)
        session.add(SecondFactor(account_id=another.id, secret="s", last_step=0, set_up_at=NOW))
    elif beside != "nothing":
        passkey(account, second=beside == "passkey")
    session.flush()

    if beside in {"app", "passkey"}:
        assert remove_passkey(session, account, last.id, at=NOW)
        return
    with pytest.raises(RemovalRefused, match="last_factor"):
        remove_passkey(session, account, last.id, at=NOW)
    if beside == "no factor":
        # What only signs in may go at any time.
        mere = own_passkeys(session, account.id)[1]
        assert remove_passkey(session, account, mere.id, at=NOW)


def test_links_are_unlinked_by_their_owner(session, account, another):
    rows = [
        LinkedSignIn(account_id=of.id, issuer=issuer, subject_digest=digest, linked_at=NOW)
        for of, issuer, digest in ((account, "b", "1"), (another, "b", "2"), (account, "a", "3"))
    ]
    session.add_all(rows)
    session.flush()

    assert own_links(session, account.id) == [rows[0], rows[2]]
    assert not unlink(session, account, rows[1].id, at=NOW)
    assert not noted(session, "link.removed")
    assert unlink(session, account, rows[0].id, at=NOW)
    assert own_links(session, account.id) == [rows[2]]
    assert own_links(session, another.id) == [rows[1]]


def test_recovery_codes_are_good_once_and_for_their_account(session, account, another):
    def use(code, of=account):
        try:
            use_recovery_code(session, of.id, code, key="k", at=NOW, otherwise=Refusal("no"))
        except Refusal:
            return False
        return True

    codes, theirs = (renew_codes(session, each.id, key="k") for each in (account, another))
    assert [use(code) for code in (codes[0], codes[0], theirs[0], codes[1].lower())] == [
        True, False, False, True,
    ]  # fmt: skip
    assert use(theirs[0], another)
    assert (codes_left(session, account.id), codes_left(session, another.id)) == (8, 9)
    renew_codes(session, account.id, key="k")
    assert (use(codes[2]), codes_left(session, account.id)) == (False, 10)
    forget_codes(session, account.id)
    assert (codes_left(session, account.id), codes_left(session, another.id)) == (0, 9)


def test_a_set_up_code_is_known_by_who_gave_it_while_it_is_open(session, person, another):
    by = Actor(another.id, another.person_id)
    other = factories.make_person(session)

    def gave(person=person, actor=by, at=NOW):
        return gave_set_up_code(session, person.id, actor, at=at)

    assert not gave()
    issue_set_up_code(session, person.id, key="k", actor=by, at=NOW)
    assert (gave(), gave(other), gave(actor=SYSTEM)) == (True, False, False)
    assert not gave(actor=Actor(1, other.id))
    assert (gave(at=NOW + LASTS - SECOND), gave(at=NOW + LASTS)) == (True, False)
    person.died_on = TODAY
    with pytest.raises(SetUpCodeRefused, match="died"):
        issue_set_up_code(session, person.id, key="k", actor=by, at=NOW)


@pytest.mark.parametrize(
    ("made", "changed", "same", "is_kept"),
    [
        # Opened before the two were one: its own password stays.
        (NOW - A_DAY, NOW, True, True),
        (NOW, NOW, True, False),
        (NOW, NOW, False, True),
        (NOW, NOW + SECOND, False, False),
    ],
    ids=str,
)
def test_of_two_accounts_that_are_two_again_each_keeps_its_password(
    session, account, another, passkey, made, changed, same, is_kept
):
    account.password_hash, another.password_hash = "hash", "hash" if same else "other"
    account.created_at, account.password_changed_at = made, changed
    signs_in, second, theirs = passkey(account), passkey(account, second=True), passkey(another)
    session.flush()
    former, person = another.person_id, account.person_id

    found = separate_accounts(session, former, person, joined_at=NOW, at=NOW)

    assert found == (account.id, another.id)
    assert (account.password_hash == "hash") is is_kept
    left = set(session.scalars(select(Passkey.id)))
    assert left == {second.id, theirs.id} and signs_in.id not in left


def test_where_only_one_of_the_two_has_an_account_nothing_is_handed_on(session, account):
    stranger = factories.make_person(session)

    def separate(former, person):
        return separate_accounts(session, former, person, joined_at=NOW, at=NOW)

    assert separate(stranger.id, account.person_id) is None
    assert separate(account.person_id, stranger.id) is None


def test_mandates_of_the_moment_of_joining_go_back(session, account, another):
    firms = [factories.make_employer(session) for _ in range(6)]
    before, joined = NOW - A_DAY, NOW - SECOND
    third = factories.make_account(session, factories.make_person(session))

    def give(of, firm, kind, **values):
        return factories.make_mandate(session, of, firm, kind, **({"granted_at": before} | values))

    give(account, firms[0], "owner", granted_at=joined)
    # Somebody else's on both sides: whatever order the rows are found in, one comes first.
    give(another, firms[0], "filer", revoked_at=joined)
    give(account, firms[0], "viewer", revoked_at=joined)
    give(account, firms[1], "filer", granted_at=joined)
    give(account, firms[2], "filer", granted_at=NOW)
    give(account, firms[3], "filer", granted_at=joined, revoked_at=NOW)
    give(account, firms[1], "viewer", revoked_at=before)
    give(another, firms[4], "owner", granted_at=joined)
    give(third, firms[5], "owner", granted_at=joined)
    give(third, firms[0], "filer", revoked_at=joined)

    take_back_mandates(session, account.id, another.id, joined, actor=SYSTEM, on=TODAY, at=NOW)

    def open_of(of):
        rows = session.scalars(
            select(Mandate).where(Mandate.account_id == of.id, Mandate.revoked_at.is_(None))
        )
        return {(firms.index(next(f for f in firms if f.id == row.employer_id)), row.kind.value)
                for row in rows}  # fmt: skip

    assert open_of(account) == {(0, "viewer"), (2, "filer")}
    assert open_of(another) == {(0, "owner"), (1, "filer"), (4, "owner")}
    assert open_of(third) == {(5, "owner")}


def test_sign_ins_and_refused_tries_stand_together_the_newest_first(session, account, another):
    def opened(at, of=account, **values):
        given = {"last_seen_at": at, "expires_at": NOW + A_DAY}
        row = SignInSession(
            account_id=of.id, token_hash=f"{of.id} {at}", created_at=at, device_hash="h", device="d",
            network="n", **(given | values),
        )  # fmt: skip
        session.add(row)
        session.flush()
        return row.id

    idle = timedelta(minutes=30)
    open_ = opened(NOW - 5 * SECOND)
    states = {
        opened(NOW - 4 * SECOND, ended_at=NOW): False,
        opened(NOW - 3 * SECOND, last_seen_at=NOW - idle): False,
        opened(NOW - 2 * SECOND, last_seen_at=NOW - idle + SECOND): True,
        opened(NOW - SECOND, expires_at=NOW): False,
        open_: True,
    }
    opened(NOW, another)
    for of, at in ((account, NOW - 6 * SECOND), (another, NOW)):
        session.add(RefusedSignIn(account_id=of.id, at=at, device="d", network="n"))
    session.flush()

    def page(number):
        return own_sign_ins(session, account.id, idle=idle, at=NOW, page=number)

    found, has_more = page(1)
    assert [each.at for each in found] == [NOW - n * SECOND for n in range(1, 7)]
    assert {each.session_id: each.is_open for each in found if not each.is_refused} == states
    assert [each.is_refused for each in found] == [False] * 5 + [True]
    assert (has_more, found[-1].is_open, found[-1].ended_at) == (False, False, None)

    for number in range(PAGE - 5):
        opened(NOW - (10 + number) * SECOND)
    assert [(len(page(n)[0]), page(n)[1]) for n in (1, 2, 3)] == [
        (50, True),
        (1, False),
        (0, False),
    ]
    assert page(2)[0][0].at == NOW - (4 + PAGE) * SECOND


@pytest.fixture
def relative(session):
    return factories.make_person(session, name="王小妹")


def declare(session, person, relative, since=TODAY, until=None):
    return declare_relation(
        session, person.id, Declared(relative.id, Relation.SPOUSE, since, until),
        actor=Actor(session.info["by"], None), at=NOW,
    )  # fmt: skip


def test_relatives_are_kept_out_of_to_the_last_day(session, person, relative, another):
    session.info["by"] = another.id
    over, last_day = (factories.make_person(session) for _ in range(2))
    lasts = declare(session, person, relative)
    ended = declare(session, person, over, TODAY - 9 * A_DAY, TODAY - A_DAY)
    ends = declare(session, person, last_day, TODAY, TODAY)
    theirs = factories.make_person(session, name="别人的")
    declare(session, over, theirs)

    assert set(relatives_of(session, person.id, on=TODAY)) == {relative.id, last_day.id}
    barred = barred_keys(session, person.id, on=TODAY)
    assert set(barred) == {person.id, relative.id, last_day.id}
    assert barred_keys(session, None, on=TODAY) == []
    assert [each.relation for each in relations_of(session, person.id)] == [lasts, ends, ended]
    assert read_relatives("3,,5,3") == {3, 5} and read_relatives(None) == frozenset()


@pytest.mark.parametrize(
    ("days", "until", "code"),
    [(0, 0, None), (0, -1, "before_since"), (0, None, "oneself"), (-1, None, "declared")],
)
def test_what_is_no_relation(session, person, relative, another, days, until, code):
    session.info["by"] = another.id
    if code == "declared":
        declare(session, person, relative)
    whom = person if code == "oneself" else relative
    last = None if until is None else TODAY + until * A_DAY
    if code is None:
        assert declare(session, person, whom, TODAY + days * A_DAY, last).until_on == last
    else:
        with pytest.raises(RelationRefused, match=code):
            declare(session, person, whom, TODAY + days * A_DAY, last)


def test_a_relation_ends_once_and_not_before_it_began(session, person, relative, another):
    session.info["by"] = another.id
    relation = declare(session, person, relative)
    with pytest.raises(RelationRefused, match="before_since"):
        end_relation(session, relation, TODAY - A_DAY, actor=SYSTEM, at=NOW)
    end_relation(session, relation, TODAY, actor=SYSTEM, at=NOW)
    with pytest.raises(RelationRefused, match="ended"):
        end_relation(session, relation, TODAY, actor=SYSTEM, at=NOW)
    told = [facts["until"] for facts in noted(session, "staff.relation_declared")]
    ended = [facts["until"] for facts in noted(session, "staff.relation_ended")]
    assert (told, ended) == ([None], [TODAY.isoformat()])


@pytest.mark.parametrize("has", ["app", "passkey", "both", "nothing"])
def test_a_lost_factor_is_taken_away_with_all_that_stands_in_for_it(
    session, account, another, passkey, has
):
    if has in {"app", "both"}:
        session.add(SecondFactor(account_id=account.id, secret="s", last_step=0, set_up_at=NOW))
    if has in {"passkey", "both"}:
        passkey(account, second=True)
    signs_in, theirs = passkey(account), passkey(another, second=True)
    session.add(SecondFactor(account_id=another.id, secret="s", last_step=0, set_up_at=NOW))
    session.flush()
    for each in (account, another):
        renew_codes(session, each.id, key="k")

    def take_away():
        reset(session, account.id, actor=SYSTEM, at=NOW)

    if has == "nothing":
        with pytest.raises(ResetRefused, match="no_factor"):
            take_away()
    else:
        take_away()
        assert codes_left(session, account.id) == 0
        assert len(noted(session, "second_factor.reset")) == 1
        with pytest.raises(ResetRefused, match="no_factor"):
            take_away()
    assert codes_left(session, another.id) == 10
    assert session.scalars(select(SecondFactor.account_id)).all() == [another.id]
    # What only signs in is no second factor and stays.
    left = set(session.scalars(select(Passkey.id)))
    assert left == {signs_in.id, theirs.id}
