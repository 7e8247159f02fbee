from datetime import date, timedelta

import pytest
from sqlalchemy import select

from siweb.audit.actor import Actor
from siweb.auth.tables.account import Account
from siweb.filings.confirmation.confirm import confirm_filing
from siweb.filings.drafts.open import add_rows, open_filing
from siweb.filings.fields.filing_kind import FilingKind
from siweb.filings.withdrawal.withdraw import withdraw
from siweb.registry.codes import Insurance
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.declared_base import DeclaredBase
from tests import factories
from tests.conftest import NOW

TODAY = date(2026, 11, 24)
ALL = [one.value for one in Insurance]


@pytest.fixture
def actor(session, filer):
    account = session.scalar(select(Account).where(Account.person_id == filer.id))
    return Actor(account.id, filer.id)


@pytest.fixture
def person(session, employer):
    """Somebody who works there and is insured since January 2025."""
    found = factories.make_person(session, name="张伟", region_code="310000")
    factories.make_employment(session, found, employer, hired_on=date(2025, 1, 6))
    for insurance in Insurance:
        factories.make_enrolment(session, found, insurance, employer=employer, from_month="2025-01")
    base = DeclaredBase(
        person_id=found.id,
        employer_id=employer.id,
        region_code=employer.region_code,
        from_month="2025-01",
        declared_base_fen=800_000,
        origin="filing_hire",
        declared_at=NOW - timedelta(days=400),
    )
    session.add(base)
    session.flush()
    return found


@pytest.fixture
def sent(session, employer, actor):
    """Send a filing of a kind, each a minute after the one before."""
    minutes = iter(range(1, 60))

    def send(kind, *rows, of=employer):
        at = NOW + timedelta(minutes=next(minutes))
        packs = packs_in_force(session)
        filing = open_filing(session, of.id, FilingKind(kind), origin="form", actor=actor, at=at)
        found = add_rows(session, filing, rows, packs=packs, on=TODAY)
        done = confirm_filing(
            session, filing, packs=packs, actor=actor, on=TODAY, at=at, secret="s" * 32
        )
        assert done.applied == len(rows), [row.findings for row in found]
        return filing

    return send


@pytest.fixture
def take_back(session, actor):
    def taken(filing, positions=None, at=NOW + timedelta(hours=1)):
        return withdraw(session, filing, positions, reason="填错了人", actor=actor, at=at)

    return taken
