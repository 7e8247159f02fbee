"""Who runs a command: a member of staff, proved by a sign-in, with the function that it needs."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any

import click
from sqlalchemy.orm import Session

from siweb import clock
from siweb.audit.actor import Actor, Channel
from siweb.auth.sign_in.operator_session import Operator, find_operator
from siweb.auth.sign_in.sessions import touch
from siweb.auth.staff.duties import Duty, acts, read_duties, stands, written_duties
from siweb.auth.staff.find import has_staff
from siweb.auth.staff.relatives import barred_keys
from siweb.auth.staff.subject import Subject, is_own
from siweb.auth.tables.appointment import Appointment, Function
from siweb.cli.office.operator_file import default_file, read_private
from siweb.cli.settings import command_settings
from siweb.registry.codes import Insurance
from siweb.registry.find_person import find_person
from siweb.registry.tables.person import Person
from siweb.rules.errors import NumberRefused
from siweb.rules.identifiers.identity_number import IdentityNumber, parse_identity_number

with_operator: Callable[[Callable[..., Any]], Callable[..., Any]] = click.option(
    "--operator",
    envvar="SIWEB_OPERATOR",
    default=default_file,
    help="The file that siweb operator sign-in wrote for who runs it; or SIWEB_OPERATOR.",
)


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
    file: str,
    *functions: Function,
    region_code: str | None,
    insurances: Iterable[Insurance] | None = None,
    is_fresh: bool = False,
) -> Actor:
    """Return who runs a command about a region, or about the whole office, as the acting person.

    `file` is what their sign-in wrote. Of `insurances` that it is about, their agency has to run
    all. With `is_fresh` the second factor was proved in the last minutes, as the desk asks it of
    whoever checks what another one made.

    :raises click.UsageError: when nobody is signed in, or they have none of the functions there.
    """
    found = _signed_in(session, file)
    if not acts(
        _duties_of(session, found.person_id), functions, region_code, insurances, wholly=True
    ):
        needed = " or ".join(function.value for function in functions)
        raise click.UsageError(
            f"Whoever is signed in has not the function {needed} for "
            f"{region_code or 'the whole office'}."
        )
    _require_proof(found, is_fresh=is_fresh)
    touch(session, found.session_id, at=clock.now())
    return Actor(found.account_id, found.person_id, Channel.COMMAND)


def maker_of(
    session: Session,
    file: str,
    *functions: Function,
    region_code: str | None,
    insurances: Iterable[Insurance] | None = None,
) -> Actor | None:
    """Return who runs a command, as `operator_of`; None in an office that has no staff at all.

    Such a one is being filled or is for training (siweb seed): there is nobody to ask, and the
    command does it at once. `siweb init` gives the first functions, to two people; from then on
    nothing goes by nobody.

    :raises click.UsageError: as `operator_of` does.
    """
    if not has_staff(session):
        return None
    return operator_of(session, file, *functions, region_code=region_code, insurances=insurances)


def refuse_own_matter(
    session: Session, maker: Actor | None, *, person_id: int, employer_id: int | None = None
) -> None:
    """Stop a command that does something at once for whom its operator may not act.

    As at the desk: for nobody's own matter, that of a declared relative, of somebody they help, or
    of a firm they act for. What waits for a second person is refused where it is proposed.

    :raises click.UsageError: saying so.
    """
    if maker is None:
        return
    employers = frozenset() if employer_id is None else frozenset({employer_id})
    subject = Subject(frozenset(), frozenset({person_id}), employers)
    keys = barred_keys(session, maker.person_id, on=clock.today())
    if is_own(session, subject, keys=keys, account_id=maker.account_id):
        raise click.UsageError(
            "This is about yourself, a relative or a firm you act for: a colleague does it."
        )


def _require_proof(found: Operator, *, is_fresh: bool) -> None:
    settings = command_settings()
    if not settings.asks_second_factor:
        return
    lasts = timedelta(minutes=settings.fresh_proof_minutes)
    is_old = is_fresh and found.proved_at is not None and clock.now() - found.proved_at >= lasts
    if found.proved_at is None or is_old:
        raise click.UsageError(
            "This wants a code of the last minutes: run siweb operator sign-in again."
        )


def _signed_in(session: Session, file: str) -> Operator:
    token = read_private(Path(file))
    if token is None:
        raise click.UsageError("Nobody is signed in to run commands: siweb operator sign-in.")
    idle = timedelta(minutes=command_settings().idle_minutes)
    found = find_operator(session, token.strip(), idle=idle, at=clock.now())
    if found is None:
        raise click.UsageError("The sign-in has ended: run siweb operator sign-in again.")
    return found


def _duties_of(session: Session, person_id: int) -> tuple[Duty, ...]:
    held = written_duties().where(Appointment.person_id == person_id, stands(clock.today()))
    return read_duties(session.scalar(held))


def person_of(session: Session, text: str) -> Person:
    """Return the person of an ID number.

    :raises click.UsageError: when the register has nobody with it.
    """
    person_id = find_person(session, number_of(text).number)
    if person_id is None:
        raise click.UsageError("The register has nobody with this ID number.")
    return session.get_one(Person, person_id)
