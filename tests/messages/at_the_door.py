"""What is done about somebody's ways of signing in, by the message that it leads to."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from siweb.audit.actor import Actor
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
from siweb.auth.tables.account import Account
from siweb.auth.tables.passkey import Passkey
from siweb.messages import factor_kinds, passkey_kinds
from siweb.messages.message_kind import MessageKind
from siweb.registry.tables.person import Person
from tests.conftest import NOW
from tests.second_factor import give_factor
from tests.software_passkey import SoftwarePasskey

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


AT_THE_DOOR: Mapping[MessageKind, tuple[Callable[[Any], Any], ...]] = MappingProxyType(
    {
        factor_kinds.SET_UP_CODE_GIVEN: (give_set_up_code,),
        factor_kinds.SET_UP_CODE_SPENT: (spend_set_up_code,),
        factor_kinds.FACTOR_SET_UP: (set_factor_up,),
        factor_kinds.OPERATOR_SIGNED_IN: (sign_in_for_commands,),
        passkey_kinds.PASSKEY_COPIED: (copy_passkey,),
    }
)
