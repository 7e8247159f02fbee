"""The file by which a command knows who runs it, made without signing in at the terminal."""

import re
import secrets
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from siweb import clock
from siweb.auth.sign_in.operator_session import open_operator_session
from siweb.auth.tables.account import Account
from siweb.auth.tables.sign_in_session import SignInSession
from siweb.cli.office.operator_file import write_private
from siweb.cli.settings import command_settings
from siweb.db.engine import make_engine, make_sessions
from siweb.registry.tables.person import Person

_END = datetime(9999, 1, 1, tzinfo=UTC)


def operator_file(session: Session, number: str, folder: Path) -> str:
    """Return the file of somebody whose second factor has just been proved; the caller commits.

    Of a number without an account it is not there.
    """
    file = folder / f"operator-{secrets.token_hex(4)}"
    asked = select(Account).join(Person, Person.id == Account.person_id)
    account = session.scalar(asked.where(Person.id_number == number))
    if account is not None:
        at = clock.now()
        token, session_id = open_operator_session(session, account, host="test", at=at)
        proved = update(SignInSession).where(SignInSession.id == session_id)
        session.execute(proved.values(proved_at=at))
        write_private(file, token)
    return str(file)


def lasting_operator(session: Session, person: Person, folder: Path) -> str:
    """Return the file of somebody who runs commands whatever the clock says; for SIWEB_OPERATOR."""
    file = operator_file(session, person.id_number, folder)
    session.execute(update(SignInSession).values(expires_at=_END, last_seen_at=_END))
    session.commit()
    return file


def proved(words: Iterable[object]) -> list[str]:
    """Return a command's words with the file that proves it in the place of an operator's number.

    The office is the one that the command would find. Whatever else stands there stays.
    """
    said = [str(word) for word in words]
    place = said.index("--operator") + 1 if "--operator" in said else None
    if place is None or not re.fullmatch(r"\w{18}", said[place]):
        return said
    settings = command_settings()
    engine = make_engine(settings.engine_url)
    with make_sessions(engine).begin() as session:
        said[place] = operator_file(session, said[place], settings.var_dir)
    engine.dispose()
    return said
