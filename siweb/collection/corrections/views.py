"""The person's page of one correction of the record."""

from flask import Blueprint, abort, render_template

from siweb.auth.access import signed_in, visitor
from siweb.collection.corrections.find import corrections_of, find_correction
from siweb.collection.corrections.labels import KINDS
from siweb.collection.corrections.record.effect import Effect
from siweb.collection.corrections.shown import changes_of
from siweb.web.database import db_session

blueprint = Blueprint("corrections", __name__, url_prefix="/corrections")


@blueprint.get("")
@signed_in
def show_corrections() -> str:
    """Show what was corrected of the visitor's record."""
    person_id = visitor().person_id
    found = [] if person_id is None else corrections_of(db_session(), person_id)
    return render_template("collection/corrections/corrections.html", corrected=found, kinds=KINDS)


@blueprint.get("/<reference>")
@signed_in
def show_correction(reference: str) -> str:
    session, person_id = db_session(), visitor().person_id
    found = None if person_id is None else find_correction(session, reference, person_id)
    if found is None:
        abort(404)
    return render_template(
        "collection/corrections/correction.html",
        correction=found.correction,
        task=found.task,
        kind=KINDS[found.correction.kind],
        changes=changes_of(session, Effect.from_dict(found.correction.effect)),
    )
