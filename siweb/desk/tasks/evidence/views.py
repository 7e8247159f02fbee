"""Open a scanned paper at the desk: its maker, its checker, and who audits."""

from flask import Blueprint, abort
from werkzeug.wrappers import Response

from siweb.auth.access import duty
from siweb.auth.tables.appointment import Function
from siweb.desk.checking.may_open import may_open
from siweb.desk.tasks.evidence.subject import matter_of_scan, of_scan
from siweb.evidence.open_scan import open_scan
from siweb.web.database import db_session, writes
from siweb.web.read_once import read_once

blueprint = Blueprint("evidence_desk", __name__, url_prefix="/desk/evidence")


@blueprint.get("/<scan>")
@duty(*Function, of=of_scan)
@writes
def show_scan(scan: str) -> Response:
    """Hand out a scan; that it was opened is noted first."""
    found = read_once(matter_of_scan, scan)
    if found is None or not may_open(db_session(), found.matter, found.subject):
        abort(404)
    return open_scan(found.file, found.person_id)
