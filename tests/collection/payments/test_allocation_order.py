"""The order in which money is used is the office's, whoever uses it; credit that was kept too."""

import ast
from dataclasses import replace

import click
import pytest
from sqlalchemy import func, select

from siweb.app import create_app
from siweb.audit.actor import SYSTEM
from siweb.cli import settings as command
from siweb.collection.books.imbalance import Scope
from siweb.collection.books.prove import check_books
from siweb.collection.payments.allocate import allocate
from siweb.collection.payments.allocation_order import AllocationOrder, order_of
from siweb.collection.payments.by_staff import match_by_staff
from siweb.collection.payments.keep_credit import keep_credit
from siweb.collection.payments.record import Received, entry_key, record_payment
from siweb.collection.tables.bill import Bill, BillLine
from siweb.collection.tables.payment import (
    Allocation,
    AllocationKind,
    MatchedBy,
    Payment,
    PaymentKind,
)
from siweb.registry.codes import Insurance
from siweb.registry.packs.in_force import packs_in_force
from siweb.settings import SettingError, Settings
from tests.architecture.sources import PACKAGE, files, shown, tree
from tests.bills import make_bill, make_levy_run, receive
from tests.conftest import NOW
from tests.factories import make_employer, make_person
from tests.levies import BEIJING, INSURANCES, levy

BY_STAFF = {"matched_by": MatchedBy.STAFF, "actor": SYSTEM, "at": NOW}


@pytest.mark.parametrize(
    ("words", "order"),
    [
        ("", AllocationOrder()),
        ("oldest, late_fee", AllocationOrder(oldest_first=True, late_fee_first=True)),
        (
            "medical,pension",
            AllocationOrder(
                insurances=(
                    Insurance.MEDICAL,
                    Insurance.PENSION,
                    Insurance.UNEMPLOYMENT,
                    Insurance.WORK_INJURY,
                    Insurance.MATERNITY,
                )
            ),
        ),
    ],
)
def test_the_setting_names_the_order(words, order):
    assert order_of(Settings(allocation_order=words)) == order


@pytest.mark.parametrize("words", ["newest", "pension,pension", "oldest,oldest"])
def test_a_word_that_names_nothing_is_refused(words):
    with pytest.raises(SettingError, match="SIWEB_ALLOCATION_ORDER"):
        order_of(Settings(allocation_order=words))


def test_an_app_refuses_a_wrong_order_at_its_start(settings):
    with pytest.raises(SettingError, match="SIWEB_ALLOCATION_ORDER"):
        create_app(replace(settings, allocation_order="newest"))


# Whoever uses money below an entry point, and takes the office's order as an argument.
USERS = {
    "allocate", "match_by_staff", "split_payment", "use_credit", "use_credits", "import_piece",
    "take_notification", "end_levy", "finish_levy", "use_kept_credit", "settle", "settle_all",
    "pay_bill",
}  # fmt: skip
# The demonstration and the bench make money of their own, in the order of law.
IN_ORDER_OF_LAW = ("siweb/demo/", "siweb/bench/")


def test_every_caller_passes_the_offices_order_on():
    offenders = []
    for path in files(PACKAGE, ".py"):
        if shown(path).startswith(IN_ORDER_OF_LAW):
            continue
        for node in ast.walk(tree(path)):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            if node.func.id in USERS and not any(word.arg == "order" for word in node.keywords):
                offenders.append(f"{shown(path)}:{node.lineno} {node.func.id}")

    # The worker's `settle` is another: it settles memory.
    assert [one for one in offenders if not one.startswith("siweb/jobs/worker.py")] == []


def test_commands_use_the_order_of_the_settings(monkeypatch, tmp_path):
    monkeypatch.setenv("SIWEB_VAR_DIR", str(tmp_path))
    monkeypatch.setenv("SIWEB_ALLOCATION_ORDER", "oldest")

    assert command.command_order().oldest_first


def test_commands_refuse_a_wrong_order(monkeypatch, tmp_path):
    monkeypatch.setenv("SIWEB_VAR_DIR", str(tmp_path))
    monkeypatch.setenv("SIWEB_ALLOCATION_ORDER", "newest")

    with pytest.raises(click.ClickException, match="SIWEB_ALLOCATION_ORDER"):
        command.command_order()


def test_whoever_uses_money_uses_it_in_the_offices_order(session):
    order = order_of(Settings(allocation_order="oldest,medical"))
    employer = make_employer(session)
    old, new = (
        make_bill(
            session, [make_person(session)], employer=employer, run=make_levy_run(session, month)
        )
        for month in ("2026-07", "2026-08")
    )
    payment = receive(session, 100, old.due_on)

    match_by_staff(
        session,
        payment,
        new.bank_reference,
        order=order,
        actor=SYSTEM,
        at=NOW,
        packs=packs_in_force(session),
    )

    assert session.scalars(select(Allocation.insurance)).all() == [Insurance.MEDICAL]
    later = receive(session, 100, old.due_on)
    allocate(
        session,
        later,
        [new, old],
        named=new,
        order=order,
        **BY_STAFF,
        packs=packs_in_force(session),
    )
    assert (old.paid_fen, new.paid_fen) == (100, 100)


def tax(session, fen, says, on):
    received = Received(entry_key("test", fen, says), fen, on, remittance=says)
    return record_payment(session, BEIJING, PaymentKind.TAX, received, actor=SYSTEM, at=NOW)[0]


def test_money_of_the_tax_office_pays_only_what_it_collects(
    session, hire_at, insure, tax_office_collects
):
    insure(900_000, hire_at())
    tax_office_collects("pension", "unemployment", "work_injury")
    levy(session)
    bill = session.scalars(select(Bill)).one()
    lines = {one.insurance: one for one in session.scalars(select(BillLine))}
    medical = lines[Insurance.MEDICAL]
    collected = bill.total_fen - medical.total_fen
    payment = tax(session, collected + 500, "", bill.due_on)

    allocate(session, payment, [bill], **BY_STAFF, packs=packs_in_force(session))

    assert (bill.paid_fen, medical.paid_fen, payment.unallocated_fen) == (collected, 0, 500)
    assert not list(check_books(session, packs_in_force(session), Scope()).lines())


def test_a_receipt_pays_the_insurance_that_it_names(session, hire_at, insure, tax_office_collects):
    insure(900_000, hire_at())
    tax_office_collects(*INSURANCES)
    levy(session)
    bill = session.scalars(select(Bill)).one()
    injury = session.scalars(
        select(BillLine).where(BillLine.insurance == Insurance.WORK_INJURY)
    ).one()
    payment = tax(session, injury.total_fen, "工伤保险", bill.due_on)

    allocate(session, payment, [bill], **BY_STAFF, packs=packs_in_force(session))

    assert (injury.paid_fen, bill.paid_fen) == (injury.total_fen, injury.total_fen)


def test_no_late_fee_is_taken_of_money_for_lines_that_are_not_there(
    session, hire_at, insure, tax_office_collects
):
    insure(900_000, hire_at())
    tax_office_collects("maternity")
    levy(session)
    bill = session.scalars(select(Bill)).one()
    payment = tax(session, 500, "", NOW.date())

    assert allocate(session, payment, [bill], **BY_STAFF, packs=packs_in_force(session)) == []
    assert payment.unallocated_fen == 500


@pytest.fixture
def overpaid(session, hire_at, insure):
    """Twice what a month comes to, on its due day."""
    insure(900_000, hire_at())
    levy(session, month="2026-08")
    bill = session.scalars(select(Bill)).one()
    received = Received(entry_key("test"), bill.total_fen * 2, bill.due_on)
    payment, _ = record_payment(
        session, BEIJING, PaymentKind.TRANSFER, received, actor=SYSTEM, at=NOW
    )
    allocate(session, payment, [bill], **BY_STAFF, packs=packs_in_force(session))
    return payment


def test_credit_that_was_kept_pays_the_next_levy_with_its_own_day(session, overpaid):
    keep_credit(session, overpaid, None, actor=SYSTEM, at=NOW)

    levy(session, month="2026-09")

    bill = session.scalars(select(Bill).order_by(Bill.id.desc()).limit(1)).one()
    assert (bill.outstanding_fen, overpaid.unallocated_fen) == (0, 0)
    fees = select(func.count()).where(Allocation.kind == AllocationKind.LATE_FEE)
    assert session.scalar(fees) == 0
    assert not list(check_books(session, packs_in_force(session), Scope()).lines())


def test_money_that_nobody_decided_about_waits(session, overpaid):
    left = overpaid.unallocated_fen

    levy(session, month="2026-09")

    assert session.scalars(select(Payment.unallocated_fen)).one() == left
