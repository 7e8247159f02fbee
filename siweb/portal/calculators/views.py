"""The calculators' pages: no sign-in, and an address that reproduces the result."""

from typing import Any

from flask import Blueprint, abort, render_template, request, url_for

from siweb import clock
from siweb.auth.access import public
from siweb.portal.asked_region import region_or_404
from siweb.portal.calculators.kinds import KINDS, Calculator
from siweb.portal.calculators.pension import pension_wage
from siweb.portal.parameters import figures_of, has_figures, is_demonstration
from siweb.registry.packs.in_force import packs_in_force
from siweb.rules.calendar.months import month_of
from siweb.rules.parameters.pack_set import PackSet
from siweb.web.database import db_session
from siweb.web.htmx import render_page

blueprint = Blueprint("calculators", __name__)


@blueprint.get("/cities/<code>/calculators/")
@public
def show_calculators(code: str) -> str:
    region, packs = region_or_404(code), packs_in_force(db_session())
    offered = {
        kind: calculator
        for kind, calculator in KINDS.items()
        if _is_offered(calculator, packs, code)
    }
    return render_template(
        "portal/calculators/calculators.html",
        region=region,
        calculators=offered,
        has_figures=has_figures(packs, code),
        is_demonstration=is_demonstration(packs, code),
    )


@blueprint.get("/cities/<code>/calculators/<kind>")
@public
def show_calculator(code: str, kind: str) -> tuple[str, int]:
    region, packs = region_or_404(code), packs_in_force(db_session())
    calculator = KINDS.get(kind)
    if calculator is None or not _is_offered(calculator, packs, code):
        abort(404)
    form: Any = calculator.form(request.args)
    form.offer(figures_of(packs, code, month_of(clock.today())))
    is_asked = any(field.name in request.args for field in form)
    worked = calculator.work_out(form, code, packs) if is_asked and form.validate() else None
    page = render_page(
        "portal/calculators/calculator.html",
        "portal/calculators/_result.html",
        region=region,
        kind=kind,
        calculator=calculator,
        form=form,
        worked=worked,
        is_demonstration=is_demonstration(packs, code),
        is_asked=is_asked,
        link=_link(code, kind, form),
        pension_wage=pension_wage(packs, code) if kind == "pension-estimate" else None,
    )
    return page, 422 if is_asked and worked is None else 200


def _is_offered(calculator: Calculator, packs: PackSet, code: str) -> bool:
    return has_figures(packs, code) or not calculator.needs_figures


def _link(code: str, kind: str, form: Any) -> str:
    given = {field.name: request.args.get(field.name, "").strip() for field in form}
    asked: dict[str, Any] = {name: value for name, value in given.items() if value}
    return url_for("calculators.show_calculator", code=code, kind=kind, **asked)
