"""Open, find, list and end sign-ins."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, Date, bindparam, func, or_, select, update
from sqlalchemy.orm import Session

from siweb import clock
from siweb.auth.credentials.keyed_hash import token_hash
from siweb.auth.sign_in.signed_in import SignedIn
from siweb.auth.staff.duties import read_duties, stands, written_duties
from siweb.auth.staff.relatives import read_relatives, written_relatives
from siweb.auth.tables.account import Account
from siweb.auth.tables.appointment import Appointment
from siweb.auth.tables.help_mandate import HelpMandate
from siweb.auth.tables.mandate import Mandate
from siweb.auth.tables.sign_in_session import EndReason, SignInSession
from siweb.db.prepared import Prepared
from siweb.registry.tables.agency import Agency
from siweb.registry.tables.person import Person
from siweb.registry.tables.person_alias import PersonAlias
from siweb.registry.tables.person_identity import PersonIdentity

# How often a sign of life is written: seldom enough to cost nothing.
TOUCH = timedelta(minutes=1)
# Run by every request of everybody: built once, and over the tables themselves, since the mapper
# has nothing to add to plain columns.
_sign_in, _account, _person = SignInSession.__table__.c, Account.__table__.c, Person.__table__.c
_identity, _mandate = PersonIdentity.__table__.c, Mandate.__table__.c
_help = HelpMandate.__table__.c
_alias = PersonAlias.__table__.c
# Most visitors hold no function; who does needs no second statement.
_DUTIES = (
    written_duties()
    .where(Appointment.person_id == _account.person_id, stands(bindparam("on", type_=Date())))
    .scalar_subquery()
)
# The head of the desk names them on every page: as cheap here as the duties themselves.
_AGENCIES = (
    select(func.aggregate_strings(Agency.name_zh + "\t" + Agency.name_en, "\n"))
    .select_from(Appointment)
    .join(Agency, Agency.id == Appointment.agency_id)
    .where(Appointment.person_id == _account.person_id, stands(bindparam("on", type_=Date())))
    .scalar_subquery()
)
# Whoever never acted for an employer or another person has no matter of one.
_HAS_MANDATES = func.coalesce(
    select(_mandate.id).where(_mandate.account_id == _account.id).limit(1).scalar_subquery(),
    select(_help.id).where(_help.helper_account_id == _account.id).limit(1).scalar_subquery(),
)
# Whoever is registered once has one key.
_IS_TWICE = (
    select(_alias.former_id)
    .where(or_(_alias.former_id == _account.person_id, _alias.person_id == _account.person_id))
    .limit(1)
    .scalar_subquery()
)
_FIND = Prepared(
    select(
        _sign_in.id,
        _sign_in.account_id,
        _sign_in.last_seen_at,
        _sign_in.expires_at,
        _sign_in.proved_at,
        _sign_in.ended_at,
        _DUTIES.label("duties"),
        _AGENCIES.label("agencies"),
        _HAS_MANDATES.label("a_mandate"),
        _IS_TWICE.label("a_former_key"),
        # Most of the staff declared nobody, and whoever is no member of it none.
        written_relatives(_account.person_id, bindparam("on", type_=Date())).label("relatives"),
        _account.person_id,
        _person.name,
        _identity.number,
        _person.region_code,
    )
    .join(Account.__table__, _account.id == _sign_in.account_id)
    .join(Person.__table__, _person.id == _account.person_id)
    .join(PersonIdentity.__table__, _identity.person_id == _account.person_id)
    # Whoever is registered as dead is signed in nowhere, from that moment.
    .where(_sign_in.token_hash == bindparam("token_hash"), _person.died_on.is_(None))
)


class _Found(NamedTuple):
    """What the statement finds, in its order."""

    id: int
    account_id: int
    last_seen_at: datetime
    expires_at: datetime
    proved_at: datetime | None
    ended_at: datetime | None
    duties: str | None
    agencies: str | None
    a_mandate: int | None
    a_former_key: int | None
    relatives: str | None
    person_id: int
    name: str
    number: str
    region_code: str


@dataclass(frozen=True, slots=True)
class Browser:
    """What is kept of the browser, so that its owner recognises it."""

    device: str
    network: str
    device_token: str


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a sign-in lasts without a click, and altogether."""

    idle: timedelta
    whole: timedelta


def open_session(
    session: Session, account_id: int, browser: Browser, *, limits: Limits, at: datetime
) -> str:
    """Return the token of a new sign-in; only its hash is kept."""
    token = secrets.token_urlsafe(32)
    session.add(
        SignInSession(
            token_hash=token_hash(token),
            account_id=account_id,
            # Only the hash: whoever reads the table cannot pass for the owner's own browser.
            device_hash=token_hash(browser.device_token),
            created_at=at,
            last_seen_at=at,
            expires_at=at + limits.whole,
            device=browser.device[:80],
            network=browser.network,
        )
    )
    session.flush()
    return token


def find_signed_in(
    connection: Connection, token: str, *, limits: Limits, at: datetime
) -> SignedIn | None:
    """Return who holds a token, or None when the sign-in ended; one statement."""
    row = _find(connection, token, at)
    if row is None or row.ended_at is not None:
        return None
    # Both ends are sharp: what lasts half an hour is over as the half hour is.
    if at >= row.expires_at or at >= row.last_seen_at + limits.idle:
        return None
    return SignedIn(
        token=token,
        session_id=row.id,
        account_id=row.account_id,
        person_id=row.person_id,
        name=row.name,
        id_end=row.number[-4:],
        region_code=row.region_code,
        duties=read_duties(row.duties),
        agencies=_names_of(row.agencies),
        has_mandates=row.a_mandate is not None,
        has_other_keys=row.a_former_key is not None,
        relatives=read_relatives(row.relatives),
        last_seen_at=row.last_seen_at,
        proved_at=row.proved_at,
        # Reckoned from now: this very request is a sign of life.
        ends_at=min(row.expires_at, at + limits.idle),
    )


def _names_of(written: str | None) -> tuple[tuple[str, str], ...]:
    """Return each agency once, by its Chinese and its English name."""
    pairs = (name.partition("\t") for name in (written or "").splitlines())
    return tuple(dict.fromkeys((chinese, english) for chinese, _tab, english in pairs))


def account_of_ended(session: Session, token: str, *, at: datetime) -> int | None:
    """Return whose sign-in a token was, ended or not: what they were sending is kept for them."""
    row = _find(session.connection(), token, at)
    return None if row is None else int(row.account_id)


def touch(session: Session, session_id: int, *, at: datetime) -> None:
    """Note a sign of life."""
    session.execute(
        update(SignInSession).where(SignInSession.id == session_id).values(last_seen_at=at)
    )


def open_sessions(session: Session, account_id: int) -> list[SignInSession]:
    """Return the account's open sign-ins, newest first."""
    return list(
        session.scalars(
            select(SignInSession)
            .where(SignInSession.account_id == account_id, SignInSession.ended_at.is_(None))
            .order_by(SignInSession.last_seen_at.desc(), SignInSession.id.desc())
            # Far more browsers than somebody has; a list beyond this helps nobody to find the
            # stranger's.
            .limit(50)
        )
    )


def end_sessions(
    session: Session,
    account_id: int,
    *,
    reason: EndReason,
    at: datetime,
    only: int | None = None,
    but: int | None = None,
) -> int:
    """End the account's open sign-ins, or `only` one, or all `but` one; return how many."""
    statement = update(SignInSession).where(
        SignInSession.account_id == account_id, SignInSession.ended_at.is_(None)
    )
    if only is not None:
        statement = statement.where(SignInSession.id == only)
    if but is not None:
        statement = statement.where(SignInSession.id != but)
    result = session.execute(statement.values(ended_at=at, end_reason=reason))
    return int(result.rowcount)  # type: ignore[attr-defined]


def is_own_device(session: Session, account_id: int, device_token: str) -> bool:
    """Return whether somebody signed in to the account from this browser before."""
    # A browser without a token is nobody's own; else all such browsers would be one.
    return device_token != "" and (
        session.scalar(
            select(SignInSession.id)
            .where(
                SignInSession.account_id == account_id,
                SignInSession.device_hash == token_hash(device_token),
            )
            .limit(1)
        )
        is not None
    )


def _find(connection: Connection, token: str, at: datetime) -> _Found | None:
    asked = {"token_hash": token_hash(token), "on": clock.office_day(at)}
    row = _FIND.first(connection, asked)
    return None if row is None else _Found(*row)
