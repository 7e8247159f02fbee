"""What may wait for somebody, from the registry of cards: each says what it is and leads to it."""

import re
from datetime import date

import pytest
from flask_babel import force_locale
from sqlalchemy.dialects import sqlite
from werkzeug.routing import RequestRedirect

from siweb.messages.matter import Matter
from siweb.portal.home.cards import CARDS, cards_of
from siweb.portal.home.load import all_matters

ON = date(2026, 11, 24)
LAST_DAY = date(2026, 12, 1)
# What leads to it, where that is no credit code.
KEYS = {
    "bill": "1",
    "may_help": "1",
    "complaint_answered": "ABCDEFGHJKMN",
    "helped": "ABCDEFGHJKMN",
}
# What is asked of a person, by what they are; certification and the other reviews have their own
# question (`due_reviews`), and a mandate of one's own is told as it ends.
OF = {
    "everybody": {"declared", "base_to_confirm", "complaint_answered", "messages"},
    "flexible worker": {"bill", "months_not_paid"},
    "helper": {"helped", "may_help"},
    "employer's person": {
        "employer", "objections", "assessments", "employer_bills", "bases_to_declare",
    },
}  # fmt: skip
WITH_OTHERS = OF["employer's person"] | {"may_help"}


def asked(acts_for_others):
    """The kinds of matters that home asks for."""
    compiled = all_matters(acts_for_others).compile(dialect=sqlite.dialect(paramstyle="named"))
    return {compiled.params[name] for name in re.findall(r":(\w+) AS kind", str(compiled))}


def waiting(kind, number):
    key = KEYS.get(kind, "91310001MAD000000X")
    return Matter(kind, key, "甲公司", "2026-10", LAST_DAY, 100_00, number)


def test_home_asks_for_what_the_registry_has_and_for_nothing_else():
    assert asked(acts_for_others=True) == set(CARDS) == set().union(*OF.values())
    assert asked(acts_for_others=False) == set(CARDS) - WITH_OTHERS


@pytest.mark.parametrize("language", ["zh_Hans", "en"])
@pytest.mark.parametrize("number", [1, 2])
@pytest.mark.parametrize("kind", sorted(CARDS))
def test_each_card_says_what_it_is_until_when_and_leads_to_it(app, kind, number, language):
    with app.test_request_context("/"), force_locale(language):
        (card,) = cards_of([waiting(kind, number)], (), ON)

    assert card.title
    assert card.about
    assert card.button
    assert "%(" not in card.title + card.about + card.button
    try:
        app.url_map.bind("localhost").match(card.address)
    except RequestRedirect:
        pytest.fail(f"{card.address} is only led on")


@pytest.mark.parametrize(
    "kind", sorted(set(CARDS) - {"months_not_paid", "declared", "helped", "messages"})
)
def test_what_has_a_last_day_names_it(app, kind):
    with app.test_request_context("/"):
        (card,) = cards_of([waiting(kind, 1)], (), ON)

    assert card.last_day == LAST_DAY
