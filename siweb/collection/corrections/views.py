"""The person's pages of what was corrected: of the record, and of who they are."""

from flask import Blueprint, abort, render_template

from siweb.auth.access import signed_in, visitor
from siweb.collection.corrections.find import (
    corrections_of,
    find_correction,
    identities_of,
    joinings_of,
)
from siweb.collection.corrections.identity.labels import BASES
from siweb.collection.corrections.identity.shown import changes_of_kept, parts_in_words
from siweb.collection.corrections.labels import KINDS
from siweb.collection.corrections.merging.plan import Plan, lines_of
from siweb.collection.corrections.record.effect import Effect
from siweb.collection.corrections.shown import changes_of
from siweb.web.database import db_session

blueprint = Blueprint("corrections", __name__, url_prefix="/corrections")


@blueprint.get("")
@signed_in
def show_corrections() -> str:
    """Show what was corrected of the visitor's record."""
    person_id = visitor().person_id
    session = db_session()
    return render_template(
        "collection/corrections/corrections.html",
        corrected=[] if person_id is None else corrections_of(session, person_id),
        identities=[] if person_id is None else identities_of(session, person_id),
        joinings=[] if person_id is None else joinings_of(session, person_id),
        kinds=KINDS,
        parts_in_words=parts_in_words,
    )


@blueprint.get("/identity/<reference>")
@signed_in
def show_identity(reference: str) -> str:
    """Show what was corrected of who the visitor is."""
    person_id = visitor().person_id
    found = [] if person_id is None else identities_of(db_session(), person_id, reference)
    if not found:
        abort(404)
    return render_template(
        "collection/corrections/identity.html",
        correction=found[0].correction,
        task=found[0].task,
        basis=BASES[found[0].correction.basis],
        changes=list(changes_of_kept(found[0].correction)),
    )


@blueprint.get("/joined/<reference>")
@signed_in
def show_joined(reference: str) -> str:
    """Show which registrations of the visitor were joined."""
    session, person_id = db_session(), visitor().person_id
    found = [] if person_id is None else joinings_of(session, person_id, reference)
    if not found:
        abort(404)
    return render_template(
        "collection/corrections/joined.html",
        task=found[0].task,
        joined_at=found[0].alias.merged_at,
        changes=list(lines_of(session, Plan.from_dict(found[0].task.change))),
    )


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
