"""What the parts of an identity, and the reasons to correct it, are called."""

from flask_babel import lazy_gettext as _l

from siweb.collection.tables.record_correction import IdentityBasis
from siweb.registry.codes import Sex

PARTS = {
    "name": _l("Name"),
    "sex": _l("Sex"),
    "born_on": _l("Born on"),
    "number": _l("Citizen ID number"),
}
SEXES = {Sex.MALE: _l("Male"), Sex.FEMALE: _l("Female")}
BASES = {
    IdentityBasis.REPLACED: _l("It was right, and the authorities changed it"),
    IdentityBasis.MISTAKEN: _l("It was entered wrongly"),
}
OLD_NUMBER = {
    IdentityBasis.REPLACED: _l("still finds the person, also to sign in"),
    IdentityBasis.MISTAKEN: _l("finds the person no more; who is signed in is signed out"),
}
