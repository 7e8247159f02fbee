"""A look at somebody else's record is noted, and its owner can see it."""

from sqlalchemy import func, select

from siweb.audit.activity import Activity
from siweb.audit.actor import Actor, Channel
from siweb.ledgers.access_log import VIEWED, looks_at, note_look
from tests.conftest import NOW


def test_a_look_by_somebody_else_is_noted(session, person):
    clerk = Actor(7, person.id + 1, Channel.DESK)

    assert note_look(session, person.id, "2025", actor=clerk, at=NOW)
    assert looks_at(session, person.id) == [(NOW, "desk", "2025")]


def test_the_own_look_is_not_noted(session, person):
    noted = note_look(session, person.id, "2025", actor=Actor(7, person.id), at=NOW)
    count = select(func.count()).select_from(Activity).where(Activity.deed == VIEWED)

    assert not noted
    assert session.scalar(count) == 0


def test_the_owner_sees_who_looked(owner, session, person):
    note_look(session, person.id, "account", actor=Actor(7, None, Channel.DESK), at=NOW)
    session.commit()

    page = owner.get("/record/looks").get_data(as_text=True)

    assert "24 November 2026 10:00" in page
    assert "At the agency’s desk · account" in page


def test_without_a_look_the_page_says_so(owner):
    assert "Nobody but you has looked at it." in owner.get("/record/looks").get_data(as_text=True)
