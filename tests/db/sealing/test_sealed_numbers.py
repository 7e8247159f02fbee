"""No citizen's ID number stands in the database in the clear: none at all, in no table."""

import re
from datetime import timedelta

import pytest
from alembic import command
from sqlalchemy import String, inspect, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from siweb import schema
from siweb.audit.actor import Actor
from siweb.auth.tables.account import Account
from siweb.auth.tables.api_token import ApiToken
from siweb.collection.assessments.reports.import_list import compare_list
from siweb.collection.tables.hire_report import HireReport
from siweb.db.migrate import alembic_config, migrate
from siweb.db.sealing.columns import Sealed
from siweb.db.sealing.field_keys import FieldKeys, field_keys, number_digest
from siweb.demo.plan import Plan, day_with_figures
from siweb.demo.seed import seed
from siweb.filings.drafts.open import add_rows, open_filing
from siweb.filings.fields.filing_kind import FilingKind
from siweb.filings.tables.api_answer import ApiAnswer
from siweb.filings.tables.filing_row import FilingRow
from siweb.registry.find_person import find_person, people_by_number
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.employer import Employer
from siweb.registry.tables.person import Person
from siweb.registry.tables.person_alias import PersonAlias
from siweb.registry.tables.person_identity import PersonIdentity
from siweb.rules.errors import RuleError
from siweb.rules.identifiers.identity_number import parse_identity_number
from siweb.rules.parameters.load import load_packs
from siweb.secret_keys import SecretFault
from tests import factories
from tests.conftest import NOW
from tests.demonstration import PEOPLE
from tests.disclosures.examples import make_examples
from tests.migrated import lay, lay_schema

TODAY = NOW.date()
SHAPED = re.compile(rb"(?<![0-9])[1-9][0-9]{16}[0-9Xx](?![0-9])")
STRANGERS = [factories.make_id_number(serial=7001 + n) for n in range(4)]
BEFORE = "0044"


def numbers_in(content):
    """Every ID number that a text or file holds: by its form and its check character."""
    found = set()
    for shaped in SHAPED.findall(content):
        try:
            found.add(parse_identity_number(shaped.decode().upper()).number)
        except RuleError:
            continue
    return found


def dump(engine):
    """All rows of all tables as a dump of the database writes them."""
    with engine.connect() as connection:
        rows = [
            row
            for table in inspect(connection).get_table_names()
            for row in connection.execute(text(f"SELECT * FROM {table}"))
        ]
    return b"\n".join(
        bytes(value) if isinstance(value, (bytes, memoryview)) else str(value).encode()
        for row in rows
        for value in row
    )


def fill(engine, folder):
    """A demonstration, with filings, a list of hires and an answer to a program beside it."""
    with Session(engine) as session:
        plan = Plan(day_with_figures(load_packs(), TODAY), people=PEOPLE, employers=4)
        seed(session, plan, folder, at=NOW - timedelta(days=1))
        make_examples(session, "secret")
        packs = packs_in_force(session)
        employer = session.scalars(select(Employer).order_by(Employer.id)).first()
        person = session.scalars(select(Person).order_by(Person.id)).first()
        account = session.scalars(select(Account)).first()
        actor = Actor(account.id, account.person_id)
        draft = open_filing(
            session, employer.id, FilingKind.HIRE, origin="api", actor=actor, at=NOW
        )
        rows = [{"id_number": number, "name": "赵无名"} for number in (*STRANGERS[:2], "x1")]
        add_rows(session, draft, [*rows, {"name": "无号"}], packs=packs, on=TODAY)
        change = open_filing(
            session, employer.id, FilingKind.CHANGE, origin="form", actor=actor, at=NOW
        )
        changed = {"id_number": person.id_number, "name": person.name, "new_name": "改名"}
        add_rows(session, change, [changed], packs=packs, on=TODAY)
        lines = [
            f"{employer.uscc},{number},{name},2025-03-05"
            for number, name in ((STRANGERS[2], "赵无名"), (person.id_number, person.name))
        ]
        content = "\n".join(["uscc,id_number,name,hired_on", *lines]).encode()
        compare_list(session, content, packs=packs, actor=actor, on=TODAY, at=NOW)
        session.add(answer_of(session, employer, account))
        session.commit()


def answer_of(session, employer, account):
    token = ApiToken(
        employer_id=employer.id, account_id=account.id, name="t", secret_hash="0" * 64,
        beginning="siweb_", scopes=[], expires_on=TODAY, issued_at=NOW,
    )  # fmt: skip
    session.add(token)
    session.flush()
    return ApiAnswer(
        api_token_id=token.id, idempotency_key="k", request_hash="0" * 64, status=200,
        body={"rows": [{"id_number": STRANGERS[3]}]}, answered_at=NOW,
    )  # fmt: skip


def read(engine):
    """What the office reads of all that is sealed, and the hashes of numbers."""
    with Session(engine) as session:
        rows = session.execute(
            select(FilingRow.row_values, FilingRow.findings)
            .add_columns(FilingRow.number_digest, FilingRow.row_key)
            .order_by(FilingRow.filing_id, FilingRow.position)
        )
        reports = session.scalars(select(HireReport).order_by(HireReport.id))
        return {
            "people": {person.id: person.id_number for person in session.scalars(select(Person))},
            "rows": [tuple(row) for row in rows],
            "reports": [
                (one.source_key, one.person_id, one.id_number, one.number_digest) for one in reports
            ],
            "answers": session.scalars(select(ApiAnswer.body)).all(),
        }


@pytest.fixture
def office(empty_engine, tmp_path):
    def make(engine):
        lay_schema(engine)
        fill(engine, tmp_path / "var")

    lay(empty_engine, "full_of_numbers", make)
    return empty_engine


def files(folder):
    return b"".join(path.read_bytes() for path in folder.glob("*.sqlite3*"))


def test_a_filled_office_holds_no_number_in_the_clear_and_an_older_one_comes_over(office, tmp_path):
    """The way back makes the office of the version before: it is full of numbers, and comes over."""
    now = read(office)
    people = set(now["people"].values())
    assert len(people) > PEOPLE
    assert not numbers_in(dump(office) + files(tmp_path))

    command.downgrade(alembic_config(office), BEFORE)
    assert numbers_in(dump(office)) == people | set(STRANGERS)

    migrate(office)

    assert read(office) == now
    assert not numbers_in(dump(office) + files(tmp_path))


def test_everybody_is_found_by_the_number_and_by_nothing_less(office):
    with Session(office) as session:
        # Of two that were joined both numbers lead to the one that stands.
        stands = dict(session.execute(select(PersonAlias.former_id, PersonAlias.person_id)).all())
        people = {
            person.id_number: stands.get(person.id, person.id)
            for person in session.scalars(select(Person))
        }
        found = people_by_number(session, [*people, *STRANGERS])

        assert found == people
        number, person_id = next(iter(people.items()))
        assert find_person(session, number) == person_id
        assert session.scalar(select(Person.id).where(Person.id_number == number)) == person_id
        assert find_person(session, number[:-1]) is None


def test_two_tables_hold_numbers_and_every_other_names_a_person_by_the_key():
    named = {
        (table.name, column.name)
        for table in schema.metadata.tables.values()
        for column in table.columns
        if "id_number" in column.name
        or (isinstance(column.type, String) and column.type.length == 18)
    }
    sealed = {
        (table.name, column.name)
        for table in schema.metadata.tables.values()
        for column in table.columns
        # Neither a secret nor an account is a number.
        if type(column.type) is Sealed and column.name not in {"secret", "bank_card"}
    }

    assert {column for _table, column in named} <= {"uscc", "payer_code"}
    # A report may be about somebody whom the register does not know.
    assert sealed == {
        ("person_identity", "number"),
        ("former_number", "number"),
        ("hire_report", "sealed_number"),
        # No ID number, and sealed in the same way.
        ("office_note", "words"),
        ("own_bank_account", "number"),
    }


def test_two_people_cannot_have_one_number(office):
    with Session(office) as session:
        one = session.scalars(select(Person)).first()
        with pytest.raises(IntegrityError):
            factories.make_person(session, id_number=one.id_number)


@pytest.mark.parametrize("ask", ["in_", "contains", "endswith", "like"])
def test_nothing_but_equality_can_be_asked_of_a_number(ask):
    with pytest.raises((NotImplementedError, TypeError)):
        getattr(Person.id_number, ask)(["1"] if ask == "in_" else "1")
    with pytest.raises(TypeError, match="found by its digest"):
        getattr(PersonIdentity.number, ask)(["1"] if ask == "in_" else "1")
    with pytest.raises(TypeError, match="found by its digest"):
        assert PersonIdentity.number == "1"


def test_one_text_is_sealed_differently_each_time_and_opens_with_its_key_only():
    keys, others = FieldKeys(["one"], "d"), FieldKeys(["two"], "d")
    first, second = keys.seal(STRANGERS[0]), keys.seal(STRANGERS[0])

    assert first != second
    assert keys.unseal(first) == keys.unseal(second) == STRANGERS[0]
    with pytest.raises(SecretFault, match="not the one with which ID numbers were sealed"):
        others.unseal(first)
    with pytest.raises(SecretFault, match="was changed since it was sealed"):
        keys.unseal(first[:-1] + bytes([first[-1] ^ 1]))


def test_a_new_key_seals_and_the_older_one_still_reads():
    old, both = FieldKeys(["old"], "d"), FieldKeys(["new", "old"], "d")
    new = FieldKeys(["new"], "d")

    assert both.unseal(old.seal("x")) == "x"
    assert new.unseal(both.seal("x")) == "x"


def test_a_digest_depends_on_its_key_and_on_nothing_of_the_other():
    one, other = FieldKeys(["a"], "one"), FieldKeys(["a"], "other")

    assert one.digest(b"p", "x", 32) == FieldKeys(["b"], "one").digest(b"p", "x", 32)
    assert one.digest(b"p", "x", 32) != other.digest(b"p", "x", 32)
    assert one.digest(b"p", "x", 32) != one.digest(b"q", "x", 32)
    assert number_digest("x") == field_keys().digest(b"number", "x", 32)
