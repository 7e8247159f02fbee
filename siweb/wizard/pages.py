"""The pages of every multi-page form: a step, "check your answers", and what sending them does."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import flash, redirect, render_template, request
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from siweb.web.browser.csrf import csrf_token
from siweb.web.drawn import render_drawn
from siweb.web.paging import number_sent
from siweb.wizard.answers import Answer, Conflict, forget_answers, read_answers, save_answer
from siweb.wizard.definition import Definition, Step, StepForm
from siweb.wizard.draft import Draft
from siweb.wizard.progress import CHECK, Progress, fill_form, progress, read_form, typed_of

Page = str | Response | tuple[str, int]


@dataclass(frozen=True, slots=True)
class Case:
    """One draft at work: `address` gives a step's address, `leave` is the way out."""

    definition: Definition
    draft: Draft
    facts: Any
    address: Callable[[str], str]
    leave: str

    @property
    def declaration(self) -> str:
        """Return what sending means, with the figures of the law that it names."""
        words = str(self.definition.declaration)
        figures = self.definition.figures
        return words if figures is None else words % figures(self.facts)

    def progress(self, session: Session) -> Progress:
        """Return where the case stands."""
        return progress(self.definition, self.facts, read_answers(session, self.draft))


def go_on(session: Session, case: Case | Response) -> Response:
    """Lead to the first step that is not answered yet, or where the case leads by itself."""
    if isinstance(case, Response):
        return case
    return redirect(case.address(case.progress(session).next_name), 303)


def take_step(session: Session, case: Case | Response, name: str, *, at: datetime) -> Page:
    """Show a step, or save what is sent of it; the caller commits."""
    if isinstance(case, Response):
        return case
    if request.method == "GET":
        return show_step(session, case, name)
    return send_step(session, case, name, at=at)


def show_step(session: Session, case: Case, name: str) -> Page:
    """Show a step with its saved answer; one that makes no sense yet leads to the one that does."""
    state = case.progress(session)
    step = _open(case, state, name)
    if isinstance(step, Response):
        return step
    answer = state.answers.get(name)
    form = state.forms.get(name) if answer else None
    if form is None or form.errors:
        form = _form(step, case, answer)
    return _step_page(case, state, step, form)


def send_step(session: Session, case: Case, name: str, *, at: datetime) -> Page:
    """Save a step's answer and go on; the caller commits.

    Who leaves saves what is there, half-filled as it may be: only going on needs a good answer.
    Answered in another tab meanwhile, the page shows both and nothing is overwritten unseen.
    """
    state = case.progress(session)
    step = _open(case, state, name)
    if isinstance(step, Response):
        return step
    form = step.form(request.form)
    form.prepare(case.facts)
    is_leaving = "leave" in request.form
    # A preview answers like a refused form: nothing is saved, everything typed stays.
    if not is_leaving and (not form.validate() or "preview" in request.form):
        return _step_page(case, state, step, form), 422 if form.errors else 200
    # As typed, whether it is right or not: what is half-filled is shown again as it was left.
    typed = typed_of(form, request.form)
    seen = number_sent("seen") or 0
    conflict = save_answer(session, case.draft, name, typed, seen=seen, at=at)
    if conflict is not None:
        return _conflict_page(case, state, step, form, conflict), 409
    state = case.progress(session)
    forget_answers(session, case.draft, state.dropped)
    if is_leaving:
        flash(_("Saved. You can go on later, on this or another device."))
        return redirect(case.leave, 303)
    return redirect(case.address(_following(state, name)), 303)


def _following(state: Progress, name: str) -> str:
    """Return the step to go on with: of a list that grows the same, else the next."""
    if "stay" in request.form:
        return name
    following = state.after(name)
    # Who came to change one answer goes straight back to where everything is checked.
    goes_on = "change" not in request.args
    return following if goes_on and state.may_open(following) else state.next_name


def take_check(
    session: Session, case: Case | Response, form: StepForm, send: Callable[[Progress], Page]
) -> Page:
    """Show every answer before it is sent, or let `send` send what is whole; it commits."""
    if isinstance(case, Response):
        return case
    if request.method == "GET":
        return show_check(session, case, form)
    state = case.progress(session)
    # A step may have come to need an answer since the page was drawn: nothing half is sent.
    if state.next_name != CHECK:
        return redirect(case.address(state.next_name), 303)
    return send(state)


def show_check(session: Session, case: Case, form: StepForm) -> Page:
    """Show every answer with a way to change it; earlier steps first when one is missing."""
    state = case.progress(session)
    if state.next_name != CHECK:
        return redirect(case.address(state.next_name), 303)
    page = render_template(
        "wizard/check.html",
        case=case,
        state=state,
        form=form,
        back=case.address(state.before(CHECK) or CHECK),
    )
    # What a sending was refused for stands in the form.
    return page, 422 if form.errors else 200


def _open(case: Case, state: Progress, name: str) -> Step | Response:
    step = case.definition.step(name)
    if step is None:
        raise NotFound
    if not state.may_open(name):
        return redirect(case.address(state.next_name), 303)
    return step


def _form(step: Step, case: Case, answer: Answer | None) -> StepForm:
    """Return the step's form, empty or as it was left: what is half-filled is no error yet."""
    if answer is not None:
        return fill_form(step, case.facts, answer.typed)
    form = step.form(formdata=None)
    form.prepare(case.facts)
    return form


def _step_page(case: Case, state: Progress, step: Step, form: StepForm, **more: Any) -> str:
    answer = state.answers.get(step.name)
    before = state.before(step.name)
    given: dict[str, Any] = {"place": state.place(step.name), "places_in_all": len(state.steps)}
    places = {
        "seen": more.pop("seen", answer.version if answer else 0),
        "back": case.leave if before is None else case.address(before),
        "token": csrf_token(),
    }
    alike = {"heading": step.title, "form_title": case.definition.title, "form": form}
    if step.shown is not None:
        shown = step.shown(case.facts, form)
        given |= {"of": (case.definition.name, step.name), **shown.given}
        places |= shown.places
        # What is wrong quotes what somebody typed, and another window's answer is one person's.
        if not (form.errors or more):
            return render_drawn(step.template, given, places, alike)
    return render_template(
        step.template,
        case=case,
        state=state,
        facts=case.facts,
        places=places,
        **alike,
        **given,
        **places,
        **more,
    )


def _conflict_page(
    case: Case, state: Progress, step: Step, form: StepForm, conflict: Conflict
) -> str:
    there = read_form(step, case.facts, conflict.there.typed)
    form.form_errors.append(
        _(
            "You answered this in another window meanwhile. Below is what you typed here: send it "
            "again to keep it, or go on with the other answer."
        )
    )
    return _step_page(case, state, step, form, seen=conflict.there.version, there=there.lines())
