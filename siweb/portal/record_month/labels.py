"""The words of a month's four steps, and of what lies between them."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext, ngettext

from siweb.portal.record_month.steps import Cause, Difference, Step
from siweb.web.language.formats import day, yuan

# What is done in each, not that it was done: a step may still be to come.
STEPS = {
    Step.DECLARED: lazy_pgettext("step of a month", "Declared"),
    Step.BILLED: lazy_pgettext("step of a month", "Billed"),
    Step.PAID: lazy_pgettext("step of a month", "Paid"),
    Step.CREDITED: lazy_pgettext("step of a month", "Credited"),
}
# What the amount of a step is, where it is no contribution.
AMOUNTS = {
    Step.DECLARED: _l("contribution base"),
    Step.CREDITED: _l("into my account"),
}
# What is late or left out, so that it is seen.
WRONG = frozenset({Cause.OVERDUE, Cause.NOT_BILLED, Cause.OWN_UNPAID, Cause.WRITTEN_OFF})
_CAUSES: dict[Cause, Any] = {
    Cause.NO_BASE: _l("No base was declared for this month."),
    Cause.REFUSED: _l(
        "What the employer sent about you on %(day)s was not accepted. The employer has to put it "
        "right and send it again."
    ),
    Cause.WITHDRAWN: _l("%(amount)s was declared as well, and withdrawn on %(day)s."),
    Cause.DECLARED_SINCE: _l(
        "%(amount)s was declared on %(day)s, after the month was billed. The difference is not "
        "billed yet."
    ),
    Cause.FLOOR: _l("Billed by %(amount)s: the declared base was below the floor."),
    Cause.CEILING: _l("Billed by %(amount)s: the declared base was above the ceiling."),
    Cause.TO_COME: _l("Not billed yet. Nothing is late."),
    Cause.ASSESSED: _l(
        "The employer did not declare as it must; the agency fixes what it owes for this month."
    ),
    Cause.NOT_BILLED: _l("Declared, and not billed. Question this month."),
    Cause.CORRECTED: _l("With what was corrected, last on %(day)s."),
    Cause.NOT_DUE: _l("To be paid by %(day)s; that day is still to come."),
    Cause.WRITTEN_OFF: _l(
        "The employer did not pay by %(day)s, and nobody is left to ask: it is bankrupt or "
        "deregistered. The month counts as unpaid. Ask at the counter what you can do."
    ),
    Cause.DEFERRED: _l("Payment is lawfully deferred until %(day)s."),
    Cause.OVERDUE: _l(
        "It was to be paid by %(day)s and was not. The employer owes it, and the agency collects "
        "it."
    ),
    Cause.OWN_UNPAID: _l(
        "It was to be paid by %(day)s and was not. A month that is not paid does not count."
    ),
    Cause.PARTLY: _l("Paid in part: %(amount)s is open."),
    Cause.PART_OF_BILL: _l(
        "A part of the bill is paid. An insurance counts once its whole line is paid."
    ),
    Cause.WAITS: _l(
        "A correction of %(amount)s in the payer’s favour waits until the rest is paid."
    ),
    Cause.WITH_PAYMENT: _l("It is credited once it is paid."),
    Cause.REVERSED: _l("The payment did not stand: what was credited was taken back on %(day)s."),
    Cause.BROUGHT_FORWARD: _l("It is in the balance that was brought forward."),
}


def cause_text(difference: Difference) -> str:
    """Return a cause as a sentence."""
    if difference.cause is Cause.LATE and difference.day is not None:
        return str(
            ngettext(
                "Paid %(count)s day after the last day, %(day)s.",
                "Paid %(count)s days after the last day, %(day)s.",
                difference.days,
                count=difference.days,
                day=day(difference.day),
            )
        )
    facts = {"amount": yuan(difference.fen)}
    if difference.day is not None:
        facts["day"] = day(difference.day)
    return str(_CAUSES[difference.cause]) % facts
