"""The words of service: ways, why a way failed, and why one cannot be recorded."""

from flask_babel import lazy_gettext as _l

from siweb.messages.tables.service import Failure, Way

WAYS = {
    Way.OPENED: _l("Opened in the inbox"),
    Way.HANDED_OVER: _l("Handed over"),
    Way.LEFT: _l("Left there after it was refused"),
    Way.POSTED: _l("By registered post"),
    Way.PUBLISHED: _l("By public notice"),
}
FAILURES = {
    Failure.NOT_FOUND: _l("It is not known where the recipient is"),
    Failure.ABSENT: _l("Nobody was there"),
    Failure.RETURNED: _l("The post returned it"),
}
REFUSALS = {
    "served": _l("It is served already."),
    "twice": _l("That this failed is recorded already."),
    "before_notice": _l("This date lies before the notice was made."),
    "in_future": _l("This date lies in the future."),
    "nothing_failed": _l(
        "Public notice comes last: record first that handing it over or posting it failed."
    ),
    "published": _l("It is published already: its period runs."),
    "no_term": _l("The parameter pack does not say how long a public notice lasts."),
}
