"""Passwords: argon2id, and the few rules that keep the worst ones out."""

import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from siweb.auth.credentials.common_passwords import is_common
from siweb.rules.errors import Refusal
from siweb.rules.identifiers.typed_text import unicode_form

# NIST SP 800-63B asks for at least 8 and for no rule about kinds of characters.
SHORTEST = 8
# Hashing costs by length, and whoever has no account may ask for it: so there is an end.
LONGEST = 200
# Where the birth date stands in an ID number, and how much of a number found again is too much.
_BIRTH_DATE = slice(6, 14)


class PasswordRefused(Refusal):
    """When a password must not be used: too_short, too_long, common, personal or same."""


def check_new_password(password: str, id_number: str, *, present_hash: str | None = None) -> None:
    """Refuse a password that is short, common, taken from the ID number, or the present one.

    :raises PasswordRefused: with its code.
    """
    plain = normalise(password)
    if len(plain) < SHORTEST:
        raise PasswordRefused("too_short")
    if len(plain) > LONGEST:
        raise PasswordRefused("too_long")
    number, typed = id_number.upper(), plain.upper()
    # An ID number stands on every form that an employer keeps: no secret is made of it.
    if typed in number or number in typed or number[_BIRTH_DATE] in typed:
        raise PasswordRefused("personal")
    if is_common(plain):
        raise PasswordRefused("common")
    # Last: comparing costs a hash, and says something only to whoever holds the account.
    if present_hash is not None and password_matches(present_hash, plain):
        raise PasswordRefused("same")


def hash_password(password: str) -> str:
    """Return the argon2id hash."""
    return _hasher().hash(normalise(password))


def password_matches(password_hash: str | None, password: str) -> bool:
    """Return whether a password fits; takes as long when there is no hash to compare with."""
    try:
        _hasher().verify(password_hash or _hash_of_nobody(), normalise(password))
    except (VerificationError, InvalidHashError):
        return False
    # An empty hash is of an account that nobody signs in to: what stood in for it opens nothing.
    return bool(password_hash)


def normalise(password: str) -> str:
    """Return the password in one Unicode form: phones type the same character differently."""
    return unicode_form("NFKC", password)


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()


@cache
def _hash_of_nobody() -> str:
    """Return a hash to compare with when there is no account, so that the time tells nothing.

    Made once, with the first try: the second hash of that try is the only one that anybody could
    measure. Importing this module hashes nothing. What it is the hash of nobody knows.
    """
    return _hasher().hash(secrets.token_urlsafe())
