"""Every person's pages beside the rows of the books: each sum and each amount stands on them."""

from collections import defaultdict

from sqlalchemy import or_, select

from siweb.collection.tables.bill import Bill
from siweb.collection.tables.levy_run import LevyRun, LevyState
from siweb.ledgers.tables.account_entry import AccountEntry
from siweb.ledgers.tables.benefit_entry import BenefitEntry
from siweb.ledgers.tables.contribution_record import ContributionRecord
from siweb.registry.tables.person import Person
from siweb.web.database import database
from tests.browser.agency_month.plain_actor import ReadMain
from tests.sign_in import sign_in


def hold_pages_to_the_books(stage, *, at_least):
    """The books balance, and nobody's pages lack a figure of them; so many were looked for."""
    stage.office.run("close-day")
    stage.office.run("seal")
    assert "The books balance." in stage.office.run("check")
    missing, looked = [], 0
    for (key,) in stage.reads(select(Person.id).where(Person.died_on.is_(None))):
        read = _reader(stage, key)
        for address, figure in _figures(stage, key):
            looked += 1
            if figure not in read(address):
                missing.append((key, address, figure))
    assert looked >= at_least
    assert not missing


def _reader(stage, key):
    """Return what reads a page as this person, each once."""
    client, pages = stage.office.app.test_client(), {}
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    with database(stage.office.app).writers() as session:
        sign_in(client, session, session.get_one(Person, key))
        session.commit()

    def read(address):
        if address not in pages:
            answer = client.get(address)
            assert answer.status_code == 200, (key, address)
            pages[address] = " ".join(" ".join(ReadMain(answer.text).texts).split())
        return pages[address]

    return read


def _figures(stage, key):
    yield from _of_record(stage, key)
    entries = stage.reads(select(AccountEntry.amount_fen).where(AccountEntry.person_id == key))
    if entries:
        yield "/record/account", f"Balance {cny(sum(fen for (fen,) in entries))}"
    paid = select(BenefitEntry.amount_fen).where(BenefitEntry.person_id == key)
    for (fen,) in stage.reads(paid):
        yield "/record/benefits", cny(fen)
    for fen, owed in stage.reads(
        select(Bill.total_fen, Bill.total_fen - Bill.paid_fen).where(Bill.person_id == key)
    ):
        yield "/bills", f"{cny(fen)} {'To pay' if owed else 'Paid'}"


def _of_record(stage, key):
    """The shares of each year and the base and shares of each month and insurance."""
    record, run = ContributionRecord, LevyRun
    rows = stage.reads(
        select(
            record.contribution_month, record.insurance, record.base_fen,
            record.employer_fen, record.employee_fen,
        )
        .outerjoin(run, run.id == record.levy_run_id)
        .where(record.person_id == key, or_(run.id.is_(None), run.state == LevyState.ISSUED))
    )  # fmt: skip
    years, months = defaultdict(lambda: [0, 0]), defaultdict(lambda: [0, 0, 0])
    for month, insurance, *amounts in rows:
        for place, fen in enumerate(amounts[1:]):
            years[month[:4]][place] += fen
        for place, fen in enumerate(amounts):
            months[month, insurance][place] += fen
    for year, (employer, employee) in years.items():
        yield f"/record/{year}", f"Own share {cny(employee)} Employer’s share {cny(employer)}"
    for (month, _insurance), amounts in months.items():
        for fen in amounts:
            yield f"/record/months/{month}", cny(fen)


def cny(fen):
    return f"CNY {fen // 100:,}.{fen % 100:02d}"
