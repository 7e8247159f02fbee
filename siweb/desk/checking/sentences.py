"""Why an action of two people is refused, to its maker and to who checks it."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from flask_babel import lazy_gettext as _l

from siweb.evidence.labels import REFUSALS as SCAN_REFUSALS
from siweb.evidence.scan_refused import ScanRefused
from siweb.rules.errors import Refusal, RuleError
from siweb.tasks.check import CheckRefused
from siweb.tasks.propose import ProposalRefused
from siweb.tasks.two_person_action import TwoPersonAction

_TASKS: Mapping[str, Any] = MappingProxyType(
    {
        "waits_already": _l("The same change waits for its second person already."),
        "own_matter": _l("This is about yourself or a relative: leave it to a colleague."),
        "nobody": _l("Sign in first: whoever makes it is noted with it."),
        "same_person": _l("You made this yourself: another person checks it."),
        "not_maker": _l("Only who made it can withdraw it."),
        "closed": _l("Somebody checked this meanwhile."),
    }
)
# What stands against any action.
OF_TASKS: Mapping[type[Refusal], Mapping[str, Any]] = MappingProxyType(
    {CheckRefused: _TASKS, ProposalRefused: _TASKS, ScanRefused: SCAN_REFUSALS}
)
_NO_FIGURE = _l("The region has no figure for this yet: import its pack first.")


def why(refused: Refusal, action: TwoPersonAction) -> str:
    """Return the sentence for an action that was refused.

    Two rooms may call different things by one code, so that each action has its own sentences.
    """
    if isinstance(refused, RuleError):
        return str(_NO_FIGURE)
    sentence = str({**OF_TASKS, **action.sentences}[type(refused)][refused.code])
    return sentence % refused.facts if refused.facts else sentence
