"""siweb operator: prove who runs commands, once for some hours."""

import socket
import sys
from collections.abc import Mapping
from pathlib import Path

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from siweb import clock, schema
from siweb.auth.credentials.activate import AccountClosed
from siweb.auth.credentials.attempt import Attempt, SignInPaused
from siweb.auth.credentials.second_factor.held import held_since
from siweb.auth.credentials.second_factor.prove import ProofRefused, prove, reserve_proof
from siweb.auth.credentials.throttle import Limit
from siweb.auth.sign_in.authenticate import SignInRefused, reserve_sign_in, sign_in
from siweb.auth.sign_in.operator_session import LASTS, find_operator, open_operator_session
from siweb.auth.sign_in.sessions import end_sessions
from siweb.auth.staff.duties import stands
from siweb.auth.tables.account import Account
from siweb.auth.tables.appointment import Appointment
from siweb.auth.tables.sign_in_session import EndReason
from siweb.cli.office.operator import number_of
from siweb.cli.office.operator_file import default_file, read_private, write_private
from siweb.cli.settings import command_sessions, command_settings
from siweb.registry.person_keys import is_of
from siweb.registry.tables.person import Person
from siweb.settings import Settings

assert schema.metadata.tables
# What tries from a terminal are counted under, where a browser's have its address.
_LINE = "command"

_file = click.option(
    "--file",
    envvar="SIWEB_OPERATOR",
    default=default_file,
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file that proves it, for --operator; or SIWEB_OPERATOR.",
)


@click.group("operator")
def operator() -> None:
    """Prove who runs commands: those that change something ask for it."""


@operator.command("sign-in")
@click.option("--id-number", prompt="Your ID number", help="Whose; asked for if left out.")
@click.option(
    "--from",
    "source",
    type=click.Path(exists=True, dir_okay=False, allow_dash=True),
    help="A file (mode 600), or - for the input, with the password and the code on a line each.",
)
@_file
def sign_in_operator(id_number: str, source: str | None, file: Path) -> None:
    """Sign in by password and second factor; a file proves it to commands, for four hours at most.

    The sign-in stands among those of the account, where its owner ends it, as sign-out does.
    """
    settings, number = command_settings(), number_of(id_number).number
    given = _given(source)
    with command_sessions()() as session:
        account = _checked(session, number, given, settings)
        reserved = _reserved_proof(session, account, settings)
        # The try of a code counts for everybody before it is compared.
        session.commit()
        at = clock.now()
        host = socket.gethostname()
        token, session_id = open_operator_session(session, account, host=host, at=at)
        if reserved is not None:
            code = given.next("Code of your app, or a recovery code")
            _prove(session, account, code, reserved, session_id, settings)
        # Before the commit: a token whose file could not be written is good for nothing.
        write_private(file, token)
        session.commit()
        until = (at + LASTS).astimezone(clock.OFFICE_ZONE)
        name = session.get_one(Person, account.person_id).name
        click.echo(f"{name} runs commands until {until:%H:%M}, by {file}.")


@operator.command("sign-out")
@_file
def sign_out_operator(file: Path) -> None:
    """End the sign-in that a file proves, and remove the file."""
    token = read_private(file)
    if token is None:
        raise click.UsageError("Nobody is signed in there.")
    with command_sessions()() as session:
        found = find_operator(session, token, idle=LASTS, at=clock.now())
        if found is not None:
            end_sessions(
                session,
                found.account_id,
                reason=EndReason.SIGNED_OUT,
                at=clock.now(),
                only=found.session_id,
            )
            session.commit()
    file.unlink(missing_ok=True)
    click.echo("Signed out.")


class _Given:
    """Password and code, each from a line of a file or asked for when it is needed."""

    def __init__(self, lines: list[str] | None) -> None:
        self.lines = lines

    def next(self, what: str) -> str:
        if self.lines is None:
            typed: str = click.prompt(what, hide_input=True)
            return typed
        if not self.lines:
            raise click.UsageError(f"{what} is missing: give each on a line of its own.")
        return self.lines.pop(0)


def _given(source: str | None) -> _Given:
    if source is None:
        return _Given(None)
    if source == "-":
        return _Given(sys.stdin.read().splitlines())
    return _Given((read_private(Path(source)) or "").splitlines())


def _checked(session: Session, number: str, given: _Given, settings: Settings) -> Account:
    """Return the account that the password opens, of somebody who holds a function.

    :raises click.ClickException: when it does not, in the same words for whatever reason.
    """
    attempt = Attempt(number, _LINE, "", settings.signing_key(), f"siweb · {socket.gethostname()}")
    password = given.next("Password")
    try:
        reserved = reserve_sign_in(session, attempt, at=clock.now())
        # The try counts for everybody before the password is compared.
        session.commit()
        account = sign_in(session, reserved, password, at=clock.now())
    except SignInPaused as paused:
        raise _paused(paused) from paused
    except (SignInRefused, AccountClosed) as refused:
        raise click.ClickException("The ID number or the password is wrong.") from refused
    held = select(Appointment.id).where(
        is_of(Appointment.person_id, account.person_id), stands(clock.today())
    )
    if session.scalar(held.limit(1)) is None:
        raise click.ClickException("You hold no function here, and no command asks for you.")
    return account


def _reserved_proof(
    session: Session, account: Account, settings: Settings
) -> Mapping[str, Limit] | None:
    """Return a counted try of the second factor; None where none is asked for, in a demonstration.

    :raises click.ClickException: when there is no factor to prove, or too much was tried.
    """
    if held_since(session, account.id) is None:
        if settings.asks_second_factor:
            raise click.ClickException("Set up your second factor in the browser first.")
        return None
    try:
        key = settings.signing_key()
        return reserve_proof(session, account.id, _LINE, key=key, at=clock.now())
    except SignInPaused as paused:
        raise _paused(paused) from paused


def _prove(
    session: Session,
    account: Account,
    code: str,
    reserved: Mapping[str, Limit],
    session_id: int,
    settings: Settings,
) -> None:
    try:
        prove(
            session,
            account.id,
            account.person_id,
            code,
            reserved,
            sign_in_id=session_id,
            key=settings.signing_key(),
            at=clock.now(),
        )
    except ProofRefused as refused:
        # Who has only a passkey has no code: it answers to browsers alone.
        raise click.ClickException(
            "This code is wrong or was used already: wait for the next one. A passkey proves "
            "nothing here: set up an app besides, or use a recovery code."
        ) from refused


def _paused(paused: SignInPaused) -> click.ClickException:
    until = paused.until.astimezone(clock.OFFICE_ZONE)
    return click.ClickException(f"Too many wrong tries. Try again at {until:%H:%M}.")
