"""What a person is told of what opens their account: second factor, passkeys, linked sign-ins."""

from flask_babel import lazy_gettext as _l

from siweb.messages.message_kind import MessageKind, Reader

_ACCOUNT = "auth.show_account"
_SIGN_INS = "auth.show_sign_ins"
_PASSKEYS, _LINKS = "auth.show_passkeys", "auth.show_links"

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
        "The code that you were given is no longer valid. If that was not you, somebody "
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
    _SIGN_INS,
)
PASSKEY_ADDED = MessageKind(
    "passkey_added",
    Reader.PERSON,
    _l("A passkey was added to your account"),
    _l("It opens your account. If that was not you, remove it and change your password."),
    _PASSKEYS,
)
PASSKEY_USED = MessageKind(
    "passkey_used",
    Reader.PERSON,
    _l("Your passkey was used on a new device"),
    _l("If that was not you, remove the passkey and end the sign-ins you do not know."),
    _PASSKEYS,
)
PASSKEY_COPIED = MessageKind(
    "passkey_copied",
    Reader.PERSON,
    _l("Your passkey may have been copied"),
    _l(
        "Two devices seem to have it, so it was refused. Remove it and add another one; if you did "
        "not use it just now, change your password and tell the agency."
    ),
    _PASSKEYS,
)
PASSKEY_REMOVED = MessageKind(
    "passkey_removed",
    Reader.PERSON,
    _l("A passkey of your account was removed"),
    _l("If that was not you, change your password and tell the agency."),
    _PASSKEYS,
)
LINK_ADDED = MessageKind(
    "link_added",
    Reader.PERSON,
    _l("Another sign-in was linked to your account"),
    _l("It opens your account. If that was not you, unlink it and change your password."),
    _LINKS,
)
LINK_USED = MessageKind(
    "link_used",
    Reader.PERSON,
    _l("Your linked sign-in was used on a new device"),
    _l("If that was not you, unlink it and end the sign-ins you do not know."),
    _LINKS,
)
LINK_REMOVED = MessageKind(
    "link_removed",
    Reader.PERSON,
    _l("A linked sign-in of your account was unlinked"),
    _l("If that was not you, change your password and tell the agency."),
    _LINKS,
)
ACCOUNT_OPENED = MessageKind(
    "account_opened",
    Reader.PERSON,
    _l("Your account was opened"),
    _l("If that was not you, go to the agency's counter at once."),
    _SIGN_INS,
)
ACTIVATION_ISSUED = MessageKind(
    "activation_issued",
    Reader.PERSON,
    _l("The agency gave out an activation code for your account"),
    _l("It can give your account a new password. If you did not ask for it, call the agency."),
    _SIGN_INS,
)
ACTIVATION_USED = MessageKind(
    "activation_used",
    Reader.PERSON,
    _l("An activation code gave your account a new password"),
    _l("If that was not you, go to the agency's counter at once."),
    _SIGN_INS,
)
PASSWORD_CHANGED = MessageKind(
    "password_changed",
    Reader.PERSON,
    _l("Your password was changed"),
    _l("If that was not you, go to the agency's counter at once."),
    _SIGN_INS,
)
FACTOR_RESET = MessageKind(
    "factor_reset",
    Reader.PERSON,
    _l("Your second factor was reset"),
    _l("Set up a new one with your next sign-in. If you did not ask for it, tell the agency."),
    _SIGN_INS,
)
