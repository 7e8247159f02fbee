"""Read an ISO 20022 statement (camt.053) entry by entry, as the hostile XML it may be.

The parser is given no document type, so that it expands no entity and fetches nothing; an entry
that is deeper or longer than any bank writes is refused. What is wrong with one entry is named
with it: the others are read. Elements count by namespace and place: banks put what they like
below `SplmtryData`, also what looks like an entry.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import BinaryIO
from xml.parsers import expat

from siweb.collection.statements.reading.camt_entry import (
    Node,
    entry_of,
    fen_of,
    signed_balance,
    stated_amount,
)
from siweb.collection.statements.reading.control import Stated
from siweb.collection.statements.reading.encoding import decoded, xml_encoding
from siweb.collection.statements.reading.entry import Entry, StatementRefused, plain_account
from siweb.collection.statements.reading.period import period_of

# The schema nests far less deep. Deeper files are made to exhaust whoever reads them.
_DEEPEST = 40
# Elements of one entry, which is kept whole: banks send some thousand payments in a batch.
_MOST_NODES = 200_000
_LONGEST_TEXT = 4096
_ROOT = "BkToCstmrStmt"
# Places below the root.
_STATEMENT = ["Stmt"]
_NUMBERS = (["Stmt", "Acct", "Id", "IBAN"], ["Stmt", "Acct", "Id", "Othr", "Id"])
_KEPT_WHOLE = frozenset({"Ntry", "Bal", "TxsSummry", "FrToDt"})
_TOTALS = (("TtlNtries", ""), ("TtlCdtNtries", "credit_"), ("TtlDbtNtries", "debit_"))
# Max15NumericText of the schema.
_LONGEST_COUNT = 15
# The balance before the first entry and after the last; interim ones where a day has pages.
_OPENING, _CLOSING, _INTERIM = ("OPBD", "PRCD"), ("CLBD",), "ITBD"


@dataclass(slots=True)
class _Statement:
    """What stands about a statement of the file besides its entries."""

    stated: Stated = field(default_factory=Stated)
    account: str = ""
    balances: dict[str, list[int]] = field(default_factory=dict)

    def balance(self, node: Node) -> None:
        kind = node.value("Tp", "CdOrPrtry", "Cd") or node.value("Tp", "Cd")
        fen = signed_balance(node)
        if fen is None:
            if kind in {*_OPENING, *_CLOSING}:
                self.stated.unread.append(stated_amount(node))
            return
        self.balances.setdefault(kind, []).append(fen)
        interim = self.balances.get(_INTERIM, [])
        opening = [self.balances[kind][0] for kind in _OPENING if kind in self.balances]
        closing = [self.balances[kind][-1] for kind in _CLOSING if kind in self.balances]
        self.stated.opening_fen = next(iter(opening or interim), None)
        # The first interim balance opens a page that has no other opening.
        later = interim if opening else interim[1:]
        self.stated.closing_fen = next(iter(closing or later[-1:]), None)

    def totals(self, node: Node) -> None:
        stated = self.stated
        for name, prefix in _TOTALS:
            total = next(node.all(name), None)
            if total is None:
                continue
            count, amount = total.value("NbOfNtries"), total.value("Sum")
            if count.isascii() and count.isdigit() and len(count) <= _LONGEST_COUNT:
                setattr(stated, f"{prefix}count", int(count))
            elif count:
                stated.unread.append(count)
            if (fen := fen_of(amount)) is not None:
                setattr(stated, f"{prefix}fen" if prefix else "sum_fen", fen)
            elif amount:
                stated.unread.append(amount)
        net = next(node.all("TtlNtries", "TtlNetNtry"), None)
        if net is not None:
            stated.net_fen = signed_balance(net)


class _Parts:
    """Builds a small tree for one entry, balance or summary at a time."""

    def __init__(self) -> None:
        self.ready: list[tuple[int, Node]] = []
        self.statements: list[_Statement] = []
        self._path: list[str] = []
        self._open: list[Node] = []
        self._nodes = 0
        self._space = ""
        # How deep the root stands that is open now; None outside.
        self._root: int | None = None
        self.is_camt = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        space, _, local = name.rpartition("}")
        if self._root is None and local == _ROOT:
            self._space, self._root, self.is_camt = space, len(self._path), True
        # What is of another namespace keeps its whole name: nobody looks for that.
        local = local if space == self._space else name
        self._path.append(local)
        if len(self._path) > _DEEPEST:
            raise StatementRefused("not_camt")
        place = self._place()
        if place == _STATEMENT:
            # A file may hold the statements of several accounts.
            self.statements.append(_Statement())
        if self._open or (place[:-1] == _STATEMENT and local in _KEPT_WHOLE):
            self._nodes += 1
            if self._nodes > _MOST_NODES:
                raise StatementRefused("not_camt")
            self._open.append(Node(local, attributes))

    def text(self, piece: str) -> None:
        if self._open:
            if len(self._open[-1].text) < _LONGEST_TEXT:
                self._open[-1].text += piece
        elif self._place() in _NUMBERS:
            statement = self.statements[-1]
            statement.account = (statement.account + piece)[:64]

    def _place(self) -> list[str]:
        """Return where the parser stands below the root."""
        return [] if self._root is None else self._path[self._root + 1 :]

    def end(self, _name: str) -> None:
        if not self._open and self._place() in _NUMBERS:
            statement = self.statements[-1]
            statement.stated.account = plain_account(statement.account)
        self._path.pop()
        if self._root == len(self._path):
            self._root = None
        if not self._open:
            return
        node = self._open.pop()
        if self._open:
            self._open[-1].children.append(node)
            return
        self._nodes = 0
        statement = self.statements[-1]
        if node.name == "Ntry":
            self.ready.append((len(self.statements) - 1, node))
        elif node.name == "Bal":
            statement.balance(node)
        elif node.name == "FrToDt":
            statement.stated.period = period_of(node.value("FrDtTm"), node.value("ToDtTm"))
        else:
            statement.totals(node)


def read_camt(source: BinaryIO, stated: list[Stated]) -> Iterator[Entry]:
    """Yield every entry of a file, whatever is wrong with it; `stated` is filled on the way.

    :raises StatementRefused: "not_camt", or "encoding" with its name.
    """
    parts, number = _Parts(), 0
    # Expat knows neither GB18030 nor GBK: it is given what was decoded here, as UTF-8.
    parser = expat.ParserCreate("utf-8", namespace_separator="}")
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.StartElementHandler = parts.start
    parser.CharacterDataHandler = parts.text
    parser.EndElementHandler = parts.end
    pieces = chain(decoded(source, xml_encoding(source)), (None,))
    try:
        # Nothing may stand before an XML declaration; some banks leave an empty line there.
        for piece in chain(((next(pieces) or "").lstrip(),), pieces):
            parser.Parse((piece or "").encode("utf-8", "replace"), piece is None)
            for place, node in parts.ready:
                number += 1
                yield entry_of(node, number, parts.statements[place].stated.account, place)
            parts.ready.clear()
    except expat.ExpatError:
        raise StatementRefused("not_camt") from None
    if not parts.is_camt:
        raise StatementRefused("not_camt")
    stated += [statement.stated for statement in parts.statements]


def _refuse_doctype(*_facts: object) -> None:
    raise StatementRefused("not_camt")
