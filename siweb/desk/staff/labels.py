"""Why an appointment is refused, in words."""

from flask_babel import lazy_gettext as _l

REFUSALS = {
    "held_already": _l("This person holds that function there already."),
    "incompatible": _l(
        "This person holds a function of another group. Business, finance, data and audit are "
        "apart unless the office has said otherwise."
    ),
    "area_is_read": _l("For a whole province somebody only audits: choose that function."),
    "last_two": _l("Two people must administer the office: appoint another one first."),
    "ended": _l("This appointment has ended meanwhile."),
    "waits_already": _l("The same change waits for its second person already."),
    # Of the code by which a first second factor is set up.
    "died": _l("The person is registered as dead."),
    "has_factor": _l(
        "This person has a second factor. When it is lost, two administrators reset it first."
    ),
    "gave_activation": _l(
        "You gave this person the code for the password: another administrator gives this one."
    ),
    "own_matter": _l("This is about yourself or a relative: leave it to a colleague."),
}
