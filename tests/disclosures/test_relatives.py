"""Every form of the desk, about a relative whom its sender declared: refused as one's own."""

from contextlib import contextmanager

from sqlalchemy import select

from siweb.audit.access_log.entry import AccessLogEntry
from siweb.auth import access
from siweb.auth.tables.account import Account
from siweb.auth.tables.appointment import Function
from siweb.auth.tables.staff_relation import Relation, StaffRelation
from siweb.web.database import database
from tests.conftest import NOW
from tests.disclosures.test_duties import Clerk, address, desk_rules, examples, functions_of


def sent_on_a_relative(office, people):
    """Each form that was sent about somebody whom its sender declared, and whether it is refused."""
    clerk = Clerk(office, people[-1].id)
    for rule in desk_rules(office):
        if "POST" not in rule.methods:
            continue
        for values, subject in examples(office, rule):
            persons = sorted((subject.person_ids if subject else set()) - {clerk.person_id})
            if not persons:
                continue
            with declared(office, clerk.person_id, persons[0]):
                answer = clerk.holds(functions_of(office, rule.endpoint, values)).client.post(
                    address(office, rule, values)
                )
            yield rule.endpoint, answer.status_code == 403 and "ask a colleague" in answer.text
            break


@contextmanager
def declared(office, person_id, relative_id):
    """A relative of a member of staff, while the block lasts."""
    with database(office).writers() as session:
        account = session.scalars(select(Account.id).where(Account.person_id == person_id)).first()
        relation = StaffRelation(
            person_id=person_id, relative_id=relative_id, relation=Relation.SIBLING,
            since_on=NOW.date(), declared_at=NOW, declared_by_account_id=account,
        )  # fmt: skip
        session.add(relation)
        session.commit()
        relation_id = relation.id
    try:
        yield
    finally:
        with database(office).writers() as session:
            session.delete(session.get_one(StaffRelation, relation_id))
            session.commit()


def test_nobody_sends_a_form_about_a_relative_whom_they_declared(office, people):
    sent = list(sent_on_a_relative(office, people))

    assert len({endpoint for endpoint, _is_refused in sent}) > 15
    assert not [endpoint for endpoint, is_refused in sent if not is_refused]


def test_a_look_at_a_relative_is_noted_as_one(office, people):
    clerk, relative = Clerk(office, people[-1].id), people[0]
    clerk.holds([Function.REGISTRATION])
    with declared(office, clerk.person_id, relative.id):
        assert clerk.client.get(f"/desk/people/{relative.id}").status_code == 200

    with office.extensions["siweb_access_log"].session() as session:
        noted = select(AccessLogEntry.function).where(AccessLogEntry.person_id == relative.id)
        assert "staff_relative" in set(session.scalars(noted))


def test_the_walk_notices_a_guard_that_forgets_relatives(office, people, monkeypatch):
    monkeypatch.setattr(access, "barred", lambda: [access.visitor().person_id])
    assert next(each[1:] for each in sent_on_a_relative(office, people)) == (False,)
