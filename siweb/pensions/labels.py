"""The words of pension applications."""

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext

from siweb.pensions.tables.pension_application import ApplicationState
from siweb.rules.benefits.paying_place import Why

STATES = {
    ApplicationState.SENT: lazy_pgettext(
        "state of a pension application", "Waiting for the decision"
    ),
    ApplicationState.APPROVED: lazy_pgettext("state of a pension application", "Approved"),
    ApplicationState.REFUSED: lazy_pgettext("state of a pension application", "Refused"),
    ApplicationState.WITHDRAWN: lazy_pgettext("state of a pension application", "Withdrawn"),
}
TONES = {
    ApplicationState.SENT: "warn",
    ApplicationState.APPROVED: "good",
    ApplicationState.REFUSED: "bad",
}
OBSTACLES = {
    "died": _l("The register says that this person died."),
    "elsewhere": _l(
        "Your pension relation is with a region that this office does not serve: apply there, or "
        "have it transferred here first."
    ),
    "temporary": _l(
        "Your account here is a temporary one: your pension is decided where your pension relation "
        "is, and the money of this account goes there (notice 66 of 2009 of the General Office of "
        "the State Council, Article 5). Apply there."
    ),
    "draws": _l("You draw a pension already."),
    "drew": _l("You drew a pension before, which ended: ask at the agency's counter."),
    "no_figures": _l("This office has no figures for your region yet: ask at its counter."),
    "too_early": _l("It is too early to apply: you may at most six months before the first month."),
    "no_months": _l("No month of pension insurance is recorded here for you."),
    "waiting": _l("Your application waits for its decision."),
}
REFUSALS = {
    "closed": _l("It was decided or withdrawn meanwhile."),
    "died": _l("The person died: the heirs are paid what is in the account."),
    "draws": _l("The person draws a pension already."),
    "drew": _l("The person drew a pension before: correct that benefit instead."),
    "temporary": _l(
        "The account here is a temporary one: the pension is decided where the relation is. Refuse "
        "it with that reason."
    ),
    "too_few_months": _l("The minimum is not reached: refuse it, or correct the record first."),
    "too_early": _l("The first month asked for lies before the earliest month of this person."),
    "no_amount": _l("Without an index and a wage there is no amount: enter the index of the file."),
    "pays_elsewhere": _l(
        "Another place pays this pension: refuse it with that reason, and transfer the relation."
    ),
    "household_unknown": _l("Choose where the household is registered: the paying place follows."),
    "no_early_months": _l("Every month has its base and its wage: leave this index empty."),
    "differs": _l("The figures have changed since: withdraw this and send it to be checked again."),
}
PLACES = {
    Why.HERE: _l(
        "Paid by %(place)s: the pension relation is there, with %(length)s or more "
        "(国办发〔2009〕66号, Article 6)."
    ),
    Why.HOUSEHOLD: _l(
        "Paid by %(place)s: the pension relation and the household register are both there "
        "(国办发〔2009〕66号, Article 6)."
    ),
    Why.EARLIER: _l(
        "Paid by %(place)s: where the relation is now there are less than %(length)s, and that is "
        "the last place with %(length)s or more. The relation goes back there first "
        "(国办发〔2009〕66号, Article 6)."
    ),
    Why.GATHERED: _l(
        "Paid by %(place)s, where the household is registered: no place has %(length)s. Months and "
        "account are gathered there first (国办发〔2009〕66号, Article 6)."
    ),
    Why.UNKNOWN: _l(
        "Less than %(length)s were paid where the relation is: which place pays it depends on "
        "where the household is registered (国办发〔2009〕66号, Article 6)."
    ),
}
LINES = {
    "months_here": _l("Months paid here"),
    "months_elsewhere": _l("Months from other regions"),
    "deemed_months": _l("Months that count as paid"),
    "minimum_months": _l("Months that must be paid"),
    "balance_fen": _l("Balance of the individual account"),
    "index_ppm": _l("Average contribution index"),
    "early_index_ppm": _l("Index of the months without a base on record"),
    "average_wage_fen": _l("Wage that pensions are computed by"),
    "age": _l("Age at the first month"),
    "payout_months": _l("Months the account is spread over"),
    "basic_fen": _l("Basic pension"),
    "account_fen": _l("Pension from the account"),
    "transitional_fen": _l("Transitional pension"),
    "total_fen": _l("Pension a month"),
}
WHY = {
    "months_here": _l("Months were paid, corrected or transferred since."),
    "months_elsewhere": _l("Months were transferred since."),
    "deemed_months": _l("The register was corrected since."),
    "minimum_months": _l("The rule was changed since."),
    "balance_fen": _l("Money came into the account or left it since."),
    "index_ppm": _l("Other months, bases or average wages count now."),
    "average_wage_fen": _l("A new figure was published since."),
    "by_hand": _l("The agency took it from the person's file."),
    "early_index_ppm": _l("The agency took it from the person's file."),
    "follows": _l("Follows from the lines above."),
}
