"""Statements for tests, from small builders: an entry, a balance, a table."""

from io import BytesIO

import xlsxwriter
from sqlalchemy import func, select

from siweb.audit.actor import SYSTEM
from siweb.collection.statements.bank_accounts import add_account, list_accounts
from siweb.collection.statements.import_entries import Imported, import_piece, pieces
from siweb.collection.statements.open_statement import (
    confirm_difference,
    content_of,
    file_of,
    finish_statement,
    identified,
    needs_confirmation,
    open_statement,
    survey,
)
from siweb.collection.tables.held_entry import HeldEntry
from siweb.collection.tables.payment import Payment
from siweb.registry.packs.in_force import packs_in_force
from tests.conftest import NOW

ACCOUNT = "CN6222000000000000"
NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"


def tag(name, content="", **attributes):
    given = "".join(f' {key}="{value}"' for key, value in attributes.items())
    return f"<{name}{given}>{content}</{name}>"


def detail(amount=None, *, payer="甲", text="社保", refs=(), side="", account="", end_to_end=""):
    party = tag("Dbtr", tag("Pty", tag("Nm", payer))) if payer else ""
    if account:
        party += tag("DbtrAcct", tag("Id", tag("Othr", tag("Id", account))))
    structured = "".join(tag("Strd", tag("CdtrRefInf", tag("Ref", ref))) for ref in refs)
    plain = tag("Ustrd", text) if text else ""
    return tag(
        "TxDtls",
        (tag("Refs", tag("EndToEndId", end_to_end)) if end_to_end else "")
        + (tag("Amt", amount, Ccy="CNY") if amount else "")
        + (tag("CdtDbtInd", side) if side else "")
        + tag("RltdPties", party)
        + tag("RmtInf", structured + plain),
    )


def entry(
    amount="10.00",
    *,
    ref="A1",
    day="2026-11-20",
    side="CRDT",
    reversal="",
    currency="CNY",
    state="BOOK",
    details=None,
    more="",
):
    when = tag("ValDt", tag("DtTm" if "T" in day else "Dt", day)) if day else ""
    return tag(
        "Ntry",
        (tag("Amt", amount, Ccy=currency) if amount is not None else "")
        + (tag("CdtDbtInd", side) if side else "")
        + (tag("RvslInd", reversal) if reversal else "")
        + tag("Sts", tag("Cd", state))
        + when
        + (tag("AcctSvcrRef", ref) if ref is not None else "")
        + tag("NtryDtls", "".join(details) if details is not None else detail())
        + (tag("AddtlNtryInf", more) if more else ""),
    )


def balance(kind, amount, side="CRDT"):
    return tag(
        "Bal",
        tag("Tp", tag("CdOrPrtry", tag("Cd", kind)))
        + tag("Amt", amount, Ccy="CNY")
        + tag("CdtDbtInd", side),
    )


def balances(opening, closing):
    return balance("OPBD", opening) + balance("CLBD", closing)


def statement(*parts, account=ACCOUNT):
    numbered = tag("Acct", tag("Id", tag("Othr", tag("Id", account)))) if account else ""
    return tag("Stmt", tag("Id", "1") + numbered + "".join(parts))


def camt(*parts, account=ACCOUNT, statements=None, encoding="UTF-8", declared=None):
    body = statements or statement(*parts, account=account)
    text = (
        f'<?xml version="1.0" encoding="{declared or encoding}"?>'
        f'<Document xmlns="{NAMESPACE}"><BkToCstmrStmt>{body}</BkToCstmrStmt></Document>'
    )
    return text.encode(encoding)


def register(session, *numbers):
    for number in numbers or (ACCOUNT,):
        if number not in [account.number for account in list_accounts(session)]:
            add_account(session, number, "示范银行", actor=SYSTEM, at=NOW)


def opened(session, folder, content, region, bank="A", name="file", account=""):
    file = folder / name
    file.write_bytes(content)
    kept = open_statement(
        session,
        region,
        bank,
        content_of(file),
        file_name=name,
        account=account,
        actor=SYSTEM,
        at=NOW,
    )
    return kept, file


def import_file(
    session,
    folder,
    content,
    region,
    *,
    because="",
    size=500,
    today=None,
    stop_at_difference=False,
    **opening,
):
    """Import a file as the job does; return the statement and what became of its entries."""
    kept, file = opened(session, folder, content, region, **opening)
    read = file_of(session, kept, file, today=today or NOW.date())
    survey(session, kept, read)
    if because:
        confirm_difference(session, kept, because, actor=SYSTEM, at=NOW)
    total = Imported()
    if stop_at_difference and needs_confirmation(kept):
        return kept, total
    for piece in pieces(identified(kept, read), kept.done_entries, size):
        total.add(
            import_piece(
                session, kept.id, piece, actor=SYSTEM, at=NOW, packs=packs_in_force(session)
            )
        )
    finish_statement(session, kept, at=NOW)
    return kept, total


HEAD = "交易日期,收入金额,对方户名,对方账号,摘要,流水号"


def booked(session):
    return session.scalar(select(func.coalesce(func.sum(Payment.amount_fen), 0)))


def held(session):
    return [
        (row.reason.value, row.state.value)
        for row in session.scalars(select(HeldEntry).order_by(HeldEntry.id))
    ]


def table(*lines, head=HEAD, encoding="utf-8"):
    return "\n".join([head, *lines, ""]).encode(encoding)


def sheet(rows, **options):
    file = BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True, **options})
    page, days = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd"})
    for number, row in enumerate(rows):
        for place, value in enumerate(row):
            if hasattr(value, "year"):
                page.write_datetime(number, place, value, days)
            else:
                page.write(number, place, value)
    book.close()
    return file.getvalue()
