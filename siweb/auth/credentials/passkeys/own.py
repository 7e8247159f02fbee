"""The passkeys of an account: add, list, name and remove them."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from webauthn import (
    generate_registration_options,
    options_to_json,
    verify_registration_response,
)
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from siweb.auth.credentials.keyed_hash import keyed_hash
from siweb.auth.credentials.means import Means, note_means, tell_owner
from siweb.auth.credentials.passkeys.answer import Made, refusing
from siweb.auth.credentials.passkeys.challenge import PasskeyRefused, RelyingParty
from siweb.auth.tables.account import Account
from siweb.auth.tables.passkey import Passkey
from siweb.auth.tables.second_factor import SecondFactor
from siweb.messages.kinds.sign_in import PASSKEY_ADDED, PASSKEY_REMOVED
from siweb.rules.errors import Refusal

# A person has some devices; a list beyond this is a mistake of a program.
MOST = 20


class RemovalRefused(Refusal):
    """When it is the "last_factor" of somebody who needs one."""


def options_to_add(
    session: Session,
    account_id: int,
    name: str,
    challenge: bytes,
    party: RelyingParty,
    *,
    office: str,
    key: str,
) -> str:
    """Return what the browser asks a device for, as JSON: no ID number, and a person unlocks it."""
    return options_to_json(
        generate_registration_options(
            rp_id=party.id,
            rp_name=office,
            # Lies readable on the device: it must not say whose it is (WebAuthn, 14.6.1).
            user_id=bytes.fromhex(keyed_hash(key, "passkey_owner", str(account_id))),
            user_name=name,
            challenge=challenge,
            authenticator_selection=AuthenticatorSelectionCriteria(
                # Nobody types a number with a passkey:
                # the device itself must know which one is for us.
                resident_key=ResidentKeyRequirement.REQUIRED,
                user_verification=UserVerificationRequirement.REQUIRED,
            ),
            exclude_credentials=[
                PublicKeyCredentialDescriptor(each.credential_id)
                for each in own_passkeys(session, account_id)
            ],
        )
    )


def add_passkey(
    session: Session,
    account: Account,
    made: Made,
    name: str,
    party: RelyingParty,
    *,
    is_second_factor: bool,
    at: datetime,
) -> Passkey:
    """Add what a device made; its challenge is used up already.

    :raises PasskeyRefused: when the answer does not fit, the key is known, or there are too many.
    """
    with refusing():
        found = verify_registration_response(
            credential=made.credential,
            expected_challenge=made.challenge,
            expected_rp_id=party.id,
            expected_origin=party.origin,
            require_user_verification=True,
        )
    # Locked: of two that are added at once each sees the other.
    session.get_one(Account, account.id, with_for_update=True)
    same = select(Passkey.id).where(Passkey.credential_id == found.credential_id)
    # Known to anybody, not only to this account: a key that two held would sign in to either.
    if session.scalar(same) is not None or len(own_passkeys(session, account.id)) >= MOST:
        raise PasskeyRefused("does_not_fit")
    passkey = Passkey(
        account_id=account.id,
        credential_id=found.credential_id,
        public_key=found.credential_public_key,
        sign_count=found.sign_count,
        name=name,
        is_second_factor=is_second_factor,
        added_at=at,
    )
    session.add(passkey)
    session.flush()
    note_means(session, account, means_of(passkey.id), "passkey.added", at=at)
    tell_owner(session, account, means_of(passkey.id), PASSKEY_ADDED, at=at)
    return passkey


def own_passkeys(session: Session, account_id: int) -> list[Passkey]:
    """Return the passkeys of an account, the oldest first."""
    asked = select(Passkey).where(Passkey.account_id == account_id).order_by(Passkey.id)
    return list(session.scalars(asked.limit(MOST)))


def name_passkey(session: Session, account_id: int, passkey_id: int, name: str) -> bool:
    """Name a passkey; False when the account has none with this number."""
    passkey = _own(session, account_id, passkey_id)
    if passkey is not None:
        passkey.name = name
    return passkey is not None


def remove_passkey(session: Session, account: Account, passkey_id: int, *, at: datetime) -> bool:
    """Remove a passkey; False when the account has none with this number.

    :raises RemovalRefused: "last_factor" for staff who would be left without one.
    """
    # Locked: of two that are removed at once the second sees that it would be the last.
    session.get_one(Account, account.id, with_for_update=True)
    passkey = _own(session, account.id, passkey_id)
    if passkey is None:
        return False
    if passkey.is_second_factor and _is_last_factor(session, account.id):
        raise RemovalRefused("last_factor")
    session.delete(passkey)
    session.flush()
    note_means(session, account, means_of(passkey_id), "passkey.removed", at=at)
    tell_owner(session, account, means_of(passkey_id), PASSKEY_REMOVED, at=at)
    return True


def means_of(passkey_id: int) -> Means:
    """Return a passkey as what is noted and told of it."""
    return Means("passkey", passkey_id)


def _own(session: Session, account_id: int, passkey_id: int) -> Passkey | None:
    asked = select(Passkey).where(Passkey.id == passkey_id, Passkey.account_id == account_id)
    return session.scalar(asked)


def _is_last_factor(session: Session, account_id: int) -> bool:
    if session.get(SecondFactor, account_id) is not None:
        return False
    asked = select(func.count()).where(
        Passkey.account_id == account_id, Passkey.is_second_factor.is_(True)
    )
    return session.scalar(asked) == 1
