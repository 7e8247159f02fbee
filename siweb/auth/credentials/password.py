"""Passwords: argon2id, and the few rules that keep the worst ones out."""

import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST = 8
LONGEST = 200
COMMON = frozenset(
    [
        "12345678",
        "123456789",
        "1234567890",
        "87654321",
        "11111111",
        "88888888",
        "66666666",
        "00000000",
        "password",
        "password1",
        "qwertyui",
        "qwerty123",
        "asdfghjk",
        "zxcvbnm1",
        "abc12345",
        "abcd1234",
        "a1234567",
        "a12345678",
        "1qaz2wsx",
        "iloveyou",
        "woaini520",
        "woaini1314",
        "5201314520",
        "13145200",
        "admin123",
        "root1234",
        "147258369",
        "123123123",
        "112233445566",
        "11223344",
        "12341234",
        "123454321",
        "passw0rd",
        "qq123456",
        "aa123456",
        "asd12345",
    ]
)
_HASHER = PasswordHasher()
# Checked against when there is no such account, so that the time tells nothing.
_NOBODY = _HASHER.hash("nobody has this password")


class PasswordRefused(ValueError):
    """A password that must not be used; `code` is too_short, too_long, common or personal."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def check_new_password(password: str, id_number: str) -> None:
    """Refuse a password that is short, among the commonest, or part of the ID number.

    :raises PasswordRefused: with its code.
    """
    plain = normalise(password)
    if len(plain) < SHORTEST:
        raise PasswordRefused("too_short")
    if len(plain) > LONGEST:
        raise PasswordRefused("too_long")
    if plain.lower() in COMMON or len(set(plain)) == 1:
        raise PasswordRefused("common")
    if plain.upper() in id_number.upper() or id_number.upper() in plain.upper():
        raise PasswordRefused("personal")


def hash_password(password: str) -> str:
    """Return the argon2id hash."""
    return _HASHER.hash(normalise(password))


def password_matches(password_hash: str | None, password: str) -> bool:
    """Return whether a password fits; takes as long when there is no hash to compare with."""
    try:
        _HASHER.verify(password_hash or _NOBODY, normalise(password))
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


def normalise(password: str) -> str:
    """Return the password in one Unicode form: phones type the same character differently."""
    return unicodedata.normalize("NFKC", password)
