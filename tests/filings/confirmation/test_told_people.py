"""Whom a filing concerns is told how their own insurance goes on."""

import pytest
from sqlalchemy import select

from siweb.audit.actor import SYSTEM
from siweb.filings.withdrawal.withdraw import withdraw
from siweb.messages.tables.message import Message
from siweb.registry.codes import Scheme
from tests import factories
from tests.conftest import NOW
from tests.filings.test_filing import MAN, WOMAN, actor, draft, hire, of, person, send

__all__ = ["actor", "draft", "person", "send"]


@pytest.mark.parametrize(
    ("reason", "kinds"), [("resigned", ["left_employer"]), ("retired", []), ("died", [])]
)
def test_who_leaves_is_told_how_to_go_on_unless_that_is_over(
    session, person, draft, send, reason, kinds
):
    given = of(person, ended_on="2026-11-20", end_reason=reason, stop_month="2026-11")
    send(draft("leave", given | {"is_voluntary": "yes"})[0])

    told = select(Message.kind).where(Message.person_id == person.id)
    assert session.scalars(told).all() == kinds


def test_of_a_hire_only_who_paid_alone_is_told(session, draft, send):
    """Nobody who was insured as a resident, or by nobody."""
    resident = factories.make_person(session, id_number=MAN, name="陈新")
    factories.make_enrolment(session, resident, region_code="310000", scheme=Scheme.RESIDENT)

    send(draft("hire", hire())[0])

    assert session.scalars(select(Message.kind).where(Message.person_id.is_not(None))).all() == []


def test_what_the_employer_takes_back_is_told_to_the_same(session, person, draft, send):
    alone = factories.make_person(session, id_number=MAN, name="陈新")
    factories.make_enrolment(session, alone, region_code="310000")
    hired = draft("hire", hire(), hire(id_number=WOMAN, name="李新"))[0]
    given = of(person, ended_on="2026-11-20", end_reason="resigned", stop_month="2026-11")
    left = draft("leave", given | {"is_voluntary": "yes"})[0]
    for filing in (hired, left):
        send(filing)
        withdraw(session, filing, None, reason="报错了", actor=SYSTEM, at=NOW)

    told = select(Message.person_id).where(Message.kind == "employer_took_back")
    assert sorted(session.scalars(told)) == sorted([alone.id, person.id])
