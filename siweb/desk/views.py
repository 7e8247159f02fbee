"""The desk's first page: what waits for staff."""

from flask import Blueprint, render_template

from siweb import clock
from siweb.auth.access import role
from siweb.desk.queues import count_waiting
from siweb.web.database import db_session

blueprint = Blueprint("desk", __name__, url_prefix="/desk")


@blueprint.get("")
@role("staff")
def show_desk() -> str:
    waiting = count_waiting(db_session(), clock.today())
    return render_template("desk/desk.html", waiting=waiting)
