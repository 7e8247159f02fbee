"""`siweb migrate` on an office of the version before: its seals are proved once more, then end.

The office is made as that version (revision 0042) left it, its seals and its log's chain too.
"""

import hashlib
import json
from datetime import UTC, date, datetime

import pytest
import time_machine
from alembic.runtime.migration import MigrationContext
from click.testing import CliRunner
from sqlalchemy import MetaData, Table, select, text

from siweb.audit.activity import Activity
from siweb.cli import main
from siweb.db.engine import make_engine, make_sessions
from siweb.ledgers.tables.day_root import DayRoot, FormerHead
from siweb.registry.tables.enrolment_claim import EnrolmentClaim
from siweb.registry.tables.person import Person
from tests.conftest import NOW
from tests.migrated import lay, lay_schema

BEFORE = "0042"
AT, DAY = datetime(2026, 2, 3, 8, tzinfo=UTC), date(2026, 2, 3)
NUMBER = "310101198503050012"
_PAYMENT = {
    "region_code": "310000", "kind": "transfer", "amount_fen": 500, "received_on": DAY,
    "payer_name": "甲公司", "payer_account": "6222", "remittance": "", "statement_id": None,
    "origin_payment_id": None, "recorded_at": AT, "recorded_by_account_id": 1,
    "unallocated_fen": 500,
}  # fmt: skip
_ENROLMENT = {
    "person_id": 1, "region_code": "310000", "insurance": "pension", "scheme": "flexible",
    "from_month": "2025-12", "to_month": None,
}  # fmt: skip
ROWS = (
    ("region", {
        "code": "310000", "name_zh": "上海", "name_en": "Shanghai", "pinyin": "shanghai",
        "province_zh": "上海", "province_en": "Shanghai", "is_hosted": True,
    }),
    ("person", {
        "id": 1, "id_number": NUMBER, "name": "王芳", "sex": "F", "born_on": date(1985, 3, 5),
        "region_code": "310000", "retirement_category": "female55", "deemed_months": 0,
        "registered_at": AT,
    }),
    ("enrolment", _ENROLMENT | {"id": 1}),
    ("payment", _PAYMENT | {"id": 1, "entry_key": "a"}),
    ("payment", _PAYMENT | {"id": 2, "entry_key": "b"}),
    ("account_entry", {
        "id": 1, "person_id": 1, "year": 2025, "kind": "opening", "amount_fen": 70_000,
        "posted_on": DAY,
    }),
)  # fmt: skip
# What that version's seal went over, cell by cell as text, in the order of its columns.
SEALED = {
    "payment": [
        ["1", "310000", "transfer", "500", "2026-02-03", "甲公司", "6222", "", "a", "None", "None",
         "2026-02-03 08:00:00+00:00", "1"],
        ["2", "310000", "transfer", "500", "2026-02-03", "甲公司", "6222", "", "b", "None", "None",
         "2026-02-03 08:00:00+00:00", "1"],
    ],
    "account_entry": [["1", "1", "2025", "opening", "None", "None", "70000", "None", "None",
                       "2026-02-03"]],
}  # fmt: skip


def sealed(rows):
    """Return marks and hash of a first seal over rows."""
    whole, marks = hashlib.sha256(b"0" * 64), b""
    for row in rows:
        digest = hashlib.sha256("\x1f".join(row).encode()).digest()
        whole.update(digest)
        marks += digest[:8]
    return marks, whole.hexdigest()


HEADS = {book: sealed(rows)[1] for book, rows in SEALED.items()}


def as_text(row):
    """Return a row as that version wrote it to SQLite."""
    kinds = {
        datetime: lambda value: f"{value:%Y-%m-%d %H:%M:%S.%f}",
        date: date.isoformat,
        dict: json.dumps,
    }
    return {name: kinds.get(type(value), lambda same: same)(value) for name, value in row.items()}


@pytest.fixture
def office(tmp_path, monkeypatch):
    """An office of before, as the commands find it.

    On SQLite: on PostgreSQL the trial converts a whole office (`make convert-trial`).
    """
    engine = make_engine(f"sqlite:///{tmp_path / 'siweb.sqlite3'}")
    lay(engine, "seals_before", make_before)
    monkeypatch.setenv("SIWEB_VAR_DIR", str(tmp_path))
    with time_machine.travel(NOW, tick=False):
        yield engine
    engine.dispose()


def make_before(engine):
    lay_schema(engine, BEFORE)
    tables = {}

    def add(name, row):
        with engine.begin() as connection:
            if name not in tables:
                tables[name] = Table(name, MetaData(), autoload_with=connection)
            connection.execute(tables[name].insert(), as_text(row))

    for name, row in ROWS:
        add(name, row)
    for book, rows in SEALED.items():
        marks, digest = sealed(rows)
        ends = {"first_id": 1, "last_id": len(rows), "rows": len(rows)}
        hashes = {"row_marks": marks, "previous_hash": "0" * 64, "seal_hash": digest}
        add("day_seal", {"book": book, "sealed_on": DAY, "sealed_at": AT} | ends | hashes)
    line = [
        "0" * 64,
        AT.isoformat(),
        None,
        None,
        "command",
        "books.sealed",
        "books",
        str(DAY),
        HEADS,
    ]
    names = (
        "previous_hash", "at", "account_id", "person_id", "channel", "action", "subject_kind",
        "subject_id", "facts",
    )  # fmt: skip
    hashed = json.dumps(line, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    row_hash = hashlib.sha256(hashed.encode()).hexdigest()
    add("activity", dict(zip(names, line, strict=True)) | {"at": AT, "row_hash": row_hash})


def siweb(*arguments):
    done = CliRunner().invoke(main, arguments)
    return done.exit_code, done.output


def change(engine, statement):
    with engine.begin() as connection:
        connection.execute(text(statement))


def revision(engine):
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def test_one_command_brings_it_over_and_notes_old_heads_and_new_roots(office):
    code, said = siweb("migrate")

    assert code == 0, said
    lines = said.splitlines()
    assert [line.split() for line in lines[:2]] == sorted(map(list, HEADS.items()))
    with make_sessions(office)() as session:
        roots = {root.region_code: root.root for root in session.scalars(select(DayRoot))}
        begun = select(Activity.facts).where(Activity.action == "books.roots_begun")
        assert session.scalars(begun).one() == {"heads": HEADS, "roots": roots}
        assert {head.book: head.head for head in session.scalars(select(FormerHead))} == HEADS
        assert session.scalars(select(Person)).one().id_number == NUMBER
        assert session.scalars(select(EnrolmentClaim)).one().region_code == "310000"
    for region, root in roots.items():
        assert any(line.split() == [region, root] for line in lines)
    assert "under roots that begin at these heads" in said
    assert siweb("check") == (0, "The books balance.\n")


def test_again_it_does_nothing(office):
    siweb("migrate")

    assert siweb("migrate") == (0, "The database is at the newest schema.\n")
    assert siweb("check") == (0, "The books balance.\n")


CHANGED = {
    "UPDATE payment SET payer_name = '乙公司' WHERE id = 2":
        "payment 2: changed since it was sealed on 2026-02-03",
    "UPDATE account_entry SET amount_fen = 70001":
        "account_entry 1: changed since it was sealed on 2026-02-03",
    "DELETE FROM payment WHERE id = 1":
        "payment 2: changed since it was sealed on 2026-02-03",
    "UPDATE day_seal SET seal_hash = previous_hash WHERE book = 'payment'":
        "payment: the seal of 2026-02-03 does not follow from the last",
    "DELETE FROM day_seal WHERE book = 'payment'":
        "payment: the seal of 2026-02-03 is not there as the activity log noted it",
    "DELETE FROM activity":
        "payment: the seal of 2026-02-03 is not noted in the activity log",
}  # fmt: skip


@pytest.mark.parametrize("statement", CHANGED)
def test_what_was_changed_is_named_and_nothing_is_migrated(office, statement):
    change(office, statement)

    code, said = siweb("migrate")

    assert code == 1
    assert CHANGED[statement] in said.splitlines()
    assert "go on with siweb migrate --as-found" in said
    assert revision(office) == BEFORE


def test_as_found_it_goes_on_and_says_what_it_found(office):
    [statement, named], *_others = CHANGED.items()
    change(office, statement)

    code, said = siweb("migrate", "--as-found")

    assert code == 0, said
    assert named in said
    assert siweb("check") == (0, "The books balance.\n")
