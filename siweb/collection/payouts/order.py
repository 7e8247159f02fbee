"""Order a payout, as part of the decision that two people took; name the account it goes to."""

import re
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.audit.record import record_activity
from siweb.collection.payouts.refusal import PayoutRefused
from siweb.collection.tables.payout import Payout, PayoutKind, PayoutState
from siweb.db.claim import add_or_find
from siweb.db.reference_code import new_reference
from siweb.rules.identifiers.account_number import AccountNumberRefused, parse_account_number
from siweb.rules.identifiers.typed_text import normalise_text

_BANK = re.compile(r"\d{12}", re.ASCII)
# Max140Text: longer names ISO 20022 has no room for.
_LONGEST_NAME = 140


@dataclass(frozen=True, slots=True)
class Payee:
    """Who gets the money, at which account; `bank` is the number of 12 digits, or empty."""

    name: str = ""
    account: str = ""
    bank: str = ""

    def checked(self) -> "Payee":
        """Return it in the one form of names and numbers.

        :raises PayoutRefused: "account_number", "account_checksum", "bank_number".
        """
        try:
            number = parse_account_number(self.account)
        except AccountNumberRefused as refused:
            wrong = "account_checksum" if refused.reason == "checksum" else "account_number"
            raise PayoutRefused(wrong) from refused
        if self.bank and not _BANK.fullmatch(self.bank):
            raise PayoutRefused("bank_number")
        return Payee(normalise_text(self.name)[:_LONGEST_NAME], number, self.bank)


def order_payout(
    session: Session,
    kind: PayoutKind,
    source: str,
    amount_fen: int,
    *,
    region_code: str,
    person_id: int | None = None,
    employer_id: int | None = None,
    payee: Payee | None = None,
    actor: Actor,
    at: datetime,
) -> Payout:
    """Return the payout of a decision; without a good account it waits until one is named.

    :raises PayoutRefused: "ordered" when the decision has its payout.
    """
    same = select(Payout.id).where(Payout.source == source)
    if session.scalar(same) is not None:
        raise PayoutRefused("ordered")
    try:
        good = (payee or Payee()).checked()
    except PayoutRefused:
        # What a statement had in an account's place is none: nothing goes there.
        good = Payee((payee or Payee()).name[:_LONGEST_NAME])
    payout = Payout(
        reference=new_reference(),
        region_code=region_code,
        kind=kind,
        source=source,
        person_id=person_id,
        employer_id=employer_id,
        amount_fen=amount_fen,
        payee_name=good.name,
        # Both or neither: a transfer names whose account it is.
        payee_account=good.account if good.name else "",
        payee_bank=good.bank,
        state=PayoutState.OPEN,
        ordered_at=at,
    )
    # Two that decide at once would pay it twice.
    if add_or_find(session, payout, lambda: session.scalar(same)) is not None:
        raise PayoutRefused("ordered")
    _note(session, payout, "payout.ordered", actor, at, {"amount_fen": amount_fen})
    return payout


def name_payee(
    session: Session, payout: Payout, payee: Payee, *, actor: Actor, at: datetime
) -> None:
    """Say to which account a payout goes; what the bank rejected goes into the next file then.

    :raises PayoutRefused: "on_its_way", "paid", and what `Payee.checked` refuses.
    """
    # Or a file is made of it meanwhile, which goes to the account that was named before.
    session.refresh(payout, with_for_update={"of": Payout})
    if payout.state is PayoutState.SENT:
        raise PayoutRefused("on_its_way")
    if payout.state is PayoutState.PAID:
        raise PayoutRefused("paid")
    good = payee.checked()
    payout.payee_name, payout.payee_account = good.name, good.account
    payout.payee_bank, payout.state = good.bank, PayoutState.OPEN
    session.flush()
    _note(session, payout, "payout.payee_named", actor, at, {"account_end": good.account[-4:]})


def clear_payee(session: Session, payout: Payout, *, actor: Actor, at: datetime) -> None:
    """Take a payout's account away: it waits until two people name one; the row is locked."""
    ended = payout.payee_account
    payout.payee_account, payout.payee_bank = "", ""
    session.flush()
    _note(session, payout, "payout.payee_cleared", actor, at, {"account_end": ended[-4:]})


def _note(
    session: Session,
    payout: Payout,
    action: str,
    actor: Actor,
    at: datetime,
    facts: dict[str, object],
) -> None:
    record_activity(
        session,
        action,
        actor=actor,
        at=at,
        subject=("payout", payout.id),
        person_id=payout.person_id,
        facts={"kind": payout.kind.value, **facts},
    )
