"""The desk's page of the office: what every page shows of it, and how that is changed."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from siweb import clock
from siweb.auth.access import actor, duty
from siweb.auth.tables.appointment import Function
from siweb.desk.staff.office.forms import REFUSALS, OfficeForm
from siweb.desk.subjects import of_whole_office
from siweb.registry.regions.shown_office import MOST_EMBLEM_BYTES, show_office, shown_office
from siweb.rules.errors import Refusal
from siweb.web.database import db_session
from siweb.web.forms.carry_out import carried_out
from siweb.web.language.shown_office import forget_office

blueprint = Blueprint("office_desk", __name__, url_prefix="/desk/office")


@blueprint.get("")
@duty(Function.ADMINISTRATION, of=of_whole_office)
def show() -> str:
    return _page(OfficeForm(None, obj=shown_office(db_session())))


@blueprint.post("")
@duty(Function.ADMINISTRATION, of=of_whole_office)
def change() -> Any:
    """Let every page show another name, telephone or emblem."""
    form = OfficeForm()

    def save() -> None:
        show_office(
            db_session(),
            name_zh=form.name_zh.data or "",
            name_en=form.name_en.data or "",
            phone=form.phone.data or "",
            emblem=_sent(form),
            without_emblem=form.without_emblem.data,
            actor=actor(),
            at=clock.now(),
        )
        db_session().commit()

    if not form.validate() or not carried_out(form, save, _sentence):
        return _page(form), 422
    forget_office()
    flash(_("Saved: it stands on every page within a minute."))
    return redirect(url_for("office_desk.show"), 303)


def _sent(form: OfficeForm) -> bytes | None:
    """Return the picture that was sent; one byte more than is taken tells that it is too large."""
    if not form.emblem.data:
        return None
    content: bytes = form.emblem.data.stream.read(MOST_EMBLEM_BYTES + 1)
    return content


def _sentence(refused: Refusal) -> str:
    return str(REFUSALS[refused.code])


def _page(form: OfficeForm) -> str:
    return render_template("desk/office/office.html", form=form, shown=shown_office(db_session()))
