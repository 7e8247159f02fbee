"""Who runs a command: a member of staff, by the ID number, with the function that it needs."""

from collections.abc import Callable, Iterable
from typing import Any

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from siweb import clock
from siweb.audit.actor import Actor, Channel
from siweb.auth.staff.duties import Duty, acts, stands
from siweb.auth.staff.find import has_staff
from siweb.auth.tables.account import Account
from siweb.auth.tables.appointment import Appointment, Function
from siweb.registry.codes import Insurance
from siweb.registry.find_person import find_person
from siweb.registry.tables.agency import Agency
from siweb.registry.tables.person import Person
from siweb.rules.errors import NumberRefused
from siweb.rules.identifiers.identity_number import IdentityNumber, parse_identity_number

with_operator: Callable[[Callable[..., Any]], Callable[..., Any]] = click.option(
    "--operator",
    prompt="Your ID number",
    envvar="SIWEB_OPERATOR",
    help="The ID number of who runs it, asked for if left out; or SIWEB_OPERATOR.",
)


asks_operator: Callable[[Callable[..., Any]], Callable[..., Any]] = click.option(
    "--operator",
    envvar="SIWEB_OPERATOR",
    help="The ID number of who runs it, asked for if left out; or SIWEB_OPERATOR.",
)
"""As `with_operator`, of a command that also fills an office which has no staff yet."""


def because_of(typed: str, asked: str) -> str:
    """Return what something rests on that a second person checks.

    :raises click.UsageError: saying what is `asked` for when there is nothing, or too much.
    """
    words = typed.strip()
    if not 0 < len(words) <= 500:  # noqa: PLR2004 - the task's column
        raise click.UsageError(f"{asked}, in 1 to 500 characters.")
    return words


def number_of(text: str) -> IdentityNumber:
    """Return the ID number that was typed.

    :raises click.UsageError: when it is none.
    """
    try:
        return parse_identity_number(text)
    except NumberRefused as refused:
        raise click.UsageError(f"This is not an ID number: {refused.reason}.") from refused


def operator_of(
    session: Session,
    text: str,
    *functions: Function,
    region_code: str | None,
    insurances: Iterable[Insurance] | None = None,
) -> Actor:
    """Return who runs a command about a region, or about the whole office, as the acting person.

    Of `insurances` that it is about, their agency has to run all.

    :raises click.UsageError: when nobody with this number has an account and one of the functions
        there.
    """
    row = session.execute(
        select(Account.id, Account.person_id)
        .join(Person, Person.id == Account.person_id)
        .where(Person.id_number == number_of(text).number, Person.died_on.is_(None))
    ).first()
    if row is None or not acts(
        _duties_of(session, row.person_id), functions, region_code, insurances, wholly=True
    ):
        needed = " or ".join(function.value for function in functions)
        raise click.UsageError(
            "Nobody with this ID number has an account here and the function "
            f"{needed} for {region_code or 'the whole office'}."
        )
    return Actor(row.id, row.person_id, Channel.COMMAND)


def maker_of(
    session: Session,
    text: str | None,
    *functions: Function,
    region_code: str | None,
) -> Actor | None:
    """Return who hands in what a second person checks; None in an office that has no staff at all.

    Such a one is being laid out: there is nobody to ask, and the command does it at once. `siweb
    init` gives the first functions, to two people; from then on nothing goes by one.

    :raises click.UsageError: as `operator_of` does.
    """
    if not has_staff(session):
        return None
    typed = text or click.prompt("Your ID number")
    return operator_of(session, typed, *functions, region_code=region_code)


def _duties_of(session: Session, person_id: int) -> list[Duty]:
    held = (
        select(Appointment.function, Appointment.agency_id, Agency.region_code, Agency.insurances)
        .outerjoin(Agency, Agency.id == Appointment.agency_id)
        .where(Appointment.person_id == person_id, stands(clock.today()))
    )
    return [Duty(*row) for row in session.execute(held)]


def person_of(session: Session, text: str) -> Person:
    """Return the person of an ID number.

    :raises click.UsageError: when the register has nobody with it.
    """
    person_id = find_person(session, number_of(text).number)
    if person_id is None:
        raise click.UsageError("The register has nobody with this ID number.")
    return session.get_one(Person, person_id)
