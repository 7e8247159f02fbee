"""The command says what became of every entry, and what a person has to do."""

import pytest
import time_machine
from sqlalchemy import func, select

from siweb.collection.statements.labels import ADVICE, REASONS
from siweb.collection.tables.bank_statement import BankStatement
from siweb.collection.tables.bill import Bill
from siweb.collection.tables.held_entry import HeldReason
from siweb.collection.tables.payment import Payment
from siweb.db.engine import make_engine, make_sessions
from tests.collection.statements.make_statements import ACCOUNT, balances, camt, detail, entry
from tests.conftest import NOW
from tests.demonstration import make_demonstration, without_staff

REGION = "310000"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("office")
    engine = make_engine(make_demonstration(folder))
    # What becomes of a file; who checks it is asked in test_two_people.py.
    without_staff(make_sessions(engine))
    engine.dispose()
    return folder / "siweb.sqlite3"


@pytest.fixture
def office(made, tmp_path, monkeypatch):
    monkeypatch.setenv("SIWEB_VAR_DIR", str(tmp_path))
    (tmp_path / "siweb.sqlite3").write_bytes(made.read_bytes())
    engine = make_engine(f"sqlite:///{tmp_path / 'siweb.sqlite3'}")
    with time_machine.travel(NOW, tick=True):
        yield make_sessions(engine)
    engine.dispose()


@pytest.fixture
def load(office, run, tmp_path):
    def import_content(content, *words, name="bank.xml", region=REGION, bank="A"):
        file = tmp_path / name
        file.write_bytes(content)
        return run("import-statement", file, "--region", region, "--bank", bank, *words)

    return import_content


def money(office):
    with office() as session:
        return session.scalar(select(func.sum(Payment.amount_fen)))


def test_the_demonstration_registers_its_account(office, run):
    assert run("bank-account", "list").output == f"{ACCOUNT}  示范银行\n"


def test_an_account_is_registered_once(office, run):
    assert run("bank-account", "add", "6222 0000 1111", "--bank", "中行").exit_code == 0
    again = run("bank-account", "add", "622200001111", "--bank", "中行")

    assert (again.exit_code, "registered already" in again.output) == (1, True)
    wrong = run("bank-account", "add", "12", "--bank", "x")
    assert (wrong.exit_code, "5 to 34" in wrong.output) == (1, True)
    assert "622200001111  中行" in run("bank-account", "list").output


def test_every_entry_is_said(office, load):
    before = money(office)

    found = load(
        camt(
            entry("11.00"), entry("0.00", ref="Z"), entry("5.00", currency="USD", ref="USD7"),
            entry(ref="R", side="DBIT", reversal="true"), entry(ref="D", side="DBIT"),
            entry(ref="P", state="PDNG"), entry(day="9999-01-01", ref="F"),
        )
    )  # fmt: skip

    assert found.exit_code == 0, found.output
    assert "Read 7 entries: 1 booked (0 matched), 0 imported before." in found.output
    for line in (
        "1 taken back by the bank", "2 not booked", "1 of 0.00", "1 went out",
        "1 not booked by the bank yet", "no balances or totals",
        "Entry 3 USD7, Amt “5.00 USD”: The amount is not in yuan. Have the bank convert it",
        "Entry 7 F 10.00, ValDt “9999-01-01”: The date lies in the future.",
    ):  # fmt: skip
        assert line in found.output
    assert money(office) - before == 1_100


def test_the_same_file_again_was_here_before(office, load):
    content = camt(entry("11.00"), entry("22.00", ref="B"))
    load(content)
    before = money(office)

    for again in (load(content, bank="B"), load(content, region="330100")):
        assert again.exit_code == 0
        assert "was here before: 2 entries" in again.output
    assert money(office) == before


def test_an_overlapping_file_of_another_region_brings_what_is_new(office, load):
    load(camt(entry("11.00")))

    found = load(camt(entry("11.00"), entry("22.00", ref="B")), region="330100")
    assert "1 booked (0 matched), 1 imported before." in found.output

    only_old = load(camt(entry("22.00", ref="B")))
    assert "Every entry that came in was imported before" in only_old.output


def test_a_difference_is_named_and_confirmed_with_a_reason(office, load):
    before, content = money(office), camt(balances("100.00", "999999.00"), entry())

    found = load(content)

    assert found.exit_code == 1
    assert (
        f"Balance at the end of account {ACCOUNT}: 999999.00 is stated, 110.00 follows"
        in found.output
    )
    assert "difference 999889.00" in found.output
    assert money(office) == before
    assert load(content, "--confirm-difference", "  ").exit_code == 1
    confirmed = load(content, "--confirm-difference", "银行确认")
    assert (confirmed.exit_code, money(office) - before) == (0, 1_000)


def test_an_import_is_taken_back_and_comes_again(office, load):
    before, content = money(office), camt(entry())
    load(content)

    found = load(content, "--take-back", "错地区")

    assert (found.exit_code, money(office)) == (0, before)
    assert "1 payment was reversed" in found.output
    assert "1 booked" in load(content, region="330100").output
    assert money(office) - before == 1_000


@pytest.mark.parametrize("is_refused", [False, True])
def test_a_file_that_is_not_imported_is_not_taken_back(office, load, is_refused):
    content = camt(balances("0.00", "99.00"), entry())
    if is_refused:
        assert load(content).exit_code == 1

    found = load(content, "--take-back", "错地区")

    assert (found.exit_code, "nothing to take back" in found.output) == (1, True)
    with office() as session:
        assert session.scalar(select(func.count(BankStatement.id))) == is_refused


def test_what_was_left_to_a_file_is_brought_by_the_other(office, load):
    before, shared = money(office), entry(ref="NONREF")
    second = camt(shared, entry("20.00", ref="B"))
    load(camt(shared))
    assert "1 booked (0 matched), 1 imported before" in load(second, name="second.xml").output

    taken_back = load(camt(shared), "--take-back", "重复")
    again = load(second, name="second.xml")

    assert "“second.xml” (region 310000) has some of the same entries" in taken_back.output
    assert "Read 2 entries: 1 booked (0 matched), 1 imported before" in again.output
    assert money(office) - before == 3_000


def test_what_was_used_is_not_taken_back(office, load):
    with office() as session:
        owed = select(Bill).where(Bill.region_code == REGION, Bill.paid_fen < Bill.total_fen)
        bill = session.scalars(owed.order_by(Bill.id)).first()
    content = camt(entry("1.00", details=detail(text=f"{bill.bank_reference:012d}")))
    assert "1 booked (1 matched)" in load(content).output

    found = load(content, "--take-back", "x")

    assert (found.exit_code, "was used already" in found.output) == (1, True)


@pytest.mark.parametrize(
    ("content", "words", "sentence"),
    [
        (camt(entry(), account="DE999999"), (), "DE999999 is not an account of this office"),
        (camt(entry(), declared="KOI8-R"), (), "KOI8-R"),
        (b"<a/>", (), "not a camt.053 statement"),
        (b"a,b\n1,2\n", (), "have not been named yet"),
        (camt(entry(), account=""), ("--account", "1234567"), "1234567 is not an account"),
    ],
)
def test_a_refusal_is_a_sentence(load, content, words, sentence):
    found = load(content, *words)

    assert (found.exit_code, sentence in found.output) == (1, True), found.output
    assert "Traceback" not in found.output


def test_a_mapping_that_is_none_is_refused(load, tmp_path):
    for number, text in enumerate(("day = 1\nnobody = 2\n", "[", "day")):
        mapping = tmp_path / f"{number}.toml"
        mapping.write_text(text)
        found = load(b"a,b\n", "--mapping", mapping)
        assert (found.exit_code, "is not a mapping" in found.output) == (2, True)


def test_a_table_whose_totals_differ_and_a_foreign_region(office, load, tmp_path):
    mapping = tmp_path / "m.toml"
    mapping.write_text('day = "日期"\ncredit = "收入"\n')
    content = "日期,收入\n2026-11-20,10.00\n合计,11.00\n".encode("gb18030")

    found = load(content, "--mapping", mapping, name="a.csv")

    assert "Sum of credits: 11.00 is stated, 10.00 follows from the entries" in found.output
    assert "difference 1.00" in found.output
    assert load(content, region="999999").exit_code == 2


def test_every_reason_to_hold_an_entry_is_said_with_what_to_do(load, tmp_path):
    mapping = tmp_path / "columns.toml"
    mapping.write_text('day = "日期"\ncredit = "收入"\ndebit = "支出"\n', encoding="utf-8")
    entries = (
        entry(ref="R", side="DBIT", reversal="true"), entry(ref="A"), entry(ref="A"),
        entry("30.00", ref="D", details=detail("31.00")), entry(ref="C", currency="USD"),
        entry("1.005", ref="M"), entry(None, ref="N"), entry("0.00", ref="Z"), entry(day="", ref="Y"),
        entry(day="9999-12-31", ref="F"), entry(day="2011-06-30", ref="O"), entry(side="", ref="S"),
    )  # fmt: skip
    said = load(camt(*entries)).output
    said += load(camt(entry(ref="A", details=detail(payer="乙")))).output
    for other in ("2.00", "3.00"):
        said += load(camt(entry(ref=None), entry(other, ref=None))).output
    both = "日期,收入,支出\n2026-11-20,1.00,2.00\n".encode()
    said += load(both, "--mapping", mapping, bank="C", name="c.csv").output

    for reason in HeldReason:
        assert f"{REASONS[reason]} {ADVICE[reason]}" in said, reason
