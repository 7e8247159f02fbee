"""Passwords: the common ones are refused however they are decorated, others are not."""

import re
import secrets
import subprocess
import sys
from pathlib import Path

import pytest

from siweb.auth.credentials.common_passwords import is_common, listed_passwords
from siweb.auth.credentials.password import (
    PasswordRefused,
    _hash_of_nobody,
    check_new_password,
    hash_password,
    password_matches,
)

NUMBER = "11010519491231002X"
# What those who guess try first; several are in no list, and are put together from its pieces.
COMMON = [
    "password1",
    "qwertyuiop",
    "1q2w3e4r5t",
    "woaini1314",
    "5201314520",
    "a123456789",
    "abc123456",
    "iloveyou1",
    "zxcvbnm123",
    "qq123456789",
    "12345678",
    "password",
    "qwerty123",
    "woaini520",
    "zhang123",
    "wang1234",
    "admin123",
    "letmein1",
    "1qaz2wsx",
    "asdfghjkl",
    "qazwsxedc",
    "147258369",
    "11111111",
    "88888888",
    "66668888",
    "abcd1234",
    "a1b2c3d4",
    "aa123456",
    "woaiwojia",
    "nihaoma123",
    "zhangwei",
    "tianshi1",
    "19870512",
    "zlm19870512",
    "13812345678",
    "woshishui",
    "dearbook",
    "superman",
    "trustno1",
    "passw0rd",
    "p@ssw0rd",
    "789456123",
    "beijing2008",
    "caonima123",
    "1357924680",
    "poiuytrewq",
    "mnbvcxz1",
]
DECORATED = (
    "{0}", "{0}{0}", "{0}2024", "{0}1998", "{0}{0}2026", "2025{0}", "{0}!", "{0}@2026", "{0}123",
    "a{0}", "{0}.", "{0}2024{0}",
)  # fmt: skip
GOOD = [
    "correct horse battery", "three quiet words", "kfj29dlsQ!x", "春眠不觉晓处处闻啼鸟",
    "my cat eats 7 oranges", "x7Kp2mQ9vT", "purple-mountain-lamp", "新的密码很长很长",
]  # fmt: skip


@pytest.mark.parametrize("pattern", DECORATED)
def test_common_passwords_are_refused_in_all_their_dress(pattern):
    # Three initials with a birthday twice and a year between are 22 characters: let it be.
    words = [word for word in COMMON if pattern != "{0}2024{0}" or word != "zlm19870512"]
    passed = [word for word in words if not is_common(pattern.format(word))]

    assert not passed


# Each is common for one reason alone: what is taken off at one end, what is left, or how keys lie.
JUST_COMMON = [
    "letmeinz", "zletmein",                     # a letter more
    "letmeinadmin", "adminletmein",             # a word that is common itself
    "letmeinroot", "rootletmein",               # the shortest such word
    "letmeinwoshinidie", "woshinidieletmein",   # the longest
    "7letmein7",                                # a digit at both ends
    "12root34",                                 # what is left is as short as any
    "zlm19870512", "19870512zlm", "13812345678zl",
    "fghjxcvb", "uvwxyzab", "lmnopqrs",         # a row of keys or letters, with a jump
    "wsxsedcd", "sesdedrd", "dcfvgbhn",         # from row to row and back
]  # fmt: skip
JUST_NOT = [
    "kfzp2024", "kfzp1287", "kfzp!!!!",         # what is left is short, and no word
    "kf12345678zq",                             # letters before and behind
    "fghxcvnm",                                 # two jumps
    "acegikmo",                                 # every second letter
]  # fmt: skip


def test_where_a_common_password_ends_and_another_begins():
    assert [word for word in JUST_COMMON if not is_common(word)] == []
    assert [word for word in JUST_NOT if is_common(word)] == []


@pytest.mark.parametrize("change", [str.upper, str.capitalize, lambda word: word[::-1]])
def test_case_and_direction_add_nothing(change):
    assert not [word for word in COMMON if not is_common(change(word))]


def test_full_width_and_invisible_characters_add_nothing():
    assert is_common("ｐａｓｓｗｏｒｄ１")
    assert is_common("pass\u200bword1")
    assert is_common("Pássword1")


@pytest.mark.parametrize("password", GOOD)
def test_what_nobody_guesses_is_accepted(password):
    assert not is_common(password)
    check_new_password(password, NUMBER)


def test_the_list_is_long_and_each_of_it_is_refused():
    words = sorted(listed_passwords())

    assert len(words) > 10_000
    assert all(map(is_common, words[::97]))


@pytest.mark.parametrize("length", [64, 200])
def test_a_long_password_is_judged_at_once(length):
    assert is_common(("abc123" * length)[: length - length % 6])
    assert not is_common("".join(chr(0x4E00 + place * 7) for place in range(length)))


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("x7Kp2mQ", "too_short"),
        ("x7Kp2mQ9" * 25 + "v", "too_long"),
        ("woaini1314", "common"),
        ("0519491231", "personal"),
        ("Zq19491231kV", "personal"),
        (f"no{NUMBER.lower()}no", "personal"),
    ],
)
def test_what_is_refused_says_why(password, code):
    with pytest.raises(PasswordRefused) as refused:
        check_new_password(password, NUMBER)

    assert refused.value.code == code


@pytest.mark.parametrize("password", ["x7Kp2mQ9", "x7Kp2mQ9 " * 22 + "vv"])
def test_the_shortest_and_the_longest_are_accepted(password):
    check_new_password(password, NUMBER)


def test_the_present_password_is_not_a_new_one_in_another_form_either():
    present = hash_password("ﬁne ２ words é")

    with pytest.raises(PasswordRefused) as refused:
        check_new_password("fine 2 words e\u0301", NUMBER, present_hash=present)

    assert refused.value.code == "same"
    check_new_password("fine 3 words e\u0301", NUMBER, present_hash=present)


def test_what_is_typed_in_another_unicode_form_matches():
    kept = hash_password("caf\u00e9 ｂｌｅｕ nuit")

    assert password_matches(kept, "cafe\u0301 bleu nuit")
    assert not password_matches(kept, "cafe bleu nuit")
    for nobody in (None, ""):
        assert not password_matches(nobody, "nobody has this password")
        assert not password_matches(nobody, "")
    assert not password_matches("no hash", "caf\u00e9 bleu nuit")


def test_importing_hashes_nothing():
    run_apart(
        "import argon2; argon2.PasswordHasher.hash = None\n"
        "import siweb.auth.credentials.password, siweb.auth.credentials.common_passwords as c\n"
        "assert c.listed_passwords.cache_info().currsize == 0"
    )


def test_a_guess_costs_what_rfc_9106_advises():
    """The suite hashes cheaply: the real cost is seen in a process of its own."""
    kept = run_apart(
        "from siweb.auth.credentials.password import hash_password; print(hash_password('a'))"
    )
    costs = re.match(r"\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$", kept)

    assert costs is not None
    assert int(costs[1]) >= 64 * 1024
    assert int(costs[2]) >= 3


def run_apart(code: str) -> str:
    ran = subprocess.run(
        [sys.executable, "-c", code],
        cwd=Path(__file__).parents[3],
        check=False,
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def test_an_account_without_a_password_is_opened_by_nothing_whatever_it_is_compared_with(
    monkeypatch,
):
    monkeypatch.setattr(secrets, "token_urlsafe", lambda: "guessed all the same")
    _hash_of_nobody.cache_clear()
    try:
        assert not password_matches("", "guessed all the same")
        assert not password_matches(None, "guessed all the same")
    finally:
        _hash_of_nobody.cache_clear()
