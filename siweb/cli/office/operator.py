"""Who runs a command: a member of staff, by the ID number, with the function that it needs."""

from collections.abc import Callable
from typing import Any

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from siweb import clock
from siweb.audit.actor import Actor, Channel
from siweb.auth.staff.duties import stands
from siweb.auth.tables.account import Account
from siweb.auth.tables.appointment import Appointment, Function
from siweb.registry.tables.person import Person
from siweb.rules.errors import NumberRefused
from siweb.rules.identifiers.identity_number import IdentityNumber, parse_identity_number

with_operator: Callable[[Callable[..., Any]], Callable[..., Any]] = click.option(
    "--operator",
    prompt="Your ID number",
    envvar="SIWEB_OPERATOR",
    help="The ID number of who runs it, asked for if left out; or SIWEB_OPERATOR.",
)


def number_of(text: str) -> IdentityNumber:
    """Return the ID number that was typed.

    :raises click.UsageError: when it is none.
    """
    try:
        return parse_identity_number(text)
    except NumberRefused as refused:
        raise click.UsageError(f"This is not an ID number: {refused.reason}.") from refused


def operator_of(session: Session, text: str, *functions: Function) -> Actor:
    """Return who runs a command, as the acting person.

    :raises click.UsageError: when nobody with this number has an account and one of the functions.
    """
    number = number_of(text).number
    row = session.execute(
        select(Account.id, Account.person_id)
        .join(Person, Person.id == Account.person_id)
        .join(Appointment, Appointment.person_id == Person.id)
        .where(
            Person.id_number == number,
            Appointment.function.in_(functions),
            stands(clock.today()),
        )
    ).first()
    if row is None:
        needed = " or ".join(function.value for function in functions)
        raise click.UsageError(
            f"Nobody with this ID number has an account here and the function {needed}."
        )
    return Actor(row.id, row.person_id, Channel.COMMAND)


def person_of(session: Session, text: str) -> Person:
    """Return the person of an ID number.

    :raises click.UsageError: when the register has nobody with it.
    """
    person = session.scalar(select(Person).where(Person.id_number == number_of(text).number))
    if person is None:
        raise click.UsageError("The register has nobody with this ID number.")
    return person
