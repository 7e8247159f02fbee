"""A person opens a scan that they handed in."""

from flask import Blueprint, abort
from werkzeug.wrappers import Response

from siweb.auth.access import signed_in, visitor
from siweb.evidence.find import find_scan
from siweb.evidence.open_scan import open_scan
from siweb.web.database import db_session, writes

blueprint = Blueprint("evidence", __name__, url_prefix="/scans")


@blueprint.get("/<scan>")
@signed_in
@writes
def show_own_scan(scan: str) -> Response:
    """Hand out what the visitor handed in; what was made at the desk is opened there alone."""
    file = find_scan(db_session(), scan)
    if file is None or file.task_id is not None:
        abort(404)
    if file.attached_by_account_id != visitor().account_id:
        abort(404)
    return open_scan(file, visitor().person_id)
