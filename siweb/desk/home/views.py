"""The desk's first page: what waits for staff."""

from datetime import timedelta

from flask import Blueprint, render_template

from siweb import clock
from siweb.audit.chain.seal import late_lines
from siweb.auth.access import duties, duty, may_read
from siweb.auth.tables.appointment import Function
from siweb.desk.home.queues import count_waiting
from siweb.desk.people.views import PEOPLE_READERS
from siweb.desk.staff import navigation
from siweb.web.database import db_session

# Many times what is promised: whoever seals has tried again by then, and staff need not worry.
_REPORTED_AFTER = timedelta(minutes=1)
blueprint = Blueprint("desk", __name__, url_prefix="/desk")
navigation.install(blueprint)


@blueprint.get("")
@duty(*Function)
def show_desk() -> str:
    waiting = count_waiting(db_session(), clock.today(), duties())
    unsealed = late_lines(db_session(), written_before=clock.now() - _REPORTED_AFTER)
    return render_template(
        "desk/desk.html",
        waiting=waiting,
        unsealed=unsealed,
        levies=may_read(Function.CONTRIBUTIONS),
        people=may_read(*PEOPLE_READERS),
        administers=may_read(Function.ADMINISTRATION),
    )
