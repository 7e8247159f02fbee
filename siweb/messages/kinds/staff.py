"""What a member of staff is told of what they may do at the agency."""

from flask_babel import lazy_gettext as _l

from siweb.messages.message_kind import BEFORE, MessageKind, Reader

# Not the desk: who has no function left does not get in there.
_ACCOUNT = "auth.show_account"

FUNCTION_GIVEN = MessageKind(
    "function_given",
    Reader.PERSON,
    _l("You were given a function at the agency"),
    _l("Two people decided it. If you do not know of it, tell an administrator."),
    _ACCOUNT,
)
FUNCTION_ENDED = MessageKind(
    "function_ended",
    Reader.PERSON,
    _l("A function of yours at the agency was ended"),
    _l("What you did in it stays on record. If it is wrong, tell an administrator."),
    _ACCOUNT,
)
FUNCTION_ENDING = MessageKind(
    "function_ending",
    Reader.PERSON,
    _l("A function of yours at the agency ends on %(day)s"),
    _l("If you go on, two people have to give it anew: tell an administrator in time."),
    _ACCOUNT,
    days_before=BEFORE,
)
