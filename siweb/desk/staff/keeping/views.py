"""The desk's pages of keeping: terms and holds, what is due, and what was destroyed."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from siweb import clock
from siweb.auth.access import actor, duty, scope
from siweb.auth.staff.duties import regions_in
from siweb.auth.tables.appointment import Function
from siweb.db.reference_code import normalise
from siweb.desk.checking.send import SENT, send_to_check
from siweb.desk.checking.sentences import why
from siweb.desk.checking.waiting import waiting_tasks
from siweb.desk.staff.keeping.actions import DESTROY, LIFT_HOLD, SET_TERM
from siweb.desk.staff.keeping.forms import DestroyForm, HoldForm, LiftForm, TermForm
from siweb.desk.staff.keeping.labels import CLASSES, years_in_words
from siweb.evidence.papers.labels import in_office_words
from siweb.keeping.destroy import lines_of, list_digest
from siweb.keeping.due import MOST, DueScan, count_due, due_scans
from siweb.keeping.holds import hold_case, standing_hold, standing_holds
from siweb.keeping.register import destroyed_in, lines_destroyed
from siweb.keeping.tables.keeping_term import KeepingTerm, KeptClass
from siweb.keeping.terms import closed_before, terms_in_force
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.region import Region
from siweb.tasks.find import open_tasks_of_kinds
from siweb.tasks.two_person_action import TwoPersonAction
from siweb.web.database import db_session
from siweb.web.forms.carry_out import carried_out
from siweb.web.forms.fields import PageForm
from siweb.web.language.labels import region_name
from siweb.web.paging import page_asked

blueprint = Blueprint("keeping_desk", __name__, url_prefix="/desk/keeping")


@blueprint.get("")
@duty(Function.ADMINISTRATION)
def show_keeping() -> str:
    return _page()


@blueprint.post("/terms")
@duty(Function.ADMINISTRATION)
def propose_term() -> Any:
    """Send a term to be checked by a second administrator."""
    form = TermForm(prefix="term-")
    form.offer(_choices())

    def send() -> None:
        region, kept = form.region.data, form.kept.data
        change = {"region_code": region, "kept_class": kept, "years": form.chosen_years()}
        _send(SET_TERM, f"keeping_term:{region}:{kept}", region, change, form)

    return _done("term", form, send, SET_TERM, SENT)


@blueprint.post("/holds")
@duty(Function.ADMINISTRATION)
def hold() -> Any:
    """Keep the scans of a case whatever their term."""
    form = HoldForm(prefix="hold-")

    def keep() -> None:
        hold_case(
            db_session(),
            form.number.data or "",
            in_office_words(form.because.data),
            regions=_codes(),
            actor=actor(),
            at=clock.now(),
        )

    return _done("hold", form, keep, LIFT_HOLD, _("Held: nothing of this case is destroyed."))


@blueprint.post("/holds/lift")
@duty(Function.ADMINISTRATION)
def propose_lift() -> Any:
    """Send the end of a hold to be checked by a second administrator."""
    form = LiftForm(prefix="lift-")
    form.number.choices = _held_numbers()

    def send() -> None:
        found = standing_hold(db_session(), form.number.data)
        assert found is not None
        change = {"region_code": found.region_code, "case_number": found.case_number}
        _send(LIFT_HOLD, f"keeping_hold:{found.id}", found.region_code, change, form)

    return _done("lift", form, send, LIFT_HOLD, SENT)


@blueprint.get("/due")
@duty(Function.ADMINISTRATION)
def show_due() -> str:
    return _due_page(_asked())


@blueprint.post("/due")
@duty(Function.ADMINISTRATION)
def propose_destruction() -> Any:
    """Send a list to be destroyed when a second administrator has looked at it."""
    region, kept = _asked()
    form, term = DestroyForm(), _term(region, kept)
    scans = _due(term)

    def send() -> None:
        assert term is not None
        assert term.years is not None
        change = {
            "region_code": region.code,
            "kept_class": kept.value,
            "years": term.years,
            "closed_before": closed_before(term.years, clock.today()).isoformat(),
            "scans": [scan.file.reference for scan in scans],
            "digest": list_digest(lines_of(scans)),
        }
        _send(DESTROY, f"keeping_due:{region.code}:{kept.value}", region.code, change, form)

    if not scans:
        abort(404)
    if not form.validate() or not carried_out(form, send, lambda refused: why(refused, DESTROY)):
        return _due_page((region, kept), form), 422
    flash(str(SENT))
    return redirect(url_for("keeping_desk.show_due", region=region.code, kept=kept.value), 303)


@blueprint.get("/destroyed")
@duty(Function.ADMINISTRATION)
def show_destroyed() -> str:
    """Show one list of the register, by the number of its task."""
    _choose_without("number")
    number = normalise(request.args.get("number", ""))
    found, _has_more = destroyed_in(db_session(), _codes(), number=number)
    if not found:
        abort(404)
    return render_template(
        "desk/keeping/destroyed.html",
        found=found[0],
        lines=lines_destroyed(db_session(), found[0].row),
        classes=CLASSES,
        years=years_in_words,
    )


def _send(
    action: TwoPersonAction, subject: str, region: str, change: dict[str, Any], form: Any
) -> None:
    send_to_check(
        action,
        subject,
        change,
        form.because.data,
        region_code=region,
        packs=packs_in_force(db_session()),
        scans=form.scans.data,
    )


def _done(
    name: str, form: PageForm, act: Callable[[], Any], action: TwoPersonAction, message: Any
) -> Any:
    if not form.validate() or not carried_out(form, act, lambda refused: why(refused, action)):
        return _page(**{name: form}), 422
    flash(str(message))
    return redirect(url_for("keeping_desk.show_keeping"), 303)


def _regions() -> list[Region]:
    return regions_in(scope(), db_session())


def _codes() -> list[str]:
    return [region.code for region in _regions()]


def _choices() -> list[SelectChoice]:
    return [SelectChoice(region.code, region_name(region)) for region in _regions()]


def _held_numbers() -> list[SelectChoice]:
    held = standing_holds(db_session(), _codes())
    return [SelectChoice(each.case_number, each.case_number) for each in held]


def _asked() -> tuple[Region, KeptClass]:
    """Return the region and class of a list; others' regions are not there."""
    _choose_without("region")
    kept = request.args.get("kept", "")
    region = next((each for each in _regions() if each.code == request.args.get("region")), None)
    if region is None or kept not in set(KeptClass):
        abort(404)
    return region, KeptClass(kept)


def _choose_without(asked: str) -> None:
    """Lead an address that names nothing to where it is chosen."""
    if asked not in request.args:
        abort(redirect(url_for("keeping_desk.show_keeping"), 303))


def _term(region: Region, kept: KeptClass) -> KeepingTerm | None:
    return terms_in_force(db_session(), [region.code]).get((region.code, kept))


def _due(term: KeepingTerm | None) -> list[DueScan]:
    return [] if term is None else due_scans(db_session(), term, clock.today())


def _due_page(place: tuple[Region, KeptClass], form: DestroyForm | None = None) -> str:
    region, kept = place
    term = _term(region, kept)
    waiting = open_tasks_of_kinds(db_session(), [DESTROY.kind], within=scope())
    subject = f"keeping_due:{region.code}:{kept.value}"
    return render_template(
        "desk/keeping/due.html",
        region=region,
        kept=kept,
        term=term,
        scans=_due(term),
        most=MOST,
        before=term and term.years and closed_before(term.years, clock.today()),
        classes=CLASSES,
        years=years_in_words,
        waiting=waiting_tasks(task for task in waiting if task.subject == subject),
        form=form or DestroyForm(None),
    )


def _page(**forms: Any) -> str:
    session, regions = db_session(), _regions()
    codes = [region.code for region in regions]
    terms = terms_in_force(session, codes)
    counts = count_due(session, terms.values(), clock.today())
    held = standing_holds(session, codes)
    destroyed, has_more = destroyed_in(session, codes, page=page_asked())
    term, lift = forms.get("term") or TermForm(None, prefix="term-"), forms.get("lift")
    lift = lift or LiftForm(None, prefix="lift-")
    term.offer([SelectChoice(region.code, region_name(region)) for region in regions])
    lift.number.choices = [SelectChoice(each.case_number, each.case_number) for each in held]
    by_code = {region.code: region for region in regions}
    # Where no term was set everything is kept for good, and there is nothing to say.
    shown = [
        (by_code[code], kept, found, counts.get(found.id, 0))
        for (code, kept), found in sorted(terms.items())
    ]
    kinds = [SET_TERM.kind, LIFT_HOLD.kind, DESTROY.kind]
    return render_template(
        "desk/keeping/keeping.html",
        shown=shown,
        held=held,
        destroyed=destroyed,
        has_more=has_more,
        page=page_asked(),
        classes=CLASSES,
        years=years_in_words,
        region_name=region_name,
        # A form that is shown again tried something already; eight statements are the most.
        waiting=[] if forms else waiting_tasks(open_tasks_of_kinds(session, kinds, within=scope())),
        term=term,
        hold=forms.get("hold") or HoldForm(None, prefix="hold-"),
        lift=lift,
    )
