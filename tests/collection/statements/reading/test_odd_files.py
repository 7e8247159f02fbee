"""Files that banks and programs write oddly: read as they are meant, or refused in a sentence."""

import io

import pytest
import xlsxwriter
from sqlalchemy import select

from siweb.collection.statements.labels import refusal_sentence
from siweb.collection.statements.open_statement import needs_confirmation
from siweb.collection.statements.reading import read_camt
from siweb.collection.statements.reading.entry import StatementRefused
from siweb.collection.tables.payment import Payment
from tests.collection.statements.make_statements import (
    ACCOUNT,
    HEAD,
    NAMESPACE,
    balance,
    balances,
    booked,
    camt,
    detail,
    entry,
    held,
    table,
    tag,
)

ONE = camt(entry())
LINE = "2026-11-20,10.00,甲,1,社保,A1"
BOTH_SIDES = "交易日期,收入金额,支出金额,余额,对方户名,对方账号,摘要,流水号"
BARE = f' xmlns="{NAMESPACE}"'.encode()


def version(number):
    return ONE.replace(b"camt.053.001.08", b"camt.053.001." + number)


def prefixed():
    return ONE.replace(b"xmlns=", b"xmlns:c=").replace(b"<", b"<c:").replace(b"<c:/", b"</c:").replace(
        b"<c:?", b"<?"
    )  # fmt: skip


def beside(content):
    """What a bank puts below an entry for its own programs."""
    return tag("SplmtryData", tag("Envlp", content))


def in_two_batches(count="1", total="20.00"):
    batches = [
        tag("Btch", tag("NbOfTxs", number) + tag("TtlAmt", fen, Ccy="CNY")) + detail(fen)
        for number, fen in (("1", "10.00"), (count, total))
    ]
    return entry("30.00", details="><").replace("<NtryDtls>><</NtryDtls>", "".join(
        tag("NtryDtls", batch) for batch in batches
    ))  # fmt: skip


def workbook(*sheets):
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    for rows in sheets:
        page = book.add_worksheet()
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
    book.close()
    return file.getvalue()


def web_page(*rows):
    cells = ("".join(tag("td", cell) for cell in row) for row in rows)
    page = tag("table", "".join(tag("tr", row) for row in cells))
    return f'<html><head><meta charset="utf-8"></head><body>{page}</body></html>'.encode()


ROWS = [HEAD.split(","), LINE.split(",")]
READ = {
    "an old version": version(b"02"),
    "a new version": version(b"13"),
    "names with a prefix": prefixed(),
    "no namespace": ONE.replace(BARE, b""),
    "an envelope around it": b"<Env>" + ONE.split(b"?>")[1] + b"</Env>",
    "an empty line before the declaration": b"\r\n" + ONE,
    "a mark before the declaration": b"\xef\xbb\xbf" + ONE,
    "UTF-16 without a mark": ONE.decode().replace("UTF-8", "UTF-16").encode("utf-16-le"),
    "UTF-16, the other way round": ONE.decode().replace("UTF-8", "UTF-16").encode("utf-16-be"),
    "UTF-8 that says UTF-16": ONE.replace(b"UTF-8", b"UTF-16"),
    "GB 18030 without a declaration": camt(entry(), encoding="gb18030").split(b"?>")[1],
    "an entry below an entry": camt(entry() + beside(tag("Stmt", entry(ref="B")))),
    "a statement below a statement": camt(
        entry(), beside(tag("BkToCstmrStmt", tag("Stmt", entry(ref="B"))))
    ),
    "an amount of another namespace": ONE.replace(
        b"<Amt", b'<x:Amt xmlns:x="urn:x" Ccy="CNY">99.00</x:Amt><Amt', 1
    ),
    "a title with account and currency": table(LINE, head=f"账号：,{ACCOUNT},CNY\n{HEAD}"),
    "a title with account and days": table(
        LINE, head=f"账号：CN6222 0000 0000 0000,2026-11-01,2026-11-30\n{HEAD}"
    ),
    "balances above in other words": table(
        LINE, head=f"上日余额：5.00,本日余额：15.00,,,,\n{HEAD}"
    ),
    "a balance carried over among the entries": table(
        "2026-11-01,,,100.00,,,期初余额,", "2026-11-20,10.00,,110.00,甲,1,a,A1",
        "2026-11-30,,,110.00,,,期末余额,", head=BOTH_SIDES,
    ),
    "a page's balance without a column of debits": table(",,,,承前页,", LINE),
    "a remittance of two lines": table('2026-11-20,10.00,甲,1,"社保\n九月",A1'),
    "a table in UTF-16": f"\ufeff{HEAD}\n{LINE}\n".encode("utf-16-le"),
    "a list on the second sheet": workbook([["封面"]], ROWS),
    "a web page named .xls": web_page(*ROWS),
}  # fmt: skip


@pytest.mark.parametrize("kind", READ)
def test_it_is_read_as_it_is_meant(office, session, kind):
    kept, total = office(READ[kind])

    assert (booked(session), held(session), total.booked) == (1_000, [], 1)
    assert not needs_confirmation(kept)


HELD = {
    "a reversal written in capitals": (
        camt(entry(ref="R", side="DBIT", reversal="TRUE")), 0, [("returned", "waiting")],
    ),
    "two batches that add up": (camt(in_two_batches()), 3_000, []),
    "a batch with a detail too few": (camt(in_two_batches("2")), 3_000, [("details", "booked")]),
    "a batch of another total": (
        camt(entry("30.00", details=tag("Btch", tag("TtlAmt", "30.01", Ccy="CNY"))
             + detail("10.00") + detail("20.00"))),
        3_000, [("details", "booked")],
    ),
    "a total of debits proves no credit": (
        camt(tag("TxsSummry", tag("TtlDbtNtries", tag("NbOfNtries", "0"))), entry(), entry()),
        1_000, [("repeated", "waiting")],
    ),
    "something else where a debit would stand": (
        table("2026-11-20,10.00,见附件,,甲,1,a,A1", head=BOTH_SIDES), 0, [("amount", "waiting")],
    ),
    "a day of another zone": (
        table("2026-11-24T17:00:00Z,10.00,甲,1,社保,A1"), 0, [("day_future", "waiting")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", HELD)
def test_what_is_not_certain_waits(office, session, kind):
    content, fen, waiting = HELD[kind]

    office(content)

    assert (booked(session), held(session)) == (fen, waiting)


REFUSED = {
    "empty": (b"", "empty", "The file is empty."),
    "nothing but spaces": (b" \n ", "empty", "The file is empty."),
    "a report of another kind": (
        ONE.replace(b"BkToCstmrStmt", b"BkToCstmrAcctRpt"), "not_camt", "not a camt.053 statement",
    ),
    "cut off": (ONE[:-40], "not_camt", "is damaged"),
    "entities": (
        ONE.replace(b"<Document", b"<!DOCTYPE a [<!ENTITY x 'y'>]><Document"), "not_camt", "damaged",
    ),
    "characters that nobody knows": (ONE.replace(b"UTF-8", b"KLINGON"), "encoding", "“KLINGON”"),
    "a quotation mark that swallows the next line": (
        table(LINE, '2026-11-20,1.00,"乙,1,社保,A2', '2026-11-21,2.00,"丙",1,社保,A3'),
        "quote_open", "in line 3 is not closed",
    ),
    "a quotation mark that swallows the rest": (
        table(LINE, '2026-11-20,1.00,乙,1,"社保,A2', "合计,11.00"), "quote_open", "in line 3",
    ),
    "entries on two sheets": (workbook(ROWS, ROWS), "several_sheets", "“Sheet1” and “Sheet2”"),
    "a web page without a list": (web_page(["登录"]), "column_missing", "Line 1"),
    "a title with another's account": (
        table(LINE, head=f"账号：99998888\n{HEAD}"), "account_foreign", "99998888",
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", REFUSED)
def test_what_cannot_be_read_is_refused_in_a_sentence(office, session, kind):
    content, code, sentence = REFUSED[kind]

    with pytest.raises(StatementRefused) as refused:
        office(content)

    assert refused.value.code == code
    assert sentence in str(refusal_sentence(code, refused.value.facts))
    assert booked(session) == 0


UNREAD = {
    "a balance that is no amount": (balance("OPBD", "x") + balance("CLBD", "7.00"), ["x CNY"]),
    "balances in dollars": (
        balances("5.00", "7.00").replace("CNY", "USD"), ["5.00 USD", "7.00 USD"],
    ),
    "a count below zero": (
        tag("TxsSummry", tag("TtlNtries", tag("NbOfNtries", "-1"))), ["-1"],
    ),
    "a sum that is no amount": (tag("TxsSummry", tag("TtlCdtNtries", tag("Sum", "1,00"))), ["1,00"]),
}  # fmt: skip


@pytest.mark.parametrize("kind", UNREAD)
def test_a_total_that_cannot_be_read_is_asked_about(office, kind):
    content, texts = UNREAD[kind]

    kept, _total = office(camt(content, entry()))

    assert needs_confirmation(kept)
    found = kept.control["differences"]
    assert [one["text"] for one in found if one["what"] == "unread"] == texts


@pytest.mark.parametrize("kind", ["table", "camt"])
def test_signs_that_nobody_sees_are_not_kept(session, office, kind):
    if kind == "table":
        office(table('2026-11-20,10.00,"甲\0\n\u200b公司",1,"社\0保\u202e费",A1'))
    else:
        office(camt(entry(details=detail(payer="甲\n\u200b公司", text="社保\u202e费"))))

    payment = session.scalars(select(Payment)).one()
    assert (payment.payer_name, payment.remittance) == ("甲 公司", "社保费")


def test_the_yuan_as_banks_write_it(session, office):
    office(
        camt(
            entry(currency="RMB"),
            entry("2.00", ref="B", currency="cny "),
            entry(ref="U", currency="HKD"),
        )
    )

    assert (booked(session), held(session)) == (1_200, [("currency", "waiting")])


@pytest.mark.parametrize("which", [1, 2])
def test_an_entry_has_as_many_parts_as_are_allowed_wherever_it_stands(monkeypatch, which):
    parts = [entry(ref="A"), entry(ref="B")]
    most = parts[0].count("</")
    longer = entry(ref="C", more=tag("AddtlNtryInf", "X"))
    monkeypatch.setattr(read_camt, "_MOST_NODES", most)

    def read(*entries):
        return len(list(read_camt.read_camt(io.BytesIO(camt(*entries)), [])))

    assert read(*parts) == 2
    with pytest.raises(StatementRefused, match="not_camt"):
        read(*parts[: which - 1], longer)
