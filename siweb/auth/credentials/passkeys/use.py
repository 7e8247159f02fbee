"""Use a passkey: to sign in, or as the second factor of staff."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session
from webauthn import (
    generate_authentication_options,
    options_to_json,
    verify_authentication_response,
)
from webauthn.helpers.structs import PublicKeyCredentialDescriptor, UserVerificationRequirement

from siweb.auth.credentials.account import account_of
from siweb.auth.credentials.activate import AccountClosed
from siweb.auth.credentials.keyed_hash import keyed_hash, line_of
from siweb.auth.credentials.means import note_means, tell_of_new_device, tell_owner
from siweb.auth.credentials.passkeys.answer import Used, refusing
from siweb.auth.credentials.passkeys.challenge import PasskeyRefused, RelyingParty
from siweb.auth.credentials.passkeys.own import means_of
from siweb.auth.credentials.second_factor.prove import note_proof, take_back_proof
from siweb.auth.credentials.throttle import (
    PER_ADDRESS,
    PER_NUMBER,
    Limit,
    forget,
    reserve,
    take_back,
)
from siweb.auth.tables.account import Account
from siweb.auth.tables.passkey import Passkey
from siweb.messages.kinds.sign_in import PASSKEY_COPIED, PASSKEY_USED
from siweb.registry.tables.person import Person


def options_to_use(challenge: bytes, party: RelyingParty, credentials: list[bytes]) -> str:
    """Return what the browser asks a device for, as JSON; without names whatever it has fits."""
    return options_to_json(
        generate_authentication_options(
            rp_id=party.id,
            challenge=challenge,
            allow_credentials=[PublicKeyCredentialDescriptor(each) for each in credentials],
            user_verification=UserVerificationRequirement.REQUIRED,
        )
    )


def factors_of(session: Session, account_id: int) -> list[bytes]:
    """Return how devices call the passkeys that are an account's second factors."""
    asked = select(Passkey.credential_id).where(
        Passkey.account_id == account_id, Passkey.is_second_factor.is_(True)
    )
    return list(session.scalars(asked.order_by(Passkey.id)))


def reserve_use(
    session: Session, used: Used, address: str, *, key: str, at: datetime
) -> Mapping[str, Limit]:
    """Count a try to sign in by a passkey; commit before it is compared.

    Counted by line and passkey, so that a stranger's tries pause the stranger.

    :raises SignInPaused: after too many failures.
    """
    line = line_of(address)
    limits = {
        keyed_hash(key, "passkey_line", f"{line}:{used.credential.id}"): PER_NUMBER,
        keyed_hash(key, "address", line): PER_ADDRESS,
    }
    reserve(session, limits, at=at)
    return limits


def sign_in_by_passkey(
    session: Session,
    used: Used,
    reserved: Mapping[str, Limit],
    party: RelyingParty,
    *,
    at: datetime,
) -> tuple[Account, Passkey]:
    """Return whose passkey it is, and it; the challenge is used up, the try reserved.

    :raises PasskeyRefused: when the answer does not fit; the try stays counted.
    :raises AccountClosed: when it does, and the person is registered as dead.
    """
    passkey = _verified(session, used, party, at=at)
    owner = session.get_one(Account, passkey.account_id)
    # Registered twice, somebody comes into the account of the key that stands.
    account = session.scalar(account_of(owner.person_id)) or owner
    line, from_address = reserved
    forget(session, (line,))
    take_back(session, from_address, PER_ADDRESS)
    if session.get_one(Person, account.person_id).died_on is not None:
        raise AccountClosed("died")
    note_means(session, account, means_of(passkey.id), "account.signed_in", at=at)
    return account, passkey


def prove_by_passkey(
    session: Session,
    account: Account,
    used: Used,
    reserved: Mapping[str, Limit],
    party: RelyingParty,
    *,
    sign_in_id: int,
    at: datetime,
) -> None:
    """Note in a sign-in that its owner has the second factor; the try is reserved as codes are.

    :raises PasskeyRefused: when the answer does not fit, or the passkey is no second factor of the
        account; the try stays counted.
    """
    passkey = _verified(session, used, party, at=at, factor_of=account.id)
    take_back_proof(session, reserved)
    note_proof(session, sign_in_id, at=at)
    note_means(session, account, means_of(passkey.id), "second_factor.proved", at=at)
    tell_of_new_device(session, account, means_of(passkey.id), PASSKEY_USED, sign_in_id, at=at)


def _tell_of_copy(session: Session, passkey: Passkey, *, at: datetime) -> None:
    """Tell the owner that two devices may have the passkey: one of them counts behind the other.

    Whoever refuses the answer commits this (WebAuthn, 6.1.1: a count that went back is a sign of a
    cloned authenticator).
    """
    owner = session.get_one(Account, passkey.account_id)
    note_means(session, owner, means_of(passkey.id), "passkey.count_went_back", at=at)
    tell_owner(session, owner, means_of(passkey.id), PASSKEY_COPIED, at=at)


def _verified(
    session: Session,
    used: Used,
    party: RelyingParty,
    *,
    at: datetime,
    factor_of: int | None = None,
) -> Passkey:
    """Return the passkey whose answer fits, its count moved on; locked: none counts twice."""
    asked = select(Passkey).where(Passkey.credential_id == used.credential.raw_id)
    if factor_of is not None:
        asked = asked.where(Passkey.account_id == factor_of, Passkey.is_second_factor.is_(True))
    passkey = session.scalar(asked.with_for_update())
    if passkey is None:
        raise PasskeyRefused("does_not_fit")
    with refusing():
        found = verify_authentication_response(
            credential=used.credential,
            expected_challenge=used.challenge,
            expected_rp_id=party.id,
            expected_origin=party.origin,
            credential_public_key=passkey.public_key,
            # The library compares counts before signatures, and so anybody's answer with a low one
            # would look like a copy of the passkey: its count is compared below.
            credential_current_sign_count=0,
            require_user_verification=True,
        )
    if found.new_sign_count <= passkey.sign_count and passkey.sign_count > 0:
        _tell_of_copy(session, passkey, at=at)
        raise PasskeyRefused("does_not_fit")
    passkey.sign_count, passkey.last_used_at = found.new_sign_count, at
    session.flush()
    return passkey
