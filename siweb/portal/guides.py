"""The guides, in the order a newcomer reads them; each is a template under portal/guides/."""

from flask_babel import lazy_gettext as _l

GUIDES = {
    "what-is-social-insurance": _l("What social insurance is, and its five insurances"),
    "who-pays-and-when-benefits-come": _l("Who pays, and when benefits come"),
    "what-the-agency-does": _l("What the agency does"),
    "thirty-days": _l("Registering in time, and what happens without it"),
    "who-may-register-alone": _l("Who may register alone"),
    "social-security-number": _l("Why the social security number is the ID number"),
    "annual-review": _l("How the annual review works, step by step"),
    "helping-each-other": _l("Letting somebody help you, and helping somebody"),
}


def template_of(name: str) -> str:
    """Return the template of a guide."""
    return f"portal/guides/{name.replace('-', '_')}.html"
