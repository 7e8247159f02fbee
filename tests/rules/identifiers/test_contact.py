"""Mobile and telephone numbers and e-mail addresses as people type them, in one form each."""

import pytest

from siweb.rules.identifiers.contact import (
    ContactRefused,
    parse_email,
    parse_mobile,
    parse_telephone,
)


@pytest.mark.parametrize(
    "typed",
    ["13800138000", "138 0013 8000", "138-0013-8000", "+86 13800138000", "86-13800138000",
     "0086 138 0013 8000", "(138)00138000", "（138）0013－8000", "138.0013.8000",
     "１３８００１３８０００", "\u200b13800138000\u200e", "138\u00a00013\u30008000"],
)  # fmt: skip
def test_a_mobile_number_has_one_form(typed):
    assert parse_mobile(typed) == "13800138000"


@pytest.mark.parametrize(
    "typed",
    ["", "1380013800", "138001380000", "12800138000", "23800138000", "+1 13800138000",
     "13800138000a", "١٣٨٠٠١٣٨٠٠٠", "8613800138000\0", "+008613800138000", "138001380OO"],
)  # fmt: skip
def test_what_is_no_mobile_number_is_refused(typed):
    with pytest.raises(ContactRefused) as caught:
        parse_mobile(typed)

    assert caught.value.code == "mobile"


@pytest.mark.parametrize(("typed", "kept"), [("13300000000", "13300000000"),
                                             ("19999999999", "19999999999")])  # fmt: skip
def test_the_ends_of_the_mobile_ranges(typed, kept):
    assert parse_mobile(typed) == kept


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("13800138000", "13800138000"), ("+86 138 0013 8000", "13800138000"),
     ("010-12345678", "010-12345678"), ("（021）1234567", "021-1234567"),
     ("0755 12345678", "0755-12345678"), ("+86 21 12345678", "021-12345678"),
     ("86 755-12345678", "0755-12345678"), ("008610 12345678", "010-12345678"),
     ("021-12345678转8001", "021-12345678-8001"), ("021-12345678 转 1", "021-12345678-1"),
     ("02112345678转123456", "021-12345678-123456")],
)  # fmt: skip
def test_a_telephone_number_keeps_its_area_code(typed, kept):
    assert parse_telephone(typed) == kept


@pytest.mark.parametrize(
    "typed",
    ["", "12345678", "021-123456", "021-123456789", "0200123", "0112345678", "0011-1234567",
     "021-12345678转1234567", "021-12345678转a", "0755-1234567x", "+1 212 5551234",
     "021-12345678\nx"],
)  # fmt: skip
def test_what_is_no_telephone_number_is_refused(typed):
    with pytest.raises(ContactRefused) as caught:
        parse_telephone(typed)

    assert caught.value.code == "telephone"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("li.wei@example.com", "li.wei@example.com"), (" Li@Example.COM ", "Li@example.com"),
     ("ｌｉ＠ｅｘａｍｐｌｅ．ｃｏｍ", "li@example.com"), ("李@例子.中国", "李@例子.中国"),
     ("a@b-c.d.cn", "a@b-c.d.cn"), ("a" * 64 + "@b.cn", "a" * 64 + "@b.cn")],
)  # fmt: skip
def test_an_address_has_its_domain_in_small_letters(typed, kept):
    assert parse_email(typed) == kept


LABEL = "b" * 63


@pytest.mark.parametrize(("more", "is_kept"), [(0, True), (1, False)])
def test_an_address_has_at_most_254_characters(more, is_kept):
    domain = f"{LABEL}.{LABEL}.{'c' * (60 + more)}.cn"
    address = f"{'a' * 62}@{domain}"
    assert len(address) == 254 + more

    if is_kept:
        assert parse_email(address) == address
    else:
        with pytest.raises(ContactRefused, match="email"):
            parse_email(address)


@pytest.mark.parametrize(
    "typed",
    ["", "a", "@b.cn", "a@", "a@b", "a@b.c", "a@b.1a", "a b@c.cn", "a@@b.cn", "a@b.cn\nx",
     "<a@b.cn>", "a,b@c.cn", "a@.cn", "a" * 65 + "@b.cn", f"a@{LABEL}b.cn"],
)  # fmt: skip
def test_what_is_no_address_is_refused(typed):
    with pytest.raises(ContactRefused) as caught:
        parse_email(typed)

    assert caught.value.code == "email"
