"""The words of signs: what they say, how they stand, what comes of a row and why."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from siweb.bring_in.labels import problem_text
from siweb.ledgers.benefits.labels import STATES as BENEFIT_STATES
from siweb.reviews.tables.sign import SignKind, SignState
from siweb.signs.match import Match, Verdict
from siweb.web.language.formats import day

KINDS = {
    SignKind.DEATH: _l("Death"),
    SignKind.PRISON: _l("Prison"),
    SignKind.MEDICAL: _l("Medical visit in person"),
    SignKind.TRANSPORT: _l("Journey under the own name"),
}
STATES = {
    SignState.OPEN: _l("To be looked at"),
    SignState.COUNTED: _l("Counts as proof of certification"),
    SignState.NOTED: _l("Noted, no proof"),
    SignState.UNFOUNDED: _l("Looked at: nothing in it"),
    SignState.CONFIRMED: _l("Looked at: it is so"),
}
COLUMNS = {
    "id_number": _l("ID number"),
    "name": _l("Name"),
    "kind": _l("What the list says of the person"),
    "seen_on": _l("Day of it"),
    "remark": _l("Remark"),
}
VERDICTS = {
    Verdict.EXAMINE: _l("Somebody looks at it"),
    Verdict.COUNTS: _l("Counts as proof of certification"),
    Verdict.NOTED: _l("Noted, no proof"),
    Verdict.THERE: _l("Here already"),
    Verdict.NO_BENEFIT: _l("Draws no benefit here"),
    Verdict.ENDED: _l("The benefit has ended"),
    Verdict.UNKNOWN: _l("Not in the register"),
    Verdict.PROBLEM: _l("Cannot be read"),
}
DONE = {
    "sign_list.handed_in": _l("Handed in"),
    "sign_list.tried": _l("Saw the rows"),
    "sign_list.accepted": _l("Checked; it was taken in"),
    "sign_list.closed": _l("Nothing was new; ended"),
}
REFUSALS = {
    "signs_unnamed": _l("Say first which column is which."),
    "signs_accepted": _l("This list was taken in already."),
    "signs_nothing": _l("Nothing in this list is new: nothing was changed."),
    "signs_new": _l("A row of this list is new: send the list to be checked."),
    "signs_too_long": _l("The list has more than 20,000 rows: hand it in in parts."),
    "signs_gone": _l("The file is not kept any more: hand it in again."),
    "signs_unreadable": _l("The file cannot be read any more: hand it in again."),
}
EXAMINATIONS = {
    "sign_examined": _l("Somebody else has finished with this meanwhile."),
    "sign_not_registered": _l(
        "The register does not have this death. Register it first: two people do that."
    ),
    "sign_other_kind": _l("Only a prison sentence stops a benefit this way."),
    "sign_not_stopped": _l("The benefit is not stopped by this."),
    "sign_before_stop": _l("This lies before the month with which the benefit stopped."),
}


def explained(match: Match) -> str:
    """Return why a row comes to what it comes to: its number, its name, its benefit."""
    if match.verdict is Verdict.PROBLEM:
        return " ".join(problem_text(each) for each in match.row.problems)
    if match.verdict is Verdict.UNKNOWN:
        return str(_("The register has nobody with this number. Nothing in this row is kept."))
    parts = [_("The number is in the register.")]
    if match.name_agrees is None:
        parts.append(_("The list gives no name."))
    elif match.name_agrees:
        parts.append(_("The name agrees."))
    else:
        parts.append(_("The name differs: it may be somebody else."))
    if match.states:
        states = _(", ").join(str(BENEFIT_STATES[state]) for state in match.states)
        parts.append(_("Benefit: %(states)s.", states=states))
    else:
        parts.append(_("No benefit here."))
    return " ".join(parts)


def shown_row(match: Match) -> tuple[str, str, str]:
    """Return a row in short: its number, whom it names, what it says; no whole ID number."""
    row = match.row
    number = row.get("id_number")
    ended = f"**{number[-4:]}" if number else "—"
    who = f"{row.get('name') or match.person_name or '—'} {ended}"
    kind, seen_on = row.get("kind"), row.get("seen_on")
    says = " · ".join([str(KINDS[SignKind(kind)])] * bool(kind) + [day(seen_on)] * bool(seen_on))
    return str(row.number), who, says or "—"
