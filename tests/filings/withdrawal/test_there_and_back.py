"""Whatever an employer sends about its people, in any order: taken back, all is as before."""

from datetime import date, timedelta

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from siweb.collection.books.imbalance import Scope
from siweb.collection.books.prove import check_books
from siweb.filings.tables.filing_row import FilingRow
from siweb.ledgers.tables.contribution_record import ContributionRecord
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.declared_base import DeclaredBase
from tests.bills import SEAL_KEY
from tests.conftest import NOW
from tests.factories import make_id_number
from tests.filings.withdrawal.test_withdraw import ROWS, hire, of, rights

STRANGERS = [make_id_number(date(1991, 5, 1), serial=7111 + 2 * each) for each in range(3)]
# What may be sent of somebody who works there, and how many are hired before and after it.
sendings = st.lists(
    st.one_of(
        st.permutations(list(ROWS)).map(lambda kinds: tuple(kinds[:1])),
        st.integers(1, 3).map(lambda count: ("hire", count)),
    ),
    min_size=1,
    max_size=3,
    unique_by=lambda sending: sending[0] == "hire",
)


@given(sendings=sendings)
@example(sendings=[("hire", 3), ("leave",)])
@settings(
    max_examples=3,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_rights_are_equal_and_rows_only_added(session, person, sent, take_back, sendings):
    with session.begin_nested() as tried:
        before, rows = rights(session), counts(session)
        filings = []
        for kind, *count in sendings:
            if kind == "hire":
                people = zip(STRANGERS[: count[0]], "甲乙丙", strict=False)
                listed = [hire(id_number=number, name=f"陈{name}") for number, name in people]
            else:
                listed = [of(person, **ROWS[kind])]
            filings.append(sent(kind, *listed))
        assert rights(session) != before

        for hours, filing in enumerate(reversed(filings), 1):
            take_back(filing, at=NOW + timedelta(hours=hours))

        assert rights(session) == before
        assert all(now >= was for now, was in zip(counts(session), rows, strict=True))
        packs = packs_in_force(session)
        assert not list(check_books(session, packs, Scope(), seals=SEAL_KEY).lines())
        tried.rollback()
        session.expire_all()


def counts(session):
    tables = (DeclaredBase, FilingRow, ContributionRecord)
    return [session.scalar(select(func.count()).select_from(table)) for table in tables]
