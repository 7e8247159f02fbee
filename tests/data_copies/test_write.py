"""A copy's file: all of one person and nothing of another, in few statements and little memory."""

import json
import re
import tracemalloc
from collections import Counter
from zipfile import ZipFile

import pytest
from jsonschema import validate
from sqlalchemy import delete, event, func, insert, select

from siweb import schema
from siweb.auth.tables.account import Account
from siweb.auth.tables.refused_sign_in import RefusedSignIn
from siweb.data_copies.parts import ACCESS_LOG, PARTS
from siweb.data_copies.write import Sources, write_copy
from siweb.evidence.tables.evidence_file import EvidenceFile
from siweb.registry.tables.person_alias import PersonAlias
from siweb.web.database import database
from tests.conftest import NOW

# Its keys and accounts, the name, names of employers, regions and campaigns, and which scans there are.
STATEMENTS = len(PARTS) + 7
# Of what somebody alone has each row is in one copy: of two who are named, in both.
OF_TWO = {"help_mandate", "hire_report", "staff_relation", "joined_enrolment"}


@pytest.fixture(scope="module")
def write(office):
    """Write a person's copy; return its files by name, and by how many statements."""

    def write(person_id):
        done = []
        engine = database(office).engine

        def count(*_args):
            done.append(1)

        event.listen(engine, "before_cursor_execute", count)
        try:
            with (
                office.test_request_context(headers={"Accept-Language": "en"}),
                database(office).readers() as session,
            ):
                log, files = office.extensions["siweb_access_log"], office.extensions["siweb_files"]
                sources = Sources(session, log, files)
                with (
                    write_copy(sources, person_id, office="Office", at=NOW) as made,
                    ZipFile(made) as archive,
                ):
                    return {name: archive.read(name) for name in archive.namelist()}, len(done)
        finally:
            event.remove(engine, "before_cursor_execute", count)

    return write


@pytest.fixture(scope="module")
def copies(office, write, people):
    """The copies of all who stand: of two registrations that were joined there is one."""
    with database(office).readers() as session:
        former = set(session.scalars(select(PersonAlias.former_id)))
    return {person.id: write(person.id) for person in people if person.id not in former}


def data(copy):
    return json.loads(copy[0]["data.json"])


def scans(copy):
    return {name for name in copy[0] if name.startswith("scans/")}


def test_every_row_about_a_person_is_in_the_copy_of_that_person_alone(office, copies):
    counted, twice = Counter(), set()
    for copy in copies.values():
        for name, rows in data(copy)["parts"].items():
            counted[name] += len(rows)
    with database(office).readers() as session:
        for name, part in PARTS.items():
            table = schema.metadata.tables[name]
            whose = [table.c[each].is_not(None) for each in (*part.by, *part.by_account)]
            if part.through or len(whose) != 1:
                continue
            own = [table.c[part.own].is_(None)] if part.own else []
            kept = session.scalar(select(func.count()).select_from(table).where(*whose, *own))
            if counted[name] != kept:
                twice.add(name)

    assert twice <= OF_TWO
    # An example of most is there, so that the count says something.
    assert len([name for name in (*PARTS, ACCESS_LOG.name) if counted[name]]) > 40


def test_a_copy_names_nobody_elses_number(copies, people):
    number_of = {person.id: person.id_number for person in people}
    for person_id, copy in copies.items():
        text = b"".join(copy[0].values()).decode(errors="replace")
        assert number_of[person_id] in text
        others = [number_of[other] for other in copies if other != person_id]
        assert not [number for number in others if number in text]


def test_the_data_have_the_shape_that_comes_with_them(copies):
    for copy in list(copies.values())[:12]:
        validate(data(copy), json.loads(copy[0]["shape.json"]))


def test_scans_are_in_it_as_they_were_handed_in(office, copies):
    with database(office).readers() as session:
        kept = set(session.scalars(select(EvidenceFile.reference)))
    got = {
        name.split("/")[1].split(".")[0]: copy[0][name]
        for copy in copies.values()
        for name in scans(copy)
    }

    assert got
    assert set(got) <= kept
    assert all(content.startswith((b"%PDF", b"\xff\xd8", b"\x89PNG")) for content in got.values())


def test_the_statements_are_as_many_for_everybody(copies):
    assert {done for copy, done in copies.values() if not scans((copy, done))} == {STATEMENTS}
    # A scan is looked up and read by the megabyte.
    for copy in copies.values():
        assert copy[1] <= STATEMENTS + 3 * len(scans(copy))


def test_a_long_life_takes_no_more_memory(office, write, people):
    with database(office).writers() as session:
        account = session.scalar(select(Account.id).where(Account.person_id == people[3].id))
        tries = [
            {"account_id": account, "at": NOW, "device": f"device {number}", "network": "n"}
            for number in range(6_000)
        ]
        session.execute(insert(RefusedSignIn), tries)
        session.commit()
    write(people[3].id)
    tracemalloc.start()
    copy = write(people[3].id)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    with database(office).writers() as session:
        # The office is that of all tests of this file.
        session.execute(delete(RefusedSignIn).where(RefusedSignIn.account_id == account))
        session.commit()
    assert len(data(copy)["parts"]["refused_sign_in"]) == 6_000
    # The test itself holds the files: what is written besides stays small.
    assert peak < sum(map(len, copy[0].values())) + 2 * 1024 * 1024


def test_the_page_says_in_words_what_the_tables_say_in_marks(copies):
    pages = "".join(copy[0]["read-me.html"].decode() for copy in copies.values())

    assert "<b>Recorded deed</b> Complaint answered" in pages
    assert "<b>Which review</b> Record check 2025" in pages
    assert "<b>Paid out on</b>" in pages
    bare = ("account.signed_in", "female55", "full_time", "all_agree", "review_receipt")
    assert [word for word in bare if word in pages] == []
    assert not re.search(
        r"<b>(Region|State|State after|Channel)</b> ([0-9]+|draft|passed|web)\b", pages
    )
