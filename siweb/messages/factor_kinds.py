"""What staff are told of the second factor that opens the desk to them."""

from flask_babel import lazy_gettext as _l

from siweb.messages.message_kind import MessageKind, Reader

_ACCOUNT = "auth.show_account"

SET_UP_CODE_GIVEN = MessageKind(
    "set_up_code_given",
    Reader.PERSON,
    _l("A code to set up your second factor was made"),
    _l("If nobody handed it to you within a few days, tell an administrator."),
    _ACCOUNT,
)
SET_UP_CODE_SPENT = MessageKind(
    "set_up_code_spent",
    Reader.PERSON,
    _l("Wrong set-up codes were entered too often"),
    _l(
        "The code that you were given is worth nothing any more. If that was not you, somebody "
        "knows your password: change it, and tell an administrator."
    ),
    _ACCOUNT,
)
FACTOR_SET_UP = MessageKind(
    "factor_set_up",
    Reader.PERSON,
    _l("Your second factor was set up"),
    _l("If that was not you, change your password and tell an administrator at once."),
    _ACCOUNT,
)
OPERATOR_SIGNED_IN = MessageKind(
    "operator_signed_in",
    Reader.PERSON,
    _l("You signed in to run commands"),
    _l("If that was not you, end it among your sign-ins and change your password."),
    "auth.show_sign_ins",
)
