"""No account of a payer or payee stands in the database in the clear, before and after a change."""

import pytest
from alembic import command
from sqlalchemy import select
from sqlalchemy.orm import Session

from siweb import schema
from siweb.audit.actor import Actor
from siweb.auth.tables.appointment import Function
from siweb.collection.books.sealed_books import SEALED_BOOKS
from siweb.collection.payments.record import Received, record_payment
from siweb.collection.payouts.order import Payee, name_payee, order_payout
from siweb.collection.payouts.release import Order, as_kept, as_read, as_shown, payable, release
from siweb.collection.statements.bank_accounts import add_account
from siweb.collection.tables.payment import Payment, PaymentKind
from siweb.collection.tables.payout import PaymentFileLine, Payout, PayoutKind
from siweb.db.migrate import alembic_config, migrate
from siweb.db.sealing.columns import seal_text, unseal_text
from siweb.db.sealing.field_keys import FieldKeys
from siweb.ledgers.seals.changes import DayChanges
from siweb.reseal.tables import reseal_column, sealed_columns
from siweb.tasks.tables.task import Task
from siweb.wizard.answers import open_draft, save_answer
from siweb.wizard.draft import DraftAnswer
from tests import factories
from tests.conftest import NOW
from tests.db.sealing.test_sealed_numbers import dump
from tests.migrated import lay_schema
from tests.office_secrets import SECRETS

REGION, BEFORE = "310000", "0104"
PAYER, FIRST, NEXT = "6217000011112222", "100123456789", "200123456789"
ACCOUNTS = (PAYER, FIRST, NEXT)


@pytest.fixture
def office(empty_engine):
    lay_schema(empty_engine)
    with Session(empty_engine) as session:
        factories.make_region(session, REGION)
        clerk = factories.make_person(session, region_code=REGION, name="出纳")
        actor = Actor(factories.make_account(session, clerk).id, clerk.id)
        _fill(session, clerk, actor)
        session.commit()
    return empty_engine


def _fill(session, clerk, actor):
    received = Received("bank|1", 500, NOW.date(), "王芳", PAYER, "")
    record_payment(session, REGION, PaymentKind.TRANSFER, received, actor=actor, at=NOW)
    cash = Received("cash|1", 500, NOW.date())
    record_payment(session, REGION, PaymentKind.TRANSFER, cash, actor=actor, at=NOW)
    payout = order_payout(
        session, PayoutKind.HEIRS, "task:A", 100, region_code=REGION, person_id=clerk.id,
        payee=Payee("王芳", FIRST), actor=actor, at=NOW,
    )  # fmt: skip
    name_payee(session, payout, Payee("王芳", NEXT), actor=actor, at=NOW)
    shown = as_shown(payable(session, REGION))
    for number, (kind, change) in enumerate(
        (
            ("payout.payee", {"name": "王芳", "account": seal_text(NEXT), "bank": ""}),
            ("payout.release", {"account_id": 1, "shown": as_kept(shown)}),
        )
    ):
        session.add(
            Task(
                reference=f"TASK{number}", kind=kind, function=Function.FINANCE, subject=kind,
                region_code=REGION, change=change, because="", due_on=NOW.date(), made_at=NOW,
                made_by_account_id=actor.account_id,
            )
        )  # fmt: skip
    draft = open_draft(session, "pension", ("person", 1), account_id=actor.account_id, at=NOW)
    save_answer(session, draft, "bank", {"bank_card": [PAYER]}, seen=0, at=NOW)
    own = add_account(session, "31050000888", "示范银行", region_code=REGION, actor=actor, at=NOW)
    release(
        session, REGION, Order(own.id, NOW.date()), shown, made_by=actor.account_id,
        actor=actor, at=NOW,
    )  # fmt: skip


def read(engine):
    """What the office reads of all that is sealed of accounts."""
    book = next(book for book in SEALED_BOOKS if book.name == "payout")
    with Session(engine) as session:
        changes = DayChanges(session, book, REGION, NOW.date())
        named, released = (
            session.scalars(select(Task.change).where(Task.kind == kind)).one()
            for kind in ("payout.payee", "payout.release")
        )
        return {
            "payers": session.scalars(select(Payment.payer_account).order_by(Payment.id)).all(),
            "payees": session.scalars(select(Payout.payee_account)).all(),
            "lines": session.scalars(select(PaymentFileLine.payee_account)).all(),
            "typed": session.scalars(select(DraftAnswer.typed)).one(),
            "task": unseal_text(named["account"]),
            "shown": [each[2] for each in as_read(released["shown"])],
            "changes": [
                (step.was, step.now)
                for steps in changes._steps.values()
                for step in steps
                if step.column == "payee_account"
            ],
        }


def in_clear(engine):
    content = dump(engine)
    return {account for account in ACCOUNTS if account.encode() in content}


def test_no_account_is_in_the_clear_and_those_of_an_older_office_are_sealed(office):
    now = read(office)

    assert now == {
        "payers": [PAYER, ""],
        "payees": [NEXT],
        "lines": [NEXT],
        "typed": {"bank_card": [PAYER]},
        "task": NEXT,
        "shown": [NEXT],
        "changes": [(f'"{FIRST}"', f'"{NEXT}"')],
    }
    assert in_clear(office) == set()

    command.downgrade(alembic_config(office), BEFORE)
    assert in_clear(office) == set(ACCOUNTS)

    migrate(office)
    assert read(office) == now
    assert in_clear(office) == set()


def test_a_new_field_key_takes_all_accounts_over(office, monkeypatch):
    both = FieldKeys(["new", SECRETS["field_key"]], "d")
    changed = {of.name: reseal_column(office, of, both) for of in sealed_columns()}

    assert {name for name, number in changed.items() if number} >= {
        "payment.payer_account", "payout.payee_account", "payment_file_line.payee_account",
        "task.change", "book_change.was", "book_change.now", "draft_answer.typed",
    }  # fmt: skip
    assert {of.name: reseal_column(office, of, both) for of in sealed_columns()} == dict.fromkeys(
        changed, 0
    )


def test_every_column_of_accounts_is_sealed_or_named():
    named = {
        (table.name, column.name)
        for table in schema.metadata.tables.values()
        for column in table.columns
        if column.name.endswith(("_account", "_card")) or column.name in {"account", "iban"}
    }
    sealed = {(of.table.name, of.column.name) for of in sealed_columns()}

    # The office's own, and that of an employer: of a firm, and matched with payers by statements.
    assert named - sealed == {
        ("bank_statement", "account"), ("statement_day", "account"), ("entry_claim", "account"),
        ("held_entry", "account"), ("payment_file", "debtor_account"), ("employer", "bank_account"),
    }  # fmt: skip
