"""What the three places of notes have in common: who sees which, and how one is written."""

from collections.abc import Sequence
from typing import Any

from siweb import clock
from siweb.auth.access import actor, duties, may, subject
from siweb.auth.staff.duties import scope_of
from siweb.auth.tables.appointment import Function
from siweb.desk.checking.labels import FUNCTIONS
from siweb.desk.people.notes.forms import NoteForm
from siweb.notes.about import About
from siweb.notes.find import ShownNote, find_note, list_notes, seen_by
from siweb.notes.labels import REFUSALS
from siweb.notes.write import NoteRefused, correct_note, write_note
from siweb.web.database import db_session
from siweb.web.forms.carry_out import carried_out
from siweb.web.paging import number_asked, number_sent, page_asked


def notes_part(about: About, functions: Sequence[Function]) -> dict[str, Any]:
    """Return a page of the notes on something that the visitor may see."""
    page = page_asked()
    may_see = seen_by(duties(), functions)
    notes, has_more = list_notes(db_session(), about, may_see, page=page)
    return {"notes": notes, "has_more": has_more, "page": page, "readers": FUNCTIONS}


def note_form(
    about: About, functions: Sequence[Function], sent: NoteForm | None = None
) -> dict[str, Any]:
    """Return the form, and the note that it would correct; none for whoever only reads."""
    held = _held(functions)
    if not held:
        return {"note": None, "to_correct": None}
    asked = number_asked("corrects") or number_sent("corrects")
    found = None if asked is None else _to_correct(asked, about, held)
    return {"note": sent or _form(held, NoteForm(None), found), "to_correct": found}


def written(about: About, functions: Sequence[Function]) -> NoteForm | None:
    """Keep what the form says, for colleagues; return the form where it is refused."""
    held, corrects = _held(functions), number_sent("corrects")
    form = _form(held, NoteForm(), corrects)

    def write() -> None:
        session, words = db_session(), form.words.data or ""
        by: dict[str, Any] = {"actor": actor(), "at": clock.now()}
        if corrects is not None:
            # Whoever only audits reads every note, and corrects none.
            may_see = seen_by(duties(), held, audits=False)
            correct_note(session, about, words, corrects=corrects, may_see=may_see, **by)
            return
        function = form.chosen(held)
        region = _region(function)
        write_note(session, about, words, function=function, region_code=region, **by)

    is_kept = form.validate() and carried_out(form, write, lambda no: str(REFUSALS[no.code]))
    return None if is_kept else form


def _held(functions: Sequence[Function]) -> list[Function]:
    return [function for function in functions if may(function)]


def _form(held: Sequence[Function], form: NoteForm, corrects: Any) -> NoteForm:
    # Who reads a correction is settled: whoever read what was wrong.
    form.offer(held if corrects is None else held[:1])
    return form


def _to_correct(note_id: int, about: About, held: Sequence[Function]) -> ShownNote | None:
    found = find_note(db_session(), note_id, about, seen_by(duties(), held, audits=False))
    return None if found is None or found.corrected else found


def _region(function: Function) -> str:
    """Return where a note lies: the first region of what it is about that its writer acts in.

    A person is a matter of every region where they took part: what one city notes of somebody
    stays with that city.

    :raises NoteRefused: "not_here".
    """
    scope, about = scope_of(duties(), (function,)), subject()
    if scope is not None:
        # The first ones are at hand; the others are asked for only where they decide.
        for region in sorted(about.regions):
            if scope.covers(region):
                return region
        if about.more_regions is not None:
            for region in db_session().scalars(about.more_regions):
                if scope.covers(region):
                    return str(region)
    raise NoteRefused("not_here")
