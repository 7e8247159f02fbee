"""The names of those who looked: helpers whom the person chose, employers, their programs."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from siweb.audit.access_log.entry import AccessLogEntry
from siweb.audit.access_log.read import AccessDay
from siweb.audit.access_log.reason import Function
from siweb.auth.tables.account import Account
from siweb.auth.tables.api_token import ApiToken
from siweb.db.among import among
from siweb.registry.tables.employer import Employer
from siweb.registry.tables.person import Person

# The person knows them: they gave the mandate, or were certified and told both names. Staff act for
# their agency and an employer's people for it, so that those are named, not the people.
_NAMED = frozenset({Function.HELPER.value, Function.RELATIVE.value})


class Names(NamedTuple):
    """Names by account, by employer, and those of the programs by employer and account."""

    helpers: Mapping[int, str]
    employers: Mapping[int, str]
    programs: Mapping[tuple[int, int], str]


def names_of(session: Session, days: Iterable[AccessDay]) -> Names:
    """Return the names that a page of the log needs; one statement for each kind that is there."""
    entries = [entry for day in days for entry in day.entries]
    return Names(
        _helpers(session, {each.account_id for each in entries if each.function in _NAMED}),
        employer_names(session, entries),
        _programs(session, [each for each in entries if each.function == Function.PROGRAM]),
    )


def _helpers(session: Session, accounts: set[int]) -> dict[int, str]:
    if not accounts:
        return {}
    rows = session.execute(
        select(Account.id, Person.name)
        .join(Person, Person.id == Account.person_id)
        .where(among(Account.id, sorted(accounts)))
    )
    return {row.id: row.name for row in rows}


def employer_names(session: Session, entries: Iterable[AccessLogEntry]) -> dict[int, str]:
    """Return the names of the employers in the log; one statement."""
    ids = {each.employer_id for each in entries if each.employer_id}
    if not ids:
        return {}
    rows = session.execute(
        select(Employer.id, Employer.name).where(among(Employer.id, sorted(ids)))
    )
    return {row.id: row.name for row in rows}


def _programs(session: Session, entries: Iterable[AccessLogEntry]) -> dict[tuple[int, int], str]:
    """Return what the employer called its programs; several under one mandate are all named."""
    looked = {(each.employer_id, each.account_id) for each in entries}
    if not looked:
        return {}
    rows = session.execute(
        select(ApiToken.employer_id, ApiToken.account_id, ApiToken.name)
        .where(among(ApiToken.employer_id, sorted({employer for employer, _account in looked})))
        .order_by(ApiToken.id)
    )
    found: dict[tuple[int, int], dict[str, None]] = {}
    for row in rows:
        key = (row.employer_id, row.account_id)
        if key in looked:
            # One that was renewed under its name is named once.
            found.setdefault(key, {})[row.name] = None
    return {key: ", ".join(names) for key, names in found.items()}
