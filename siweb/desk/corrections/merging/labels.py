"""Why two registrations cannot be joined so."""

from flask_babel import lazy_gettext as _l

REFUSALS = {
    "nobody": _l("The register has nobody with this ID number."),
    "other_region": _l("That registration is of a region in which you do not act."),
    "itself": _l("This number leads to this registration already."),
    "former": _l("One of the two was joined with another one already."),
    "dead": _l("Only one of the two is registered as dead, or on another day: settle that first."),
    "differs": _l(
        "Name, sex or birth date differ. Correct one of the two first, or name the paper that "
        "shows that both are one person."
    ),
    "staff": _l("This person holds a function at the desk: end it first."),
    "open_twice": _l(
        "Both take part now in: %(insurances)s. End one of the two first: the employer reports "
        "the leaving, or the record is corrected."
    ),
    "drawn_twice": _l("Both draw a benefit of one kind: stop one first."),
    "under_way": _l("A levy is under way in a region of theirs. Try again when it is done."),
    "separated": _l("They were joined and separated today already: join them again tomorrow."),
    "apart": _l("This registration is joined with no other one: there is nothing to separate."),
    "buried": _l(
        "The person is registered as dead: what was left to the heirs was of both as one."
    ),
    "changed": _l("The two changed since this was sent: send it anew."),
}
