"""The letter that brings an activation code by post."""

from datetime import datetime

from flask_babel import gettext as _

from siweb.auth.credentials.activate import CODE_LASTS
from siweb.clock import office_day
from siweb.db.reference_code import grouped
from siweb.documents.typesetting.letter import Letter, render_letter
from siweb.registry.tables.person import Person
from siweb.web.language.formats import day
from siweb.web.language.shown_office import office_name


def code_letter(person: Person, code: str, *, address: str, at: datetime) -> bytes:
    """Return the PDF of the letter to a person; `address` is the page where the code is entered.

    The letter is not kept: whoever reads it holds the code.
    """
    return render_letter(
        Letter(
            sender=office_name(),
            recipient=[person.name, person.address or "", person.postcode or ""],
            day=day(office_day(at)),
            title=str(_("Your activation code")),
            paragraphs=[
                str(
                    _(
                        "With this code, your ID number and your name you open your account, "
                        "or give it a new password."
                    )
                ),
                str(_("Enter it at %(address)s.", address=address)),
            ],
            highlighted=grouped(code),
            notes=[
                str(
                    _(
                        "It works once, until %(day)s. Nobody from the agency asks you for it.",
                        day=day(office_day(at + CODE_LASTS)),
                    )
                )
            ],
        ),
        at=at,
    )
