"""The words of withdrawals: why a row stays, and what to do instead."""

from flask_babel import lazy_gettext as _l

from siweb.filings.withdrawal.obstacles import Obstacle

OBSTACLES = {
    Obstacle.TOO_OLD: _l(
        "It was sent before this office kept what a filing changes. Correct it by a new filing, or "
        "ask the agency."
    ),
    Obstacle.LEVIED: _l(
        "Its month is levied, or a levy of it is under way. What is levied is not withdrawn: it is "
        "corrected, and the difference billed or credited."
    ),
    Obstacle.LATER: _l("Something else was filed about this person later. Withdraw that first."),
    Obstacle.ASSESSED: _l(
        "A case of the agency about these months ended since. Ask the agency to correct it."
    ),
    Obstacle.CHANGED: _l(
        "The register has changed since, for example by a death. Ask the agency to correct it."
    ),
    Obstacle.ELSEWHERE: _l(
        "This person is now insured elsewhere. That has to end before it can go on here."
    ),
}
REFUSALS = OBSTACLES | {"not_sent": _l("It was not sent: delete the draft instead.")}
