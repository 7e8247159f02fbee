"""Two imports at the same moment: every entry counts once, and neither stops the other."""

from threading import Barrier, Thread

import pytest
from sqlalchemy import event, func, select

from siweb.audit.actor import SYSTEM
from siweb.collection.statements.import_entries import Imported, import_piece, pieces
from siweb.collection.statements.open_statement import file_of, identified, survey
from siweb.collection.tables.bill import Bill
from siweb.collection.tables.payment import Payment
from siweb.db.engine import make_sessions
from siweb.registry.packs.in_force import packs_in_force
from tests.bills import PACK_REGION, make_bill
from tests.collection.statements.make_statements import (
    balance,
    camt,
    detail,
    entry,
    import_file,
    opened,
    register,
)
from tests.conftest import NOW
from tests.factories import make_employer, make_person, make_region
from tests.levies import BEIJING, SHANGHAI
from tests.migrated import own_postgresql

MOST, FEW = 60, 12


@pytest.fixture
def offices(postgresql_url):
    """Sessions of a PostgreSQL database whose transactions are real ones."""
    with own_postgresql(postgresql_url, "two_regions") as engine:
        yield make_sessions(engine)


def files(kind):
    """The same file twice, or two that overlap and stand in opposite orders."""
    entries = [entry(f"{number}.00", ref=f"R{number}") for number in range(1, MOST + 1)]
    if kind == "the same file":
        return camt(*entries), camt(*entries)
    if kind == "entries without a reference":
        same = [entry("1.00", ref=None) for _ in range(MOST)]
        return camt(*same), camt(balance("XXXX", "0.00"), *same)
    return camt(*entries), camt(*reversed(entries))


SUMS = {
    "the same file": 100 * MOST * (MOST + 1) // 2,
    "overlapping files in opposite orders": 100 * MOST * (MOST + 1) // 2,
    "entries without a reference": 100 * MOST,
}


def race(offices, folder, imports, size=7):
    """Import files at the same moment, each as the job does; return what each came to."""
    start, counts, failures = Barrier(len(imports)), [], []

    def work(number, region, content):
        try:
            with offices() as session:
                kept, file = opened(session, folder, content, region, name=f"file{number}")
                # Neither is there for the other to find yet: one file would be one statement.
                start.wait(60)
                read = file_of(session, kept, file, today=NOW.date())
                survey(session, kept, read)
                session.commit()
                start.wait(60)
                total, packs = Imported(), packs_in_force(session)
                for piece in pieces(identified(kept, read), 0, size):
                    total.add(
                        import_piece(session, kept.id, piece, actor=SYSTEM, at=NOW, packs=packs)
                    )
                    session.commit()
                counts.append(total)
        except Exception as error:
            failures.append(error)
            raise

    threads = [Thread(target=work, args=(number, *given)) for number, given in enumerate(imports)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    return counts


@pytest.mark.postgresql
@pytest.mark.parametrize("kind", SUMS)
def test_two_regions_at_once_book_every_entry_once(offices, tmp_path, kind):
    with offices() as session:
        for region in (BEIJING, SHANGHAI):
            make_region(session, region)
        register(session)
        session.commit()

    counts = race(offices, tmp_path, list(zip((BEIJING, SHANGHAI), files(kind), strict=True)))

    with offices() as session:
        assert session.scalar(select(func.sum(Payment.amount_fen))) == SUMS[kind]
    assert sum(total.booked for total in counts) == MOST
    assert sum(total.duplicates for total in counts) == MOST


@pytest.mark.postgresql
def test_two_imports_of_a_region_wait_for_one_another_and_never_both(offices, tmp_path):
    with offices() as session:
        register(session)
        employers = [make_employer(session, region_code=PACK_REGION) for _ in range(FEW)]
        bills = [
            make_bill(session, [make_person(session)], employer=employer) for employer in employers
        ]
        numbers = [f"{bill.bank_reference:012d}" for bill in bills]
        session.commit()

    def paying(mark, numbers):
        return camt(
            *(
                entry("1.00", ref=f"{mark}{number}", details=detail(text=number))
                for number in numbers
            )
        )

    files = (paying("A", numbers), paying("B", numbers[::-1]))
    counts = race(offices, tmp_path, [(PACK_REGION, content) for content in files], size=FEW)

    assert sum(total.matched for total in counts) == 2 * FEW
    with offices() as session:
        assert session.scalar(select(func.sum(Bill.paid_fen))) == 200 * FEW


def test_a_region_finds_what_another_imported(session, tmp_path):
    for region in (BEIJING, SHANGHAI):
        make_region(session, region)
    register(session)
    import_file(session, tmp_path, camt(entry(), entry(ref="B")), BEIJING)

    _kept, total = import_file(session, tmp_path, camt(entry(ref="B"), entry(ref="C")), SHANGHAI)

    assert (total.booked, total.duplicates) == (1, 1)
    assert session.scalar(select(func.sum(Payment.amount_fen))) == 3_000


def test_a_piece_holds_the_money_before_its_statement_as_withdrawing_does(session, tmp_path):
    make_region(session, BEIJING)
    register(session)
    kept, file = opened(session, tmp_path, camt(entry()), BEIJING)
    read, said = file_of(session, kept, file, today=NOW.date()), []
    survey(session, kept, read)
    session.flush()

    def hear(_connection, _cursor, statement, *_more):
        said.append(" ".join(statement.split()))

    bind = session.connection()
    event.listen(bind, "before_cursor_execute", hear)
    (piece,) = pieces(identified(kept, read), 0)
    packs = packs_in_force(session)
    import_piece(session, kept.id, piece, actor=SYSTEM, at=NOW, packs=packs)
    event.remove(bind, "before_cursor_execute", hear)

    held = [place for place, each in enumerate(said) if "FROM region WHERE" in each]
    claimed = [place for place, each in enumerate(said) if each.startswith("UPDATE bank_statement")]
    assert held[0] < claimed[0]
