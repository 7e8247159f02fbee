"""siweb calc bank-statement: control totals, and what money makes of a bill."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import click

from siweb.cli.calc.engine.answer import Answer
from siweb.cli.calc.engine.command import CalcCommand, require
from siweb.cli.calc.options.inputs import DAY, RATE, WHOLE, YUAN, Input
from siweb.cli.calc.options.parameters import parameter_options, parameters_in_force
from siweb.cli.calc.options.structured import (
    DATED_AMOUNTS,
    SIGNED_AMOUNT,
    SIGNED_AMOUNTS,
    Kind,
    PlaceRefused,
    Structured,
    read_at,
)
from siweb.rules.calendar.months import month_of
from siweb.rules.contributions.late_fee import LateFeeTerms
from siweb.rules.contributions.late_fee_months import Due, compute_monthly_late_fee
from siweb.rules.contributions.receipt import (
    BillState,
    balance_of,
    control_difference,
    kept_parts,
    states_after,
)
from siweb.rules.numbers.money import fen_from_yuan, yuan_from_fen

FLEXIBLE = "flexible"


@dataclass(frozen=True, slots=True)
class Bill:
    """A bill in fen; without a due day no fee is asked for."""

    amount: int
    due_on: date | None = None
    payer: str = "employer"


def _payer(text: str) -> str:
    if text not in ("employer", FLEXIBLE):
        raise ValueError(text)
    return text


_PAYER = Input("payer", f"employer or {FLEXIBLE}", _payer)
_BILL_PARTS = {"amount": YUAN, "due_date": DAY, "payer": _PAYER}
_NAMED: dict[str, Kind] = {
    "count": WHOLE,
    **dict.fromkeys(
        ("total", "opening", "opening_balance", "closing", "closing_balance"), SIGNED_AMOUNT
    ),
}


def _statement(value: Any) -> Mapping[str, Any]:
    return {
        name: read_at(name, kind, value[name])
        for name, kind in _NAMED.items()
        if value.get(name) is not None
    }


def _bill(value: Any) -> Bill:
    if not isinstance(value, dict):
        return Bill(fen_from_yuan(value))
    given = {
        name: read_at(name, kind, value[name])
        for name, kind in _BILL_PARTS.items()
        if value.get(name) is not None
    }
    if "amount" not in given:
        raise PlaceRefused("amount is missing.")
    return Bill(given["amount"], given.get("due_date"), given.get("payer", "employer"))


_BILL = Structured("bill", 'a bill such as {"amount": "5000.00"}', _bill)
_STATEMENT = Structured("statement", "a JSON object of what the statement names", _statement)


@click.command("bank-statement", cls=CalcCommand)
@click.option("--statement", type=_STATEMENT, help="What it names: count, total, opening, closing.")
@click.option("--details", type=SIGNED_AMOUNTS, help="Amounts of its entries, yuan.")
@click.option("--bill", type=_BILL, help="A bill: amount, or amount, due_date and payer.")
@click.option("--entries", type=DATED_AMOUNTS, help="Days, references and yuan of entries in turn.")
@click.option("--payments", type=SIGNED_AMOUNTS, help="Amounts, each asked by itself.")
@click.option("--daily-rate", type=RATE, help="0.0005 or 0.05%; the pack's when left out.")
@parameter_options
def bank_statement(**options: Any) -> Answer:
    """Say whether entries fit their statement, and what they make of a bill."""
    if options["statement"] is not None:
        require(details=options["details"])
        return _of_statement(options["statement"], options["details"])
    require(bill=options["bill"])
    if options["entries"] is not None:
        return _of_entries(options["bill"], options["entries"], options)
    require(payments=options["payments"])
    return _of_payments(options["bill"], options["payments"])


def _of_statement(statement: Mapping[str, Any], details: Sequence[int]) -> Answer:
    named = {
        name: _named(statement, name, f"{name}_balance") for name in ("total", "opening", "closing")
    }
    entries, fen = control_difference(details, count=statement.get("count"), **named)
    accepted = not entries and not fen
    figures = {
        "accepted": accepted,
        "difference": yuan_from_fen(fen),
        "count_difference": entries,
        # Nothing of a statement that contradicts itself is booked until a person confirms it.
        "posted": len(details) if accepted else 0,
    }
    return Answer(figures, warnings=() if statement else ("no_control_totals",))


def _named(statement: Mapping[str, Any], *names: str) -> int | None:
    """Return what a statement names under one of these words, in fen."""
    return next((statement[name] for name in names if name in statement), None)


def _of_entries(
    bill: Bill, entries: Sequence[tuple[date, int]], options: Mapping[str, Any]
) -> Answer:
    states = states_after(bill.amount, [amount for _day, amount in entries])
    figures: dict[str, Any] = {
        "state_after": list(states),
        # The account is credited by what was actually paid (Order 20 Article 13).
        "account_credit_posted": [state is BillState.PAID for state in states],
    }
    if bill.due_on is not None:
        figures["late_fee"] = yuan_from_fen(_late_fee(bill, bill.due_on, entries, options))
    return Answer(figures)


def _late_fee(
    bill: Bill, due_on: date, entries: Sequence[tuple[date, int]], options: Mapping[str, Any]
) -> int:
    if bill.payer == FLEXIBLE:
        return 0
    rate = options["daily_rate"]
    if rate is None:
        asked = options["packs"], options["region"], month_of(due_on), options["as_of"]
        terms = parameters_in_force(*asked).late_fee_terms()
    else:
        terms = LateFeeTerms(rate)
    # Of more than the bill nothing is late: only the parts that it needed count.
    parts, left = [], bill.amount
    for day, amount in kept_parts(entries):
        parts.append((day, min(amount, left)))
        left -= parts[-1][1]
    through = max(day for day, _amount in entries)
    return compute_monthly_late_fee([Due(due_on, bill.amount)], parts, through, terms)


def _of_payments(bill: Bill, payments: Sequence[int]) -> Answer:
    balances = [balance_of(bill.amount, amount) for amount in payments]
    figures = {
        "open": [yuan_from_fen(balance.open) for balance in balances],
        "unallocated": [yuan_from_fen(balance.unallocated) for balance in balances],
        "state": [balance.state for balance in balances],
    }
    return Answer(figures)
