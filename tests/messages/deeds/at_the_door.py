"""What is done about somebody's ways of signing in, by the message that it leads to."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Any

from sqlalchemy import select

from siweb.audit.actor import Actor
from siweb.auth.credentials.keyed_hash import token_hash
from siweb.auth.credentials.linked.links import link, means_of, own_links, unlink
from siweb.auth.credentials.means import tell_of_new_device
from siweb.auth.credentials.passkeys.answer import read_made, read_used
from siweb.auth.credentials.passkeys.challenge import PasskeyRefused, RelyingParty
from siweb.auth.credentials.passkeys.own import add_passkey
from siweb.auth.credentials.passkeys.use import sign_in_by_passkey
from siweb.auth.credentials.second_factor.set_up_code import (
    MOST_TRIES,
    issue_set_up_code,
    reserve_code,
    tell_if_spent,
)
from siweb.auth.sign_in.operator_session import open_operator_session
from siweb.auth.sign_in.sessions import Browser, Limits, open_session
from siweb.auth.tables.account import Account
from siweb.auth.tables.passkey import Passkey
from siweb.auth.tables.sign_in_session import SignInSession
from siweb.messages.kinds.sign_in import (
    FACTOR_SET_UP,
    LINK_ADDED,
    LINK_REMOVED,
    LINK_USED,
    OPERATOR_SIGNED_IN,
    PASSKEY_COPIED,
    SET_UP_CODE_GIVEN,
    SET_UP_CODE_SPENT,
)
from siweb.messages.message_kind import MessageKind
from siweb.registry.tables.person import Person
from tests.auth.second_factor import give_factor
from tests.auth.software_passkey import SoftwarePasskey
from tests.conftest import NOW

_PARTY = RelyingParty("localhost", "http://localhost")


def _account(office: Any) -> Account:
    found: Account = office.session.get_one(Account, office.acting.account_id)
    return found


def give_set_up_code(office: Any) -> Person:
    issue_set_up_code(office.session, office.person.id, key="key", actor=Actor(2, None), at=NOW)
    return office.person


def spend_set_up_code(office: Any) -> Person:
    give_set_up_code(office)
    for _try in range(MOST_TRIES):
        reserve_code(office.session, office.person.id, at=NOW)
    tell_if_spent(office.session, _account(office), at=NOW)
    return office.person


def set_factor_up(office: Any) -> Person:
    give_factor(office.session, _account(office), key="key", at=NOW)
    return office.person


def copy_passkey(office: Any) -> Person:
    made = SoftwarePasskey()
    challenge = {"challenge": urlsafe_b64encode(b"c").decode().rstrip("=")}
    answer = read_made(made.make(challenge))
    add_passkey(
        office.session, _account(office), answer, "手机", _PARTY, is_second_factor=False, at=NOW
    )
    passkey = office.session.query(Passkey).one()
    passkey.sign_count = 9
    used = read_used(json.dumps(json.loads(made.use(challenge))))
    try:
        sign_in_by_passkey(office.session, used, {}, _PARTY, at=NOW)
    except PasskeyRefused:
        return office.person
    raise AssertionError("a copy signed in")


def sign_in_for_commands(office: Any) -> Person:
    open_operator_session(office.session, _account(office), host="host", at=NOW)
    return office.person


def link_sign_in(office: Any) -> Person:
    link(office.session, _account(office), "https://id.example.org", "subject", at=NOW)
    return office.person


def unlink_sign_in(office: Any) -> Person:
    link_sign_in(office)
    (linked,) = own_links(office.session, _account(office).id)
    unlink(office.session, _account(office), linked.id, at=NOW)
    return office.person


def use_link_elsewhere(office: Any) -> Person:
    link_sign_in(office)
    session, account = office.session, _account(office)
    (linked,) = own_links(session, account.id)
    browser, limits = Browser("", "", "a new device"), Limits(timedelta(1), timedelta(1))
    token = open_session(session, account.id, browser, limits=limits, at=NOW)
    opened = select(SignInSession.id).where(SignInSession.token_hash == token_hash(token))
    here = session.scalars(opened).one()
    tell_of_new_device(session, account, means_of(linked), LINK_USED, here, at=NOW)
    return office.person


AT_THE_DOOR: Mapping[MessageKind, tuple[Callable[[Any], Any], ...]] = MappingProxyType(
    {
        SET_UP_CODE_GIVEN: (give_set_up_code,),
        SET_UP_CODE_SPENT: (spend_set_up_code,),
        FACTOR_SET_UP: (set_factor_up,),
        OPERATOR_SIGNED_IN: (sign_in_for_commands,),
        LINK_ADDED: (link_sign_in,),
        LINK_USED: (use_link_elsewhere,),
        LINK_REMOVED: (unlink_sign_in,),
        PASSKEY_COPIED: (copy_passkey,),
    }
)
