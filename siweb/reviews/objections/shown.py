"""What an objection is about, in words: for the person, the employer and the desk."""

from flask_babel import gettext as _

from siweb.reviews.tables.objection import Objection
from siweb.web.language.formats import month, yuan
from siweb.web.language.labels import insurance_name

Row = tuple[str, str]


def insurance_names(insurances: list[str]) -> str:
    """Return the names of several insurances as one text."""
    return str(_(", ")).join(insurance_name(insurance) for insurance in insurances)


def objection_about(objection: Objection) -> str:
    """Return the month, the insurances and the stated wage as one line; "" without any."""
    parts = [month(objection.contribution_month)] if objection.contribution_month else []
    parts += [insurance_names(objection.insurances)] if objection.insurances else []
    stated = _stated_wage(objection)
    parts += [_("wage %(amount)s", amount=stated)] if stated else []
    return " · ".join(parts)


def objection_rows(objection: Objection) -> list[Row]:
    """Return what an objection is about as rows of name and value."""
    rows = [
        (_("Month"), month(objection.contribution_month) if objection.contribution_month else ""),
        (_("Insurances"), insurance_names(objection.insurances)),
        (_("Wage stated by the employee"), _stated_wage(objection)),
        (_("The employee's statement"), objection.words),
    ]
    return [(name, value) for name, value in rows if value]


def employer_rows(objection: Objection) -> list[Row]:
    """Return what the employer answered as rows, none before it did."""
    if objection.employer_answered_at is None:
        return []
    right = _("the employee is right")
    answered = right if objection.employer_agrees else _("what was declared is right")
    rows = [(_("The employer says"), answered)]
    words = objection.employer_words
    return [*rows, (_("The employer's statement"), words)] if words else rows


def _stated_wage(objection: Objection) -> str:
    # What the office itself found is the declared base, which nobody stated as a wage.
    if objection.claimed_base_fen is None or objection.found_by_office:
        return ""
    return yuan(objection.claimed_base_fen)
