"""Make an entry of what camt.053 writes as `Ntry`: booked at its own amount, whatever is below.

Details (`TxDtls`) name payers and texts. They are used only where they add up to the entry: a
batch that left some out, or counts the bank's fee among them, would book money that did not come.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field as default_of
from datetime import date

from siweb.collection.statements.reading.entry import (
    Direction,
    Entry,
    Part,
    Payer,
    Problem,
    real_reference,
)
from siweb.collection.statements.reading.period import office_instant
from siweb.collection.tables.held_entry import HeldReason
from siweb.rules.identifiers.typed_text import normalise_text
from siweb.rules.numbers.money import AmountRefused, fen_from_yuan

# The yuan as ISO 4217 has it, and as some banks write it.
_YUAN = frozenset({"", "CNY", "RMB"})
_TRUE = frozenset({"true", "1"})
# A number of the servicer that is no longer than this is a place in one statement.
_LONGEST_PLACE = 5
# Max15NumericText of the schema.
_LONGEST_COUNT = 15
# What a bank writes beside money that it took back, where it sets no mark.
RETURN_WORDS = re.compile(
    r"退汇|退票|退回|冲正|冲销|冲账|撤销|抹账|\breturn(ed)?\b|\breversal\b|\bchargeback\b",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Node:
    """An element, its attributes, children and text; names without their namespace."""

    name: str
    attributes: dict[str, str] = default_of(default_factory=dict)
    children: list["Node"] = default_of(default_factory=list)
    text: str = ""

    def all(self, *path: str) -> Iterator["Node"]:
        """Yield what is found under a path of names."""
        if not path:
            yield self
            return
        for child in self.children:
            if child.name == path[0]:
                yield from child.all(*path[1:])

    def value(self, *path: str) -> str:
        """Return the text under a path, or nothing."""
        found = next(self.all(*path), None)
        return found.text.strip() if found else ""


def entry_of(node: Node, number: int, account: str, statement: int) -> Entry:
    """Return the entry of a node, with what is wrong with it."""
    amount, problem = _amount(node)
    direction, wrong = _direction(node)
    day_field, on, wrong_day = _day(node)
    payer, parts, wrong_details = _details(node, amount, direction)
    signed = amount if direction is Direction.CREDIT else -(amount or 0)
    if direction is Direction.PENDING and node.value("CdtDbtInd") != "DBIT":
        signed = amount
    problems = (wrong, problem, wrong_day, wrong_details)
    return Entry(
        number=number,
        direction=direction,
        amount_fen=amount,
        entry_on=on,
        day_field=day_field,
        reference=_reference(node),
        payer=payer,
        end_to_end=real_reference(node.value("NtryDtls", "TxDtls", "Refs", "EndToEndId")),
        account=account,
        statement=statement,
        parts=parts,
        problem=next((found for found in problems if found is not None), None),
        signed_fen=signed,
    )


def fen_of(text: str) -> int | None:
    """Return an amount in fen, or None where it is none."""
    try:
        return fen_from_yuan(text)
    except AmountRefused:
        return None


def signed_balance(node: Node) -> int | None:
    """Return a balance in fen, negative where it is a debit; None in another currency."""
    amount = next(node.all("Amt"), None)
    if amount is None or not is_yuan(amount):
        return None
    fen = fen_of(amount.text)
    return -fen if fen is not None and node.value("CdtDbtInd") == "DBIT" else fen


def stated_amount(node: Node) -> str:
    """Return an amount as it stands there, with its currency."""
    amount = next(node.all("Amt"), None)
    if amount is None:
        return "—"
    return f"{amount.text.strip()} {amount.attributes.get('Ccy', '')}".strip() or "—"


def is_yuan(amount: Node) -> bool:
    """Tell whether an amount is in yuan, as the schema or some banks name them."""
    return amount.attributes.get("Ccy", "").strip().upper() in _YUAN


def _direction(node: Node) -> tuple[Direction, Problem | None]:
    state = node.value("Sts", "Cd") or node.value("Sts")
    side, is_reversal = node.value("CdtDbtInd"), node.value("RvslInd").lower() in _TRUE
    if state not in {"BOOK", ""}:
        return Direction.PENDING, None
    if side == "CRDT":
        # The reversal of a debit is money that came back to the office.
        return Direction.CREDIT, None
    if side != "DBIT":
        return Direction.CREDIT, Problem(HeldReason.DIRECTION, "CdtDbtInd", side)
    details = list(node.all("NtryDtls", "TxDtls"))
    is_returned = any(next(detail.all("RtrInf"), None) for detail in details)
    words = " ".join(filter(None, (*map(_text, details), node.value("AddtlNtryInf"))))
    if is_reversal or is_returned or RETURN_WORDS.search(words):
        return Direction.RETURNED, None
    return Direction.DEBIT, None


def _amount(node: Node) -> tuple[int | None, Problem | None]:
    found = next(node.all("Amt"), None)
    if found is None or not found.text.strip():
        return None, Problem(HeldReason.AMOUNT_MISSING, "Amt")
    if not is_yuan(found):
        return None, Problem(HeldReason.CURRENCY, "Amt", stated_amount(node))
    fen = fen_of(found.text)
    if fen is None:
        return None, Problem(HeldReason.AMOUNT, "Amt", found.text.strip())
    return fen, Problem(HeldReason.ZERO, "Amt", found.text.strip()) if fen == 0 else None


def _day(node: Node) -> tuple[str, date | None, Problem | None]:
    """Return the day that counts for late fees: the value date, else the day of booking.

    Its element comes first, so that what is wrong with the day can be found in the file.
    """
    places = (("ValDt", "Dt"), ("ValDt", "DtTm"), ("BookgDt", "Dt"), ("BookgDt", "DtTm"))
    stated = ((place[0], node.value(*place)) for place in places if node.value(*place))
    field, text = next(stated, ("ValDt", ""))
    try:
        return field, office_date(text), None
    except ValueError:
        return field, None, Problem(HeldReason.DAY, field, text)


def office_date(text: str) -> date:
    """Return the day of an ISO date, with time or without; a zone is turned into the office's.

    :raises ValueError: for anything else.
    """
    if re.fullmatch(r"\d{4}-\d\d-\d\d(Z|[+-]\d\d:\d\d)?", text, re.ASCII):
        return date.fromisoformat(text[:10])
    return office_instant(text).date()


def _reference(node: Node) -> str:
    """Return the bank's own reference: of the entry, of its only detail, or a long number."""
    if own := real_reference(node.value("AcctSvcrRef")):
        return own
    details = list(node.all("NtryDtls", "TxDtls", "Refs", "AcctSvcrRef"))
    if len(details) == 1 and (alone := real_reference(details[0].text)):
        return alone
    place = real_reference(node.value("NtryRef"))
    return place if len(place) > _LONGEST_PLACE else ""


def _details(
    node: Node, amount: int | None, direction: Direction
) -> tuple[Payer, tuple[Part, ...], Problem | None]:
    """Return whose money an entry is; of a batch that adds up, of each of its parts."""
    details = list(node.all("NtryDtls", "TxDtls"))
    more = node.value("AddtlNtryInf")
    if not details:
        return Payer(remittance=more), (), None
    # What stands beside the entry as a whole is of its only detail, and of none of several.
    payers = [_payer(detail, direction, more if len(details) == 1 else "") for detail in details]
    fens = [_detail_fen(detail) for detail in details]
    side = node.value("CdtDbtInd")
    is_other_side = any(detail.value("CdtDbtInd") not in {"", side} for detail in details)
    is_short = any(_is_short(batch) for batch in node.all("NtryDtls"))
    if len(details) == 1:
        is_whole = fens[0] in {None, amount}
    else:
        is_whole = all((fen or 0) > 0 for fen in fens) and sum(fen or 0 for fen in fens) == amount
    if amount is None:
        return payers[0] if len(payers) == 1 else Payer(), (), None
    if is_other_side or is_short or not is_whole:
        texts = (*(payer.remittance for payer in payers), more if len(details) > 1 else "")
        joined = " ".join(dict.fromkeys(filter(None, texts)))
        added = sum(max(0, fen or 0) for fen in fens)
        wrong = Problem(HeldReason.DETAILS, "TxDtls", f"{added // 100}.{added % 100:02d}")
        return Payer(remittance=joined), (), wrong
    if len(details) == 1:
        return payers[0], (), None
    parts = tuple(
        Part(fen or 0, payer, real_reference(detail.value("Refs", "EndToEndId")))
        for fen, payer, detail in zip(fens, payers, details, strict=True)
    )
    return Payer(), parts, None


def _is_short(batch: Node) -> bool:
    """Tell whether a batch names another count or total than its details have."""
    details = list(batch.all("TxDtls"))
    count, total = batch.value("Btch", "NbOfTxs"), batch.value("Btch", "TtlAmt")
    if count.isascii() and count.isdigit() and int(count[:_LONGEST_COUNT]) != len(details):
        return bool(details)
    fens = [_detail_fen(detail) for detail in details]
    return (
        bool(total and details)
        and None not in fens
        and fen_of(total) != sum(fen or 0 for fen in fens)
    )


def _detail_fen(detail: Node) -> int | None:
    """Return the amount of a detail in fen; -1 where one stands there that cannot be used."""
    found = next(detail.all("Amt"), None) or next(detail.all("AmtDtls", "TxAmt", "Amt"), None)
    if found is None:
        return None
    fen = fen_of(found.text)
    return fen if is_yuan(found) and fen is not None else -1


def _payer(detail: Node, direction: Direction, more: str) -> Payer:
    # The payer of money that went back is the creditor of the return, where nobody else is named.
    sides = ("Dbtr", "Cdtr") if direction is Direction.RETURNED else ("Dbtr",)
    name = account = ""
    for side in sides:
        party, number = ("RltdPties", side), ("RltdPties", f"{side}Acct", "Id")
        name = name or detail.value(*party, "Nm") or detail.value(*party, "Pty", "Nm")
        account = account or detail.value(*number, "Othr", "Id") or detail.value(*number, "IBAN")
    text = " ".join(filter(None, (_text(detail), more)))
    return Payer(normalise_text(name), normalise_text(account), normalise_text(text))


def _text(detail: Node) -> str:
    """Return what a transfer says: every structured reference, every line, in that order."""
    paths = (
        ("RmtInf", "Strd", "CdtrRefInf", "Ref"),
        ("RmtInf", "Strd", "RfrdDocInf", "Nb"),
        ("RmtInf", "Strd", "AddtlRmtInf"),
        ("RmtInf", "Ustrd"),
        ("AddtlTxInf",),
    )
    texts = [node.text.strip() for path in paths for node in detail.all(*path)]
    # Many programs have one field for the payer's own number: the bill's stands there.
    texts.append(real_reference(detail.value("Refs", "EndToEndId")))
    return " ".join(dict.fromkeys(filter(None, texts)))
