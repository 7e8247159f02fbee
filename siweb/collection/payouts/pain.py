"""The file for the bank: ISO 20022 customer credit transfer, pain.001.001.03.

It is written from what was kept when it was released, so that it is the same each time. Amounts are
fen written out; no number is computed but the control sum, which is held to that of the release.
"""

import re
from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement, tostring

from siweb.clock import OFFICE_ZONE
from siweb.collection.tables.payout import PaymentFile, PaymentFileLine

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.03"
# What XML may not have at all: no escape helps.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def pain_file(file: PaymentFile, lines: Sequence[PaymentFileLine], about: str) -> bytes:
    """Return the XML of a file; `about` is what payees read on their statements.

    :raises ValueError: when the lines do not come to what was released.
    """
    total = sum(line.amount_fen for line in lines)
    if (len(lines), total) != (file.transactions, file.total_fen):
        raise ValueError("the lines are not those that were released")
    document = Element("Document", xmlns=NAMESPACE)
    body = SubElement(document, "CstmrCdtTrfInitn")
    header = SubElement(body, "GrpHdr")
    _text(header, "MsgId", file.reference)
    _text(header, "CreDtTm", f"{file.made_at.astimezone(OFFICE_ZONE):%Y-%m-%dT%H:%M:%S}")
    _sums(header, len(lines), total)
    _text(SubElement(header, "InitgPty"), "Nm", file.debtor_name)
    part = SubElement(body, "PmtInf")
    _text(part, "PmtInfId", f"{file.reference}-1")
    _text(part, "PmtMtd", "TRF")
    # Each transaction is its own line of the statement, which names it.
    _text(part, "BtchBookg", "false")
    _sums(part, len(lines), total)
    _text(part, "ReqdExctnDt", file.execution_on.isoformat())
    _text(SubElement(part, "Dbtr"), "Nm", file.debtor_name)
    _account(part, "DbtrAcct", file.debtor_account)
    agent = SubElement(SubElement(part, "DbtrAgt"), "FinInstnId")
    _text(agent, "Nm", file.debtor_bank)
    for line in lines:
        _transaction(part, line, about)
    return bytes(tostring(document, encoding="utf-8", xml_declaration=True))


def _transaction(part: Element, line: PaymentFileLine, about: str) -> None:
    transaction = SubElement(part, "CdtTrfTxInf")
    _text(SubElement(transaction, "PmtId"), "EndToEndId", line.end_to_end)
    amount = SubElement(SubElement(transaction, "Amt"), "InstdAmt", Ccy="CNY")
    amount.text = yuan_written(line.amount_fen)
    if line.payee_bank:
        agent = SubElement(SubElement(transaction, "CdtrAgt"), "FinInstnId")
        member = SubElement(agent, "ClrSysMmbId")
        # ISO's code for China's clearing: the 12 digits behind it are a bank's 行号.
        _text(SubElement(member, "ClrSysId"), "Cd", "CNAPS")
        _text(member, "MmbId", line.payee_bank)
    _text(SubElement(transaction, "Cdtr"), "Nm", line.payee_name)
    _account(transaction, "CdtrAcct", line.payee_account)
    _text(SubElement(transaction, "RmtInf"), "Ustrd", f"{about} {line.end_to_end}")


def _account(parent: Element, name: str, number: str) -> None:
    other = SubElement(SubElement(SubElement(parent, name), "Id"), "Othr")
    _text(other, "Id", number)


def _sums(parent: Element, transactions: int, total_fen: int) -> None:
    _text(parent, "NbOfTxs", str(transactions))
    _text(parent, "CtrlSum", yuan_written(total_fen))


def yuan_written(fen: int) -> str:
    """Return an amount as the file has it: yuan with two places."""
    return f"{fen // 100}.{fen % 100:02d}"


def _text(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = _NOT_XML.sub("", text)
