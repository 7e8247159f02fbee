"""What the desk's page says of arrears, as names and values in the order it shows them."""

from collections.abc import Iterator

from flask_babel import gettext as _

from siweb.collection.arrears.find import FoundArrears
from siweb.collection.payments.bank_reference import printed
from siweb.collection.tables.arrears import ArrearsState, Deferral
from siweb.desk.arrears.labels import SHARES
from siweb.web.language.formats import day, yuan
from siweb.web.language.labels import insurance_names

Fact = tuple[str, str]


def arrears_facts(found: FoundArrears) -> Iterator[Fact]:
    """Yield what is owed, since when, and the days that run."""
    arrears, bill = found.arrears, found.bill
    yield _("Total of the bill"), yuan(bill.total_fen)
    yield _("Paid so far"), yuan(bill.paid_fen)
    yield _("Late fee"), yuan(found.late_fee_fen)
    if found.is_capped:
        yield _("Late fee if it were not capped"), yuan(found.otherwise_fen)
    else:
        yield _("Late fee if capped at the unpaid premium"), yuan(found.otherwise_fen)
    yield _("To pay today"), yuan(found.to_pay_fen)
    yield _("Last day to pay"), day(bill.due_on)
    if bill.bank_reference is not None:
        yield _("Reference of the transfer"), printed(bill.bank_reference)
    yield _("Found on"), day(arrears.found_on)
    # Nobody is left to send a notice to.
    if arrears.state is not ArrearsState.WRITTEN_OFF:
        yield _("Notice due by"), day(arrears.notice_by)
    if arrears.noticed_on and arrears.pay_by:
        yield _("Notice received on"), day(arrears.noticed_on)
        yield _("To be paid by"), day(arrears.pay_by)
    if arrears.deferred_until:
        yield _("Deferred until"), day(arrears.deferred_until)
        yield _("Legal basis"), arrears.legal_basis or ""


def decision_facts(deferral: Deferral | None) -> Iterator[Fact]:
    """Yield who decided that arrears wait, and what of them; nothing where nobody was noted."""
    if deferral is None or not deferral.decided_by:
        return
    yield _("Deciding body"), deferral.decided_by
    if deferral.decision_number:
        yield _("Number of the decision or agreement"), deferral.decision_number
    if deferral.decided_on:
        yield _("Date of the decision"), day(deferral.decided_on)
    yield _("Deferred from"), day(deferral.from_on)
    yield _("Deferred until"), day(deferral.until)
    yield _("What is deferred"), str(SHARES[deferral.share])
    if deferral.insurances:
        yield _("Only these insurances"), insurance_names(deferral.insurances)
    if deferral.deferred_fen is not None:
        yield _("Deferred amount"), yuan(deferral.deferred_fen)
    if deferral.security:
        yield _("Security"), deferral.security
