"""Each entry that was not simply booked: why, what stands wrong, what to do, what it may be of."""

import re
from itertools import count

import pytest
from sqlalchemy import select

from siweb.collection.statements.labels import ADVICE, FIELDS, REASONS
from siweb.collection.tables.held_entry import HeldEntry, HeldReason, HeldState
from siweb.collection.tables.payment import Payment
from tests import factories
from tests.bills import PACK_REGION, make_bill
from tests.collection.assessments.test_pages import text_of
from tests.collection.statements.make_statements import (
    camt,
    detail,
    entry,
    import_file,
    register,
)
from tests.desk.test_assessments import clock, desk  # noqa: F401 - fixtures

# Ones that the readers name with an element or a word of their own.
WRONG = (
    entry(ref="R", side="DBIT", reversal="true"), entry(ref="A"), entry(ref="A"),
    entry("30.00", ref="D", details=detail("31.00")), entry(ref="C", currency="USD"),
    entry("1.005", ref="M"), entry(None, ref="N"), entry("0.00", ref="Z"), entry(day="", ref="Y"),
    entry(day="9999-12-31", ref="F"), entry(day="2011-06-30", ref="O"), entry(side="", ref="S"),
    entry(ref=None), entry("2.00", ref=None),
)  # fmt: skip
AGAIN = (entry(ref=None), entry("3.00", ref=None), entry(ref="A", details=detail(payer="乙")))


@pytest.fixture
def load(session, tmp_path):
    factories.make_region(session, PACK_REGION)
    register(session)
    numbers = count()

    def import_entries(*entries):
        name = f"bank{next(numbers)}.xml"
        return import_file(session, tmp_path, camt(*entries), PACK_REGION, name=name)[0]

    return import_entries


@pytest.fixture
def staff(desk):  # noqa: F811
    return desk()


def title(page):
    return " ".join(re.search(r"<title>(.*?)</title>", page, re.DOTALL)[1].split())


def test_every_reason_has_a_page_with_what_to_do(staff, session, load):
    load(*WRONG)
    second = load(*AGAIN)
    session.add(
        HeldEntry(
            statement_id=second.id, region_code=PACK_REGION, number=99, state=HeldState.WAITING,
            reason=HeldReason.TWO_AMOUNTS, field="收入", text="1.00 / 2.00",
        )
    )  # fmt: skip
    session.commit()
    pages = {}

    for held in session.scalars(select(HeldEntry)):
        page = text_of(staff.get(f"/desk/bank-entries/{held.id}"))
        pages[held.reason] = page
        assert f"{REASONS[held.reason]} {ADVICE[held.reason]}" in page
        names = re.findall(r"<dt>(.*?)</dt>", page)
        assert not {"reference", "payer", "statement", "Amt", "ValDt"} & set(names)
        assert not held.field or str(FIELDS.get(held.field, held.field)) in names
        assert "None" not in title(page)

    assert set(pages) == set(HeldReason)
    assert "bank0.xml" in pages[HeldReason.IN_BOTH]


def test_every_page_of_money_has_a_title_of_its_own(staff, session, load):
    bill = make_bill(session, [factories.make_person(session)])
    statements = [load(entry(ref=ref), entry("0.00", ref=f"{ref}0")) for ref in ("A", "B")]
    session.commit()
    addresses = [f"/desk/statements/{kept.id}" for kept in statements]
    for table, path in ((HeldEntry, "bank-entries"), (Payment, "payments")):
        addresses += [f"/desk/{path}/{row.id}" for row in session.scalars(select(table))]

    titles = [title(text_of(staff.get(address))) for address in addresses]

    assert bill.id
    assert len(set(titles)) == len(addresses) == 6


def test_the_labels_of_a_payments_fields_are_all_different(staff, session, load):
    load(entry(ref="A"))
    session.commit()
    payment = session.scalars(select(Payment)).one()

    page = text_of(staff.get(f"/desk/payments/{payment.id}"))

    main = page[page.index("<main") :]
    labels = [
        " ".join(label.split())
        for label in re.findall(r"<label[^>]*>(.*?)</label>", main, re.DOTALL)
    ]
    assert len(labels) == len(set(labels)) >= 8


def test_the_tax_office_is_named_in_words(staff, session, load):
    load(entry(ref="A")).bank = "tax"
    session.commit()

    page = text_of(staff.get("/desk/statements"))

    assert ("Tax office ·" in page, "tax ·" in page) == (True, False)


BATCH = detail("6.00", payer="甲") + detail("4.00", payer="乙")


def test_the_return_of_a_batch_names_its_payments_and_opens_all_their_bills(staff, session, load):
    bills = [make_bill(session, [factories.make_person(session)]) for _ in range(2)]
    first, second = (f"{bill.bank_reference:012d}" for bill in bills)
    parts = detail("6.00", payer="甲", text=first) + detail("4.00", payer="乙", text=second)
    load(
        entry("10.00", ref="B1", day="2026-08-10", details=parts),
        entry("4.00", ref="C", day="2026-08-10"),
    )
    load(entry("10.00", ref="R", side="DBIT", reversal="true", day="2026-08-11"))
    session.commit()
    held = session.scalars(select(HeldEntry)).one()
    address = f"/desk/bank-entries/{held.id}"
    batch = session.scalars(select(Payment).order_by(Payment.id)).all()[:2]

    page = text_of(staff.get(address))
    assert "A batch of this amount" in page
    for payment in batch:
        assert f'href="/desk/payments/{payment.id}"' in page
    assert f'name="return-payment" value="{batch[0].id}"' in page
    assert [bill.paid_fen for bill in bills] == [600, 400]

    staff.post(f"{address}/return", data={"return-payment": batch[0].id})

    session.expire_all()
    assert (held.state, [bill.paid_fen for bill in bills]) == (HeldState.RETURNED, [0, 0])
    assert [payment.unallocated_fen for payment in batch] == [0, 0]


@pytest.mark.parametrize(
    "returned",
    [{"amount": "9.00"}, {"amount": "4.00"}],
    ids=["another amount", "one of its payments"],
)
def test_a_batch_is_no_suggestion_for_another_amount(staff, session, load, returned):
    load(entry("10.00", ref="B1", day="2026-08-10", details=BATCH))
    load(entry(ref="R", side="DBIT", reversal="true", **{"day": "2026-08-11", **returned}))
    session.commit()
    held = session.scalars(select(HeldEntry)).one()
    first = session.scalars(select(Payment).order_by(Payment.id)).first()
    address = f"/desk/bank-entries/{held.id}"

    assert "A batch of this amount" not in text_of(staff.get(address))
    staff.post(f"{address}/return", data={"return-payment": first.id})

    session.refresh(held)
    assert held.state is HeldState.WAITING
