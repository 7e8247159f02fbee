"""The words of people who insure themselves."""

from flask_babel import lazy_gettext as _l

from siweb.rules.calendar.pay_periods import Every

WORK = {
    "trader": _l("I run a business of my own without employees"),
    "part_time": _l("I work part-time and no employer insures me"),
    "other": _l("I work for myself in another way, for example through a platform"),
}
OBSTACLES = {
    "too_young": _l("This begins on your sixteenth birthday."),
    "pensioner": _l("You draw a pension: there is nothing to pay in any more."),
}
RHYTHMS = {
    Every.MONTH: _l("Every month: each month until its own last day"),
    Every.QUARTER: _l("Every quarter: its three months until the last day of the third"),
    Every.YEAR: _l("Once a year: January to December until the last day of December’s"),
}
RECEIPT = {
    "joined": _l("Insure myself"),
    "stopped": _l("Stop insuring myself"),
    "accepted": _l("Accepted"),
    "insurances": _l("Insurances"),
    "from": _l("From"),
    "through": _l("Last insured month"),
    "base": _l("Your monthly base"),
    "rhythm": _l("How you pay"),
    "next_joined": _l(
        "Pay each month by the last day that its bill names: it is under My bills. A month that is "
        "not paid by then cannot be paid afterwards."
    ),
    "next_stopped": _l("You can begin again at any time, from the month in which you do so."),
}
