"""What holds for every form and every text of every page, in both languages."""

import re
from enum import StrEnum
from importlib import import_module
from pkgutil import walk_packages

import pytest

import siweb

# What these buttons do cannot be the answer to a key that was pressed in a field.
NOT_MAIN = {"secondary", "danger", "link-button", "small", "plain"}
UNDOING = re.compile(r"drop|delete|remove|revoke|cancel|withdraw|reject|refuse|end\b")
CODE = re.compile(r"[a-z]+(_[a-z]+)*\.[a-z]+(_[a-z]+)*(?<!\.csv)(?<!\.xlsx)(?<!\.pdf)")


def faults(pages, find):
    return sorted({f"{page.endpoint}: {wrong}" for page in pages for wrong in find(page)})


def forms_of(page):
    return page.read.forms


def wrong_first_button(page):
    """The forms in which Enter does not press the main button."""
    for form in forms_of(page):
        if len(form.submits) < 2:
            continue
        first = form.submits[0]
        classes = set((first.get("class") or "").split())
        if "button" not in classes or classes & NOT_MAIN or UNDOING.search(first.get("name") or ""):
            yield f"{form}: {first}"


def test_enter_does_the_main_thing_in_every_form(pages):
    assert not faults(pages, wrong_first_button)


def test_a_form_with_fields_to_type_in_has_a_button(pages):
    assert not faults(
        pages, lambda page: [form for form in forms_of(page) if form.names and not form.submits]
    )


def test_no_token_comes_into_an_address(pages):
    assert not faults(
        pages,
        lambda page: (
            [form for form in forms_of(page) if form.method == "get" and "csrf_token" in form.names]
            + [each for each in forms_of(page) if any("formmethod" in one for one in each.submits)]
            + [address for address in [page.address] if "csrf_token" in address]
            + re.findall(r'(?:href|action)="[^"]*csrf_token[^"]*"', page.body.decode())
        ),
    )


@pytest.fixture(scope="module")
def codes():
    """The values of every closed word list of the office, but those that are words of their own."""
    found = set()
    for module in walk_packages(siweb.__path__, "siweb."):
        if ".migrations" in module.name or module.name.endswith("__main__"):
            continue
        for each in vars(import_module(module.name)).values():
            if isinstance(each, type) and issubclass(each, StrEnum):
                found |= {value.value for value in each}
    return {code for code in found if re.fullmatch(r"[a-z]+(_[a-z0-9]+)*", code)}


def test_no_page_shows_a_code_for_a_word(pages, codes):
    """A text that is only a code: "child", "document.issued", "work_injury"."""

    def raw(page):
        for text in page.read.texts:
            # In English some codes are the very word: "pension".
            is_chinese = b'lang="zh-Hans"' in page.body[:200]
            if CODE.fullmatch(text) or (text in codes and ("_" in text or is_chinese)):
                yield text

    # Programs and an old system's files call their columns by these very names, guides name files.
    named = ("api.show_document", "guide.show_page", "old_data_desk.hand_in_")
    assert not faults([page for page in pages if not page.endpoint.startswith(named)], raw)


def test_no_page_doubles_a_percent_sign_or_shows_a_place(pages):
    wrong = re.compile(r"%%|%\(\w+\)s|\{\{|\{%|\bNone\b(?! of )")

    assert not faults(
        pages,
        lambda page: [text for text in page.read.texts if wrong.search(text)],
    )


OLD_WORDS = {
    "一次性验证码": "激活码",
    "一次性激活码": "激活码",
    "公民身份号码": "身份证号码",
    "尚未缴纳": "未缴",
    "缺记录": "漏缴",
    "办事记录": "操作记录",
}


def test_one_word_per_thing(pages):
    assert not faults(
        pages,
        lambda page: [
            f"{old}: {new}"
            for old, new in OLD_WORDS.items()
            for text in page.read.texts
            if old in text and "社会保障号码就是" not in text
        ],
    )


def test_chinese_dates_and_amounts_have_one_form(pages):
    """No space before 年, 月, 日 in a date; an amount is 1,530.00 元."""
    spaced = re.compile(r"\d\s+[年月日]\s*\d|\d[年月]\s+\d|\d\.\d\d元|¥\s*\d")

    assert not faults(
        in_chinese(pages),
        lambda page: [text for text in page.read.texts if spaced.search(text)],
    )


def in_chinese(pages):
    return [page for page in pages if b'lang="zh-Hans"' in page.body[:200]]


def test_chinese_pages_have_full_width_brackets(pages):
    """No half-width bracket beside a Chinese character, be it over the edge of an element."""
    half = re.compile(
        r"[\u4e00-\u9fff：；，。]\s*\(|\(\s*[\u4e00-\u9fff]|[\u4e00-\u9fff]\s*\)|\)\s*[\u4e00-\u9fff]"
    )

    assert not faults(
        in_chinese(pages),
        lambda page: half.findall(" ".join(page.read.texts)),
    )


def test_chinese_amounts_stand_apart_from_what_they_follow(pages):
    """A space before and after an amount within a sentence: 缴费 1,530.00 元 …"""
    close = re.compile(r"[\u4e00-\u9fff]\d[\d,]*\.\d\d 元|\d\.\d\d 元[\u4e00-\u9fff]")

    assert not faults(
        in_chinese(pages),
        lambda page: [text for text in page.read.texts if close.search(text)],
    )


def test_id_numbers_are_masked_in_one_way(pages):
    """Four digits, ten signs, four characters, wherever part of a number is hidden."""
    hidden = re.compile(r"\d[\dX]*[*•…]+[\dX]+")

    assert not faults(
        pages,
        lambda page: [
            found
            for text in page.read.texts
            for found in hidden.findall(text)
            if not re.fullmatch(r"\d{4}\*{10}\d{3}[\dX]", found)
        ],
    )


def test_every_printed_page_says_office_and_day_and_whose_it_is(pages):
    framed = [page for page in pages if page.status < 500]

    assert not faults(
        framed,
        lambda page: ["no head"] if b'class="print-head"' not in page.body else [],
    )
