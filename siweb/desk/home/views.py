"""The desk's first page: everything that waits for staff, as one table."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from siweb import clock
from siweb.audit.chain.seal import late_lines
from siweb.auth.access import actor, duties, duty
from siweb.auth.tables.appointment import Function
from siweb.desk.checking.labels import FUNCTIONS
from siweb.desk.home import days, kinds
from siweb.desk.home.forms import GiveForm
from siweb.desk.home.give import Colleague, Pick, find_colleagues, give
from siweb.desk.home.line import Line
from siweb.desk.home.queues import QUEUES
from siweb.desk.home.waiting import PAGE, Asked, Order, View, Waiting, count_waiting, list_waiting
from siweb.desk.staff import navigation
from siweb.web.database import db_session
from siweb.web.forms.carry_out import carried_out
from siweb.web.paging import page_asked, page_link
from siweb.web.read_once import read_once

# Many times what is promised: whoever seals has tried again by then, and staff need not worry.
_REPORTED_AFTER = timedelta(minutes=1)
# All that waits for a second person, whichever function checks it.
CHECKS = kinds.TASK.of
FORMER = {
    "tasks": CHECKS,
    "reviews": "reviews",
    "complaints": "complaints",
    "pensions": "pensions",
    "transfers": "transfers",
    "service": "notices",
    "signs": "signs",
    "review-tasks/corrections": "corrections",
    "review-tasks/certifications": "certifications",
    "review-tasks/back-payments": "back-payments",
}
"""Lists that this one took in, by their addresses: bookmarks and printed guides have them."""
VIEWS = {
    View.ALL: _l("All"),
    View.LATE: _l("Late"),
    View.WEEK: _l("Due this week"),
    View.MINE: _l("With me"),
    View.NOBODYS: _l("With nobody"),
    View.MADE: _l("Made by me"),
}
blueprint = Blueprint("desk", __name__, url_prefix="/desk")
navigation.install(blueprint)
days.install(blueprint)


@dataclass(frozen=True, slots=True)
class Part:
    """A view of the list: its words, how much it shows, its address, whether it is shown."""

    words: Any
    count: int
    address: str
    is_here: bool


@blueprint.get("")
@duty(*Function)
def show_desk() -> str:
    return _page(_form())


@blueprint.post("")
@duty(*(each for each in Function if each is not Function.AUDIT))
def give_cases() -> Any:
    """Take cases that were chosen, give them to a colleague, or give them back."""
    form = _form()
    sent = request.form.getlist("pick")[:PAGE]
    picks = [pick for each in sent if (pick := Pick.read(each)) is not None]
    given: list[int] = []

    def act() -> None:
        given.append(
            give(
                db_session(),
                picks,
                form.account_id,
                duties=duties(),
                actor=actor(),
                on=clock.today(),
                at=clock.now(),
            )
        )

    if not form.validate() or not carried_out(form, act, form.why):
        return _page(form, frozenset(sent)), 422
    flash(form.says(given[0]))
    # Back to the same part of the list: the next case is chosen from it.
    return redirect(page_link(page_asked()), 303)


def _moved(kind: str) -> Callable[[], Any]:
    @duty(*Function)
    def moved() -> Any:
        return redirect(url_for("desk.show_desk", kind=kind), 308)

    return moved


FORMER_NAMES = [f"former_{re.sub(r'[^a-z]', '_', address)}" for address in FORMER]
for _former, _named in zip(FORMER.items(), FORMER_NAMES, strict=True):
    blueprint.add_url_rule(f"/{_former[0]}", _named, _moved(_former[1]))


def _form() -> GiveForm:
    return GiveForm(me=actor().account_id, colleagues=read_once(_colleagues))


def _colleagues(session: Session) -> list[Colleague]:
    return find_colleagues(session, duties(), clock.today())


def _page(form: GiveForm, chosen: Collection[str] = ()) -> str:
    """Show the list; what was chosen and not given stays chosen, if it is still as it was."""
    asked, on = asked_now(), clock.today()
    waiting = count_waiting(db_session(), on, duties(), actor().account_id)
    lines, has_more = lines_now()
    unsealed = late_lines(db_session(), written_before=clock.now() - _REPORTED_AFTER)
    fitting = [each for each in waiting if asked.fits(each.queue)]
    functions = dict.fromkeys(each.queue.function for each in waiting)
    return render_template(
        "desk/desk.html",
        asked=asked,
        form=form,
        parts=[_part(view, fitting, asked) for view in View],
        sorts={
            order.value: (_address(asked, order=order), order is asked.order) for order in Order
        },
        # What somebody chose stays to be seen, though nothing of it is left.
        waiting=[each for each in waiting if each.count or each.queue.name == asked.queue],
        functions={function: FUNCTIONS[function] for function in functions},
        checks=CHECKS,
        queue=next((each.queue for each in fitting if each.queue.name == asked.queue), None),
        rows=[(line, QUEUES[line.queue], _leads_to(line), Pick.write(line)) for line in lines],
        # Who has it now is part of a choice: what a colleague took meanwhile is chosen anew.
        chosen=chosen,
        has_more=has_more,
        page=asked.page,
        on=on,
        unsealed=unsealed,
    )


def asked_now() -> Asked:
    """Return which of what waits the address asks for; what it cannot mean is left out."""
    typed = request.args
    names = {CHECKS, *(queue.name for queue in QUEUES)}
    return Asked(
        _one_of(typed, "kind", names),
        Function(found) if (found := _one_of(typed, "function", set(Function))) else None,
        View(_one_of(typed, "view", set(View)) or View.ALL),
        Order(_one_of(typed, "sort", set(Order)) or Order.DUE),
        page_asked(),
    )


def lines_now() -> tuple[list[Line], bool]:
    """Return the page of the list that the address asks for, read once."""
    return read_once(list_waiting, asked_now(), clock.today(), duties(), actor().account_id)


def _one_of(typed: MultiDict[str, str], name: str, words: set[Any]) -> str:
    found = typed.get(name, "")
    return found if found in words else ""


def _part(view: View, waiting: list[Waiting], asked: Asked) -> Part:
    count = sum(each.counts[view] for each in waiting)
    return Part(VIEWS[view], count, _address(asked, view=view), view is asked.view)


def _address(asked: Asked, *, view: View | None = None, order: Order | None = None) -> str:
    """Return the address of another part or order, from its first page on; no empty values."""
    values = {
        "kind": asked.queue,
        "function": asked.function,
        "view": asked.view if view is None else view,
        "sort": asked.order if order is None else order,
    }
    usual = {"", None, View.ALL, Order.DUE}
    kept: dict[str, Any] = {name: value for name, value in values.items() if value not in usual}
    return url_for("desk.show_desk", **kept)


def _leads_to(line: Line) -> str:
    endpoint, found = QUEUES[line.queue].kind.address(line)
    values: dict[str, Any] = {**found}
    return url_for(endpoint, **values)
