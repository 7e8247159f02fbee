"""Bills of corrections, lists for the tax office and files of payouts: of whom and where they are."""

from hashlib import sha256
from io import BytesIO

import pytest

from siweb.audit.actor import Actor
from siweb.auth.staff.duties import EVERYWHERE, Scope
from siweb.auth.tables.appointment import Function
from siweb.collection.corrections import find as corrections
from siweb.collection.corrections.find import (
    bills_of_corrections,
    corrections_of,
    find_correction,
    identities_of,
    joinings_of,
)
from siweb.collection.payouts.find import insurances_of_file
from siweb.collection.statements import tax_files
from siweb.collection.statements.tax_files import DueList, hand_over, handed_over
from siweb.collection.tables.bill import Bill, BillKind
from siweb.collection.tables.levy_run import LevyKind
from siweb.collection.tables.payout import (
    LineState,
    PaymentFile,
    PaymentFileLine,
    Payout,
    PayoutKind,
    PayoutState,
)
from siweb.collection.tables.record_correction import (
    CorrectionKind,
    IdentityBasis,
    IdentityCorrection,
    RecordCorrection,
)
from siweb.files.store import FileStore
from siweb.registry.codes import Insurance
from siweb.registry.tables.person_alias import PersonAlias
from siweb.tasks.tables.task import Task, TaskState
from tests import factories
from tests.bills import make_levy_run
from tests.conftest import NOW

HERE, THERE, MONTH = "310000", "110000", "2026-08"


@pytest.fixture
def engine(sqlite_engine):
    """Whose a row is, is the same on either database."""
    return sqlite_engine


@pytest.fixture
def people(session):
    for region in (HERE, THERE):
        factories.make_region(session, region)
    return [factories.make_person(session, name=name, region_code=HERE) for name in "甲乙丙"]


@pytest.fixture
def corrected(session):
    """Bill somebody's corrected months to a payer."""

    def corrected(whose, payer, region=HERE, **values):
        run = make_levy_run(
            session, MONTH, kind=LevyKind.ADJUSTMENT, region_code=region,
            person_id=whose and whose.id,
        )  # fmt: skip
        name = "employer_id" if hasattr(payer, "uscc") else "person_id"
        given = {
            "kind": BillKind.ADJUSTMENT, "levy_run_id": run.id, "region_code": region,
            "contribution_month": MONTH, "through_month": MONTH, name: payer.id,
            "employer_fen": 7, "total_fen": 7, "due_on": run.due_on, "issued_at": NOW,
        }  # fmt: skip
        bill = Bill(**(given | values))
        session.add(bill)
        session.flush()
        return bill

    return corrected


def test_bills_of_single_records_are_listed_with_whose_and_who_pays(
    session, people, corrected, monkeypatch
):
    one, two, _three = people
    firm = factories.make_employer(session, name="甲公司", region_code=HERE)
    first, second = corrected(one, firm), corrected(two, one)
    there = corrected(two, firm, THERE)
    corrected(None, firm)
    corrected(one, firm, issued_at=None)

    def listed(scope=EVERYWHERE, page=1):
        found, has_more = bills_of_corrections(session, scope, page=page)
        return [
            (each.bill.id, each.region.code, each.corrected.name, each.employer, each.payer)
            for each in found
        ], has_more

    everything = [
        (there.id, THERE, "乙", "甲公司", None), (second.id, HERE, "乙", None, "甲"),
        (first.id, HERE, "甲", "甲公司", None),
    ]  # fmt: skip
    assert listed() == (everything, False)
    assert listed(Scope(frozenset({HERE}))) == (everything[1:], False)
    monkeypatch.setattr(corrections, "PAGE", 2)
    assert [listed(page=number) for number in (1, 2)] == [
        (everything[:2], True), (everything[2:], False),
    ]  # fmt: skip


@pytest.fixture
def decided(session):
    """A task about somebody that two people decided."""

    def decided(whose, reference):
        made, checked = (
            factories.make_account(session, factories.make_person(session)) for _ in range(2)
        )
        task = Task(
            reference=reference, kind="correct", function=Function.REVIEW, region_code=HERE,
            subject=f"person:{whose.id}", person_id=whose.id, change={}, because="函1号",
            due_on=NOW.date(), state=TaskState.DONE, made_by_account_id=made.id, made_at=NOW,
            checked_by_account_id=checked.id, closed_at=NOW,
        )  # fmt: skip
        session.add(task)
        session.flush()
        return task

    return decided


def test_a_correction_is_found_by_its_reference_and_by_its_person_alone(session, people, decided):
    one, two, former = people
    session.add(PersonAlias(former_id=former.id, person_id=one.id, merged_at=NOW))
    tasks = {}
    for name, whose in (("AAAA22223333", one), ("BBBB22223333", former), ("CCCC22223333", two)):
        tasks[name] = decided(whose, name)
        session.add(
            RecordCorrection(
                task_id=tasks[name].id, kind=CorrectionKind.BASE, person_id=whose.id,
                region_code=HERE, first_month=MONTH, last_month=MONTH, effect={}, corrected_at=NOW,
            )
        )  # fmt: skip
        session.flush()

    def own(found):
        return [each.task.reference for each in found]

    assert own(corrections_of(session, one.id)) == ["BBBB22223333", "AAAA22223333"]
    assert own(corrections_of(session, two.id)) == ["CCCC22223333"]
    found = find_correction(session, "aaaa-2222 3333", one.id)
    assert (found.task, found.correction.task_id) == (
        tasks["AAAA22223333"], tasks["AAAA22223333"].id,
    )  # fmt: skip
    assert find_correction(session, "AAAA22223333", two.id) is None
    assert find_correction(session, "NONE22223333", one.id) is None


def test_identities_and_joinings_are_listed_newest_first_or_one_by_its_reference(
    session, people, decided
):
    one, two, former = people
    for number, whose in enumerate((one, one, two)):
        task = decided(whose, f"IDEN2222333{number}")
        session.add(
            IdentityCorrection(
                task_id=task.id, person_id=whose.id, region_code=HERE,
                basis=IdentityBasis.MISTAKEN, changed=[], was={}, now={}, papers=[], paper="函",
                made_by_account_id=task.made_by_account_id,
                checked_by_account_id=task.checked_by_account_id, corrected_at=NOW,
            )
        )  # fmt: skip
        session.flush()
    for number, (was, stands) in enumerate(
        (
            (former, one),
            (factories.make_person(session), one),
            (factories.make_person(session), two),
        )
    ):
        task = decided(stands, f"JOIN2222333{number}")
        session.add(
            PersonAlias(former_id=was.id, person_id=stands.id, merged_at=NOW, task_id=task.id)
        )
        session.flush()

    for name, listed in (("IDEN", identities_of), ("JOIN", joinings_of)):

        def references(*given, listed=listed):
            return [each.task.reference for each in listed(session, *given)]

        assert references(one.id) == [f"{name}22223331", f"{name}22223330"]
        assert references(two.id) == [f"{name}22223332"]
        assert references(one.id, f"{name.lower()}-2222 3330") == [f"{name}22223330"]
        assert references(one.id, f"{name}22223332") == []


def due(content, region=HERE, month=MONTH, fen=5):
    return DueList(region, month, BytesIO(content), sha256(content).hexdigest(), 1, fen)


def test_a_list_is_numbered_by_region_and_month_and_kept_once(session, people, monkeypatch):
    clerk = factories.make_person(session, name="经办员")
    actor = Actor(factories.make_account(session, clerk).id, clerk.id)
    files = FileStore()

    def hand(*given, by=actor, **values):
        file, is_new = hand_over(session, files, due(*given, **values), actor=by, at=NOW)
        return file.region_code, file.contribution_month, file.number, is_new

    assert hand(b"a") == (HERE, MONTH, 1, True)
    assert hand(b"b", fen=8) == (HERE, MONTH, 2, True)
    assert hand(b"a") == (HERE, MONTH, 1, False)
    # The same list of another month or region is that one's own.
    assert hand(b"a", month="2026-09") == (HERE, "2026-09", 1, True)
    assert hand(b"a", region=THERE, by=Actor(None, None)) == (THERE, MONTH, 1, True)

    def listed(scope=EVERYWHERE, page=1):
        found, has_more = handed_over(session, scope, page=page)
        return [(file.number, region.code, name) for file, region, name, *_ in found], has_more

    everything = [
        (1, THERE, None), (1, HERE, "经办员"), (2, HERE, "经办员"), (1, HERE, "经办员"),
    ]  # fmt: skip
    assert listed() == (everything, False)
    assert listed(Scope(frozenset({HERE}))) == (everything[1:], False)
    monkeypatch.setattr(tax_files, "PAGE", 3)
    assert [listed(page=number) for number in (1, 2)] == [
        (everything[:3], True), (everything[3:], False),
    ]  # fmt: skip


def test_a_file_is_of_the_insurances_that_pay_by_it(session, people):
    account = factories.make_account(session, people[0])
    files = []
    for number, kind in enumerate((PayoutKind.REFUND, PayoutKind.HEIRS), 1):
        file = PaymentFile(
            reference=f"F{number}", region_code=HERE, debtor_name="社保", debtor_account="1",
            debtor_bank="银行", execution_on=NOW.date(), transactions=1, total_fen=1,
            made_at=NOW, made_by_account_id=account.id, released_by_account_id=account.id,
        )  # fmt: skip
        payout = Payout(
            reference=f"P{number}", region_code=HERE, kind=kind, source=f"s{number}",
            person_id=people[0].id, amount_fen=1, state=PayoutState.SENT, ordered_at=NOW,
        )  # fmt: skip
        session.add_all([file, payout])
        session.flush()
        session.add(
            PaymentFileLine(
                payment_file_id=file.id, number=1, payout_id=payout.id,
                end_to_end=f"E{number}", payee_name="王", payee_account="1", payee_bank="2",
                amount_fen=1, state=LineState.SENT,
            )
        )  # fmt: skip
        session.flush()
        files.append(file.id)

    found = [insurances_of_file(session, number) for number in files]

    assert found == [frozenset(), {Insurance.PENSION}]
    assert insurances_of_file(session, files[-1] + 1) == frozenset()
