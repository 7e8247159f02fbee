"""The reader's words for how a message went out."""

from flask_babel import lazy_gettext as _l

CHANNELS = {
    "email": _l("By e-mail"),
    "sms": _l("By text message"),
}
STATES = {
    "queued": _l("Being sent"),
    "delivered": _l("Sent out"),
    "failed": _l("Could not be sent: see whether your contact details are right"),
}
