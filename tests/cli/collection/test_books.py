import re

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from siweb.cli import main
from siweb.db.engine import make_engine, make_sessions
from tests.bills import PACK_REGION, make_bill
from tests.factories import make_employer, make_person
from tests.migrated import lay_schema

MAPPING = 'day = "day"\ncredit = "in"\nremittance = ["text"]\n'


@pytest.fixture
def office(tmp_path, monkeypatch):
    """A database of its own with one bill, as the commands find it."""
    monkeypatch.setenv("SIWEB_VAR_DIR", str(tmp_path))
    engine = make_engine(f"sqlite:///{tmp_path / 'siweb.sqlite3'}")
    lay_schema(engine)
    with make_sessions(engine)() as session:
        bill = make_bill(session, [make_person(session)], employer=make_employer(session))
        session.commit()
    (tmp_path / "mapping.toml").write_text(MAPPING)
    (tmp_path / "bank.csv").write_text(
        f"day,in,text\n2026-09-10,3520.00,{bill.bank_reference:012d}\n2026-09-11,5.00,who?\n"
    )
    yield engine
    engine.dispose()


def siweb(*arguments):
    found = CliRunner().invoke(main, [str(one) for one in arguments])
    return found.exit_code, found.output


def test_from_a_bank_file_to_books_that_balance(office, tmp_path):
    how = ("--region", PACK_REGION, "--bank", "icbc", "--mapping", tmp_path / "mapping.toml")
    unregistered = siweb("import-statement", tmp_path / "bank.csv", *how)
    siweb("bank-account", "add", "622200001111", "--bank", "icbc")
    first = siweb("import-statement", tmp_path / "bank.csv", *how)
    again = siweb("import-statement", tmp_path / "bank.csv", *how)

    assert (unregistered[0], "register it first" in unregistered[1]) == (1, True)
    assert first[0] == again[0] == 0
    assert first[1].startswith("Read 2 entries: 2 booked (1 matched), 0 imported before.\n")
    assert "The statement has no balances or totals" in first[1]
    assert again[1].startswith("This file was here before: 2 entries were imported")
    assert "Read 0 entries: 0 booked (0 matched), 0 imported before.\n" in again[1]
    code, said = siweb("close-day")
    *_before, sealed, head = said.splitlines()
    assert (code, re.sub(r"\d+ rows", "n rows", sealed)[-14:]) == (0, "Sealed n rows.")
    assert re.fullmatch(r"Head of the activity log: \d+(-[A-Z0-9]{5}){5}", head)
    assert siweb("interest", "--year", 2025, "--on", "2026-09-20")[0] == 0
    assert siweb("check") == (0, "The books balance.\n")
    assert siweb("check", "--region", PACK_REGION, "--month", "2026-08")[0] == 0


def test_a_changed_row_ends_with_1_and_names_it_without_names(office, tmp_path):
    siweb("close-day")
    with office.begin() as connection:
        connection.execute(
            text(
                "UPDATE bill_line SET employer_fen = employer_fen + 1"
                " WHERE bill_id = 1 AND insurance = 1"
            )
        )

    code, said = siweb("check")

    assert code == 1
    assert "bill 1, pension: employer_fen is not its records" in said
    assert not re.search(r"\d{17}|张伟|示范", said)


def test_what_cannot_be_understood_is_said(office, tmp_path):
    assert siweb("check", "--month", "2026-13")[0] == 2
    assert siweb("interest", "--year", 2999)[0] == 2
    code, said = siweb(
        "import-statement", tmp_path / "bank.csv", "--region", PACK_REGION, "--bank", "x"
    )
    assert (code, "have not been named yet" in said) == (1, True)
