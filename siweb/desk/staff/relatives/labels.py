"""What relations are called, and why one is not declared or ended."""

from flask_babel import lazy_gettext as _l

from siweb.auth.tables.staff_relation import Relation

RELATIONS = {
    Relation.SPOUSE: _l("Husband or wife"),
    Relation.PARENT: _l("Father or mother"),
    Relation.CHILD: _l("Child"),
    Relation.SIBLING: _l("Brother or sister"),
    Relation.OTHER_BLOOD: _l("Other relative up to the third degree"),
    Relation.BY_MARRIAGE: _l("Near relative by marriage"),
    Relation.HOUSEHOLD: _l("Lives in the same household"),
}
REFUSALS = {
    "nobody": _l("The register has nobody with this ID number."),
    "oneself": _l("This is the member of staff: nobody decides their own matter anyway."),
    "declared": _l("This person is declared already."),
    "ended": _l("This declaration has an end already."),
    "before_since": _l("This date is before the first day."),
}
