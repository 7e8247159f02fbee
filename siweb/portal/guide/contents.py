"""Which guides there are, for whom, in the order in which they are read."""

from flask_babel import lazy_gettext as _l

# The names are those of the folders and files under docs/guide/<language>.
AUDIENCES = {
    "clerk": _l("For the desk"),
    "employer": _l("For employers"),
    "administrator": _l("For administrators"),
    "auditor": _l("For auditors"),
    "integrator": _l("For those who connect programs"),
}
PAGES = {
    "clerk": ("day", "month", "year", "two-people"),
    "employer": ("sheets", "findings", "month", "api"),
    "administrator": ("install", "first-office", "year", "backup", "upgrade", "incident"),
    "auditor": ("books",),
    "integrator": ("interfaces",),
}
