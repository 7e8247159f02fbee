"""Read an ISO 20022 statement (camt.053) entry by entry, as the hostile XML it may be.

The parser is given no document type, so that it expands no entity and fetches nothing; an entry
that is deeper or longer than any bank writes is refused.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import BinaryIO
from xml.parsers import expat

from siweb.collection.payments.record import Received, entry_key
from siweb.collection.statements.read_csv import StatementRefused
from siweb.rules.numbers.money import fen_from_yuan

_READ_BYTES = 64 * 1024
_DEEPEST = 40
_MOST_NODES = 200_000
_LONGEST_TEXT = 4096
_CURRENCY = "CNY"
_IBAN = ["Stmt", "Acct", "Id", "IBAN"]
_OTHER_NUMBER = ["Stmt", "Acct", "Id", "Othr", "Id"]


@dataclass(slots=True)
class _Node:
    name: str
    attributes: dict[str, str]
    children: list["_Node"] = field(default_factory=list)
    text: str = ""

    def all(self, *path: str) -> Iterator["_Node"]:
        """Yield what is found under a path of names."""
        if not path:
            yield self
            return
        for child in self.children:
            if child.name == path[0]:
                yield from child.all(*path[1:])

    def say(self, *path: str) -> str:
        """Return the text under a path, or nothing."""
        found = next(self.all(*path), None)
        return found.text.strip() if found else ""


class _Entries:
    """Builds a small tree for one entry at a time."""

    def __init__(self) -> None:
        self.ready: list[tuple[str, _Node]] = []
        self.account = ""
        self._path: list[str] = []
        self._open: list[_Node] = []
        self._nodes = 0
        self.is_camt = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition("}")[2]
        self._path.append(local)
        if len(self._path) > _DEEPEST:
            raise StatementRefused("not_camt")
        self.is_camt = self.is_camt or local == "BkToCstmrStmt"
        if local == "Stmt":
            # A file may hold the statements of several accounts.
            self.account = ""
        if self._open or local == "Ntry":
            self._nodes += 1
            if self._nodes > _MOST_NODES:
                raise StatementRefused("not_camt")
            self._open.append(_Node(local, attributes))

    def text(self, said: str) -> None:
        if self._open and len(self._open[-1].text) < _LONGEST_TEXT:
            self._open[-1].text += said
        elif self._path[-4:] == _IBAN or self._path[-5:] == _OTHER_NUMBER:
            self.account = (self.account + said.strip())[:64]

    def end(self, _name: str) -> None:
        self._path.pop()
        if not self._open:
            return
        node = self._open.pop()
        if self._open:
            self._open[-1].children.append(node)
        else:
            self.ready.append((self.account, node))
            self._nodes = 0


def read_camt(source: BinaryIO) -> Iterator[Received | None]:
    """Yield one item an amount: what came in, or None for what went out or is not booked.

    Only the bank's own reference makes an entry one of its kind, and the standard lets a bank leave
    it out: equal entries without it are as many entries as the file has, and the same ones in a
    second file.

    :raises StatementRefused: "not_camt", "currency", "amount", "day".
    """
    entries = _Entries()
    seen: Counter[str] = Counter()
    parser = expat.ParserCreate(namespace_separator="}")
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.StartElementHandler = entries.start
    parser.CharacterDataHandler = entries.text
    parser.EndElementHandler = entries.end
    try:
        while True:
            read = source.read(_READ_BYTES)
            parser.Parse(read, not read)
            for account, entry in entries.ready:
                yield from _received(entry, account, seen)
            entries.ready.clear()
            if not read:
                break
    except expat.ExpatError:
        raise StatementRefused("not_camt") from None
    if not entries.is_camt:
        raise StatementRefused("not_camt")


def _refuse_doctype(*_said: object) -> None:
    raise StatementRefused("not_camt")


def _received(entry: _Node, account: str, seen: Counter[str]) -> Iterator[Received | None]:
    state = entry.say("Sts") or entry.say("Sts", "Cd")
    state = entry.say("Sts", "Cd") or state
    is_in = entry.say("CdtDbtInd") == "CRDT" and entry.say("RvslInd") not in {"true", "1"}
    if not is_in or state not in {"BOOK", ""}:
        yield None
        return
    on = _day(entry)
    of_bank, of_statement = entry.say("AcctSvcrRef"), entry.say("NtryRef")
    details = list(entry.all("NtryDtls", "TxDtls")) or [_Node("TxDtls", {})]
    for number, detail in enumerate(details):
        whole = len(details) == 1
        amount = _amount(entry if whole else detail)
        payer = _payer(detail)
        text = " ".join(node.text.strip() for node in detail.all("RmtInf", "Ustrd"))
        text = text or entry.say("AddtlNtryInf")
        reference = detail.say("RmtInf", "Strd", "CdtrRefInf", "Ref")
        end_to_end = detail.say("Refs", "EndToEndId")
        remittance = " ".join(filter(None, (reference, text)))
        sole = detail.say("Refs", "AcctSvcrRef") or of_bank
        own = sole or of_statement
        key = entry_key("camt", account, own, on, amount, number, end_to_end, remittance, *payer)
        seen[key] += 1
        if not sole and seen[key] > 1:
            key = entry_key("camt", key, seen[key])
        yield Received(key, amount, on, *payer, remittance)


def _payer(detail: _Node) -> tuple[str, str]:
    party = ("RltdPties", "Dbtr")
    name = detail.say(*party, "Nm") or detail.say(*party, "Pty", "Nm")
    account = ("RltdPties", "DbtrAcct", "Id")
    return name, detail.say(*account, "Othr", "Id") or detail.say(*account, "IBAN")


def _amount(node: _Node) -> int:
    found = next(node.all("Amt"), None) or next(node.all("AmtDtls", "TxAmt", "Amt"), None)
    if found is None:
        raise StatementRefused("amount")
    if found.attributes.get("Ccy", _CURRENCY) != _CURRENCY:
        raise StatementRefused("currency")
    try:
        return fen_from_yuan(found.text)
    except ValueError:
        raise StatementRefused("amount") from None


def _day(entry: _Node) -> date:
    said = (
        entry.say("ValDt", "Dt")
        or entry.say("ValDt", "DtTm")
        or entry.say("BookgDt", "Dt")
        or entry.say("BookgDt", "DtTm")
    )
    try:
        return date.fromisoformat(said[:10])
    except ValueError:
        raise StatementRefused("day") from None
