"""Every kind of message is told by what is done at the office, and read in both languages."""

import pytest
from sqlalchemy import select

from siweb.messages.inbox import shown
from siweb.messages.kinds.by_name import KINDS
from siweb.messages.message_kind import Reader
from siweb.messages.tables.message import Message
from siweb.registry.tables.employer import Employer
from siweb.web.language.locale import office_language
from tests.messages.deeds.actions import BY_KIND, Office

ACTIONS = [(kind, action) for kind, actions in BY_KIND.items() for action in actions]


@pytest.fixture
def office(
    session, person, employer, acting, make_review, make_objection, make_benefit, draft, send,
    *, hire_at, insure,
):  # fmt: skip
    return Office(
        session, person, employer, acting, make_review, make_objection, make_benefit, draft, send,
        hire_at, insure,
    )  # fmt: skip


def test_every_kind_has_an_action():
    assert {kind.name for kind in BY_KIND} == set(KINDS)


def test_every_place_is_a_page(app):
    assert {kind.place for kind in KINDS.values()} <= set(app.view_functions)


@pytest.mark.parametrize(
    ("kind", "action"), ACTIONS, ids=[f"{kind.name}-{n}" for n, (kind, _) in enumerate(ACTIONS)]
)
def test_what_is_done_is_notified_once_in_both_languages(office, kind, action):
    reader = action(office)
    office.session.flush()

    # Of two who are separated each is told.
    its_own = select(Message).where(Message.kind == kind.name, Message.reader_id == reader.id)
    told = office.session.scalars(its_own).all()

    assert len(told) == 1
    (message,) = told
    is_employer = isinstance(reader, Employer)
    assert kind.reader is (Reader.EMPLOYER if is_employer else Reader.PERSON)
    with office_language("en"):
        english = shown(message)
    with office_language("zh_Hans"):
        chinese = shown(message)
    assert "%(" not in english.title + english.words
    assert not any("a" <= letter <= "z" for letter in chinese.title + chinese.words)
