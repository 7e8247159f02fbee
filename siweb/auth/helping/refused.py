"""Why a mandate is not given, or not ended."""

from siweb.rules.errors import Refusal


class HelpRefused(Refusal):
    """When a mandate is not given or not ended.

    `code` is "self", "dead", "minor", "staff", "too_many_people", "too_many_helpers", "day_before"
    or "too_long"; of a code "not_own", "too_many_codes", "guarded" and "does_not_fit";
    "no_account" of a helper without one; "guardian" of an end that two make at the counter.
    """
