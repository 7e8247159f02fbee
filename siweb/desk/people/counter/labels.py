"""The ways in which a code reaches its owner, and why something is refused at the counter."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from flask_babel import lazy_gettext as _l


class Handed(StrEnum):
    """How an activation code reaches its owner."""

    AT_COUNTER = "at_counter"
    BY_POST = "by_post"


HANDED: Mapping[Handed, Any] = MappingProxyType(
    {
        Handed.AT_COUNTER: _l("Handed over: I compared the ID card with the person"),
        Handed.BY_POST: _l("By post, to the address in the register"),
    }
)

REFUSALS = {
    "registered": _l("Somebody with this number is registered: find the person instead."),
    "category_missing": _l("Choose her post: it decides when she may retire."),
    "category_of_woman": _l("By the number this is a man: there is no post to choose."),
    "died": _l("The person is registered as dead: there is no account to open."),
    "gave_set_up_code": _l(
        "You gave this person the code for the second factor: a colleague gives this one."
    ),
    "no_address": _l("The register has no address of the person: enter it below first."),
}
