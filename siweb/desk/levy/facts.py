"""What the desk's page says of a run, as names and values in the order it shows them."""

from collections.abc import Iterable, Iterator

from flask_babel import gettext as _

from siweb.collection.levy.previews.compare import Change, Totals
from siweb.collection.tables.levy_run import LevyKind, LevyRun
from siweb.rules.insurances import insurance_order
from siweb.web.language.formats import count, day, in_brackets, yuan
from siweb.web.language.labels import insurance_name

Fact = tuple[str, str]


def run_facts(run: LevyRun, totals: Totals) -> Iterator[Fact]:
    """Yield what a run comes to, beside the month before, and when it is to be paid."""
    by_insurance = run.totals.get("insurances", {})
    for insurance in sorted(by_insurance, key=insurance_order):
        yield insurance_name(insurance), yuan(by_insurance[insurance])
    yield _("Total"), yuan(totals.run_fen)
    if totals.month_fen != totals.run_fen:
        yield _("The month with the runs before"), yuan(totals.month_fen)
    if run.kind is not LevyKind.ADJUSTMENT:
        yield _("The month before"), yuan(totals.before_fen)
        yield _("Difference"), yuan(totals.difference_fen)
    if "bills" in run.totals:
        yield _("Bills"), count(run.totals["bills"])
        yield _("People"), count(run.totals["people"])
    else:
        yield _("Employers"), count(run.totals.get("employers", 0))
    yield _("Last day to pay"), day(run.due_on)
    if run.late_fee_waived_until:
        yield _("No late fees until"), day(run.late_fee_waived_until)
    if run.reason:
        yield _("Notice and reason"), run.reason


def changes_as_facts(changes: Iterable[Change]) -> Iterator[Fact]:
    """Yield employers with how much their total differs from the month before."""
    for change in changes:
        sign = "+" if change.difference_fen > 0 else ""
        amounts = in_brackets(f"{yuan(change.before_fen)} → {yuan(change.now_fen)}")
        yield change.employer_name, f"{sign}{yuan(change.difference_fen)}{amounts}"


def employers_as_facts(changes: Iterable[Change]) -> Iterator[Fact]:
    """Yield employers with their total, and whether nobody is there to receive the bill."""
    for change in changes:
        closed = " · " + _("registration ended") if change.is_closed else ""
        yield change.employer_name + closed, yuan(change.now_fen)
