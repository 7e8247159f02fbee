"""What a bill's pages say of it, as names and values in the order they show them."""

from collections.abc import Iterator

from flask_babel import gettext as _

from siweb.collection.bills.find import BillOn, BillState
from siweb.web.language.formats import day, yuan


def due_facts(now: BillOn) -> Iterator[tuple[str, str]]:
    """Yield what a bill comes to on a day, what was paid of it, and which days count."""
    bill = now.bill
    yield _("Total of the bill"), yuan(bill.total_fen)
    if bill.paid_fen:
        yield _("Paid so far"), yuan(bill.paid_fen)
    if now.written_off_on:
        yield _("Written off"), f"{yuan(now.written_off_fen)} · {day(now.written_off_on)}"
    if now.late_fee_fen or now.state is BillState.OVERDUE:
        yield _("Late fee"), yuan(now.late_fee_fen)
    if bill.late_fee_paid_fen:
        yield _("Late fee paid"), yuan(bill.late_fee_paid_fen)
    yield _("Last day to pay"), day(bill.due_on)
    if now.deferred_until:
        yield _("Deferred until"), day(now.deferred_until)
    if bill.late_fee_waived_until and bill.employer_id:
        yield _("No late fee until"), day(bill.late_fee_waived_until)
