"""siweb calc id and siweb calc uscc: a number's answer is valid or not, never an error."""

from __future__ import annotations

from datetime import date
from typing import Any

import click

from siweb.cli.calc.engine.answer import Answer
from siweb.cli.calc.engine.command import CalcCommand, require
from siweb.cli.calc.options.inputs import DAY
from siweb.rules.errors import NumberRefused
from siweb.rules.identifiers.identity_number import (
    IdentityNumber,
    expand_old_number,
    explain_identity_number,
)
from siweb.rules.identifiers.uscc import explain_uscc


@click.command("id", cls=CalcCommand)
@click.option(
    "--number",
    help="Citizen identity number, residence permit or permanent residence.",
)
@click.option("--on", type=DAY, help="Refuse a birth after this day.")
def identity(number: str | None, on: date | None) -> Answer:
    """Check an identity number and say what it tells."""
    require(number=number)
    assert number is not None
    try:
        explained = explain_identity_number(number, on=on)
    except NumberRefused as error:
        refused = _refused(error)
        if error.reason == "old_15":
            # Not valid any more, but old records are found by what it became.
            refused.figures["became"] = _facts_of(expand_old_number(number))
        return refused
    found = explained.value
    return Answer({"valid": True, **_facts_of(found)}, explained.steps, found.warnings)


@click.command("uscc", cls=CalcCommand)
@click.option("--number", help="Unified social credit code.")
def uscc(number: str | None) -> Answer:
    """Check a unified social credit code and take it apart."""
    require(number=number)
    assert number is not None
    try:
        explained = explain_uscc(number)
    except NumberRefused as error:
        return _refused(error)
    found = explained.value
    figures: dict[str, Any] = {
        "valid": True,
        "number": found.number,
        "org_code": found.org_code,
        "authority": found.authority,
        "region": found.region_code,
    }
    return Answer(figures, explained.steps)


def _facts_of(found: IdentityNumber) -> dict[str, Any]:
    return {
        "number": found.number,
        "kind": found.kind.value,
        "birth": found.birth_date.isoformat(),
        "sex": found.sex.value,
        "region": found.region_code,
    }


def _refused(error: NumberRefused) -> Answer:
    return Answer(
        {"valid": False, "reason": error.reason, "part": error.part, "wrong": error.wrong}
    )
