"""Read a bank's answer to a payment file (ISO 20022 pain.002, camt.054), as hostile as it may be.

Like statements: no document type, so that no entity is expanded and nothing fetched; what is deeper
or longer than any bank writes is refused.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import BinaryIO
from xml.parsers import expat

from siweb.collection.statements.reading.camt_entry import (
    RETURN_WORDS,
    Node,
    fen_of,
    is_yuan,
    office_date,
)
from siweb.collection.statements.reading.encoding import decoded, xml_encoding
from siweb.collection.statements.reading.entry import StatementRefused

_DEEPEST, _MOST_NODES, _LONGEST_TEXT = 40, 500_000, 4096
_ROOT, _NOTICE = "CstmrPmtStsRpt", "BkToCstmrDbtCdtNtfctn"
REJECTED, SETTLED = "RJCT", frozenset({"ACSC", "ACCC"})
"""Codes of the schema that end a transaction; all others say that it is on its way."""
RETURNED = "RTRN"
"""What we call money that came back after it was paid: the bank booked it to the office again."""


@dataclass(frozen=True, slots=True)
class TransactionStatus:
    """What a bank says of one transaction; an empty `end_to_end` means all of the file."""

    end_to_end: str
    code: str
    reason: str
    # Only of what a bank booked: the sum, and the day of the entry.
    amount_fen: int | None = None
    on: date | None = None


@dataclass(frozen=True, slots=True)
class StatusReport:
    """A bank's answer: the file it answers, and what it says of each transaction.

    A notification of what it booked (camt.054) names no file: its transactions may be of several.
    """

    message_id: str
    statuses: tuple[TransactionStatus, ...]


class _Tree:
    """Builds the answer as nodes, of one namespace."""

    def __init__(self) -> None:
        self.root: Node | None = None
        self._open: list[Node] = []
        self._depth = self._nodes = 0
        self._space = ""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        space, _, local = name.rpartition("}")
        self._depth += 1
        self._nodes += 1
        if self._depth > _DEEPEST or self._nodes > _MOST_NODES:
            raise StatementRefused("not_status")
        if not self._open:
            if local not in (_ROOT, _NOTICE) or self.root is not None:
                return
            self._space = space
            self.root = Node(local, attributes)
            self._open.append(self.root)
            return
        # What is of another namespace keeps its whole name: nobody looks for that.
        node = Node(local if space == self._space else name, attributes)
        self._open[-1].children.append(node)
        self._open.append(node)

    def text(self, piece: str) -> None:
        if self._open and len(self._open[-1].text) < _LONGEST_TEXT:
            self._open[-1].text += piece

    def end(self, _name: str) -> None:
        self._depth -= 1
        if self._open:
            self._open.pop()


def read_status(source: BinaryIO) -> StatusReport:
    """Return what a bank answered.

    :raises StatementRefused: "not_status", or "encoding" with its name.
    """
    tree = _Tree()
    parser = expat.ParserCreate("utf-8", namespace_separator="}")
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.StartElementHandler = tree.start
    parser.CharacterDataHandler = tree.text
    parser.EndElementHandler = tree.end
    pieces = chain(decoded(source, xml_encoding(source)), (None,))
    try:
        for piece in chain(((next(pieces) or "").lstrip(),), pieces):
            parser.Parse((piece or "").encode("utf-8", "replace"), piece is None)
    except expat.ExpatError:
        raise StatementRefused("not_status") from None
    if tree.root is None:
        raise StatementRefused("not_status")
    if tree.root.name == _NOTICE:
        return StatusReport("", tuple(_booked(tree.root)))
    return StatusReport(
        tree.root.value("OrgnlGrpInfAndSts", "OrgnlMsgId"), tuple(_statuses(tree.root))
    )


def _statuses(root: Node) -> Iterator[TransactionStatus]:
    """Yield what is said of transactions; what is said of all comes first."""
    whole = (*root.all("OrgnlGrpInfAndSts"), *root.all("OrgnlPmtInfAndSts"))
    for node in whole:
        code = node.value("GrpSts") or node.value("PmtInfSts")
        if code == REJECTED or code in SETTLED:
            yield TransactionStatus("", code, _reason(node))
    for node in root.all("OrgnlPmtInfAndSts", "TxInfAndSts"):
        name = node.value("OrgnlEndToEndId")
        if name:
            # Max35Text of the schema: a longer name is none that we gave.
            yield TransactionStatus(name[:35], node.value("TxSts"), _reason(node))


def _booked(root: Node) -> Iterator[TransactionStatus]:
    """Yield what a bank booked of payments: paid, or come back after it was paid."""
    for entry in root.all("Ntfctn", "Ntry"):
        state = entry.value("Sts", "Cd") or entry.value("Sts")
        if state != "BOOK":
            continue
        details = list(entry.all("NtryDtls", "TxDtls"))
        for node in details:
            name = node.value("Refs", "EndToEndId")
            direction = node.value("CdtDbtInd") or entry.value("CdtDbtInd")
            reason = _return_reason(entry, node)
            code = "ACSC" if direction == "DBIT" else RETURNED if reason else ""
            if not name or not code:
                continue
            amounts = (node, entry) if len(details) == 1 else (node,)
            fen = next((fen for each in amounts if (fen := _fen(each)) is not None), None)
            yield TransactionStatus(name[:35], code, reason, fen, _day(entry))


def _return_reason(entry: Node, node: Node) -> str:
    """Return why money came back, in the bank's words; nothing where it does not say it did."""
    found = next(node.all("RtrInf"), None)
    if found is not None:
        words = (found.value("Rsn", "Cd"), found.value("Rsn", "Prtry"), found.value("AddtlInf"))
        return " ".join(word for word in words if word)[:200] or RETURNED
    texts = (node.value("AddtlTxInf"), node.value("RmtInf", "Ustrd"), entry.value("AddtlNtryInf"))
    return next((text[:200] for text in texts if RETURN_WORDS.search(text)), "")


def _fen(node: Node) -> int | None:
    for path in (("Amt",), ("AmtDtls", "TxAmt", "Amt")):
        amount = next(node.all(*path), None)
        if amount is not None and is_yuan(amount):
            return fen_of(amount.text.strip())
    return None


def _day(entry: Node) -> date | None:
    text = entry.value("BookgDt", "Dt") or entry.value("BookgDt", "DtTm")
    try:
        # As in statements: near midnight UTC has another day than the office.
        return office_date(text)
    except ValueError:
        return None


def _reason(node: Node) -> str:
    """Return why, in the bank's words: its code, and what it adds."""
    found = next(node.all("StsRsnInf"), None)
    if found is None:
        return ""
    words = (found.value("Rsn", "Cd"), found.value("Rsn", "Prtry"), found.value("AddtlInf"))
    return " ".join(word for word in words if word)[:200]


def _refuse_doctype(*_facts: object) -> None:
    raise StatementRefused("not_status")
