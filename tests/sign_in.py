"""Sign a test's browser in without walking through the sign-in page."""

from collections.abc import Iterable
from datetime import date, timedelta

from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from siweb import clock
from siweb.auth.credentials.account import create_account
from siweb.auth.credentials.keyed_hash import token_hash
from siweb.auth.sign_in.sessions import Browser, Limits, open_session
from siweb.auth.tables.account import Account
from siweb.auth.tables.appointment import Appointment, Function
from siweb.auth.tables.sign_in_session import SignInSession
from siweb.registry.tables.person import Person

LIMITS = Limits(idle=timedelta(hours=1), whole=timedelta(hours=8))

EVERY_FUNCTION = tuple(Function)


def appoint(
    session: Session, person: Person, *functions: Function, agency_id: int | None = None
) -> None:
    """Let a person hold functions that they do not hold yet."""
    held = set(
        session.scalars(
            select(Appointment.function).where(
                Appointment.person_id == person.id,
                Appointment.agency_id == agency_id,
                Appointment.ended_at.is_(None),
            )
        )
    )
    session.add_all(
        Appointment(
            person_id=person.id,
            function=function,
            agency_id=agency_id,
            from_on=date(2000, 1, 1),
            made_at=clock.now(),
        )
        for function in functions
        if function not in held
    )


def sign_in(
    client: FlaskClient, session: Session, person: Person, functions: Iterable[Function] = ()
) -> None:
    """Open a sign-in of the person, whose account is made when there is none yet.

    Functions are held for the whole office. The second factor has just been proved.
    """
    at = clock.now()
    account = session.scalar(select(Account).where(Account.person_id == person.id))
    if account is None:
        account = create_account(session, person.id, "correct horse battery", at=at)
    appoint(session, person, *functions)
    browser = Browser("test", "127.0.0.0/24", f"device of account {account.id}")
    token = open_session(session, account.id, browser, limits=LIMITS, at=at)
    proved = update(SignInSession).where(SignInSession.token_hash == token_hash(token))
    session.execute(proved.values(proved_at=at))
    session.commit()
    with client.session_transaction() as kept:
        kept["_user_id"] = token
        kept["_fresh"] = True
