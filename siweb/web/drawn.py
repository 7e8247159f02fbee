"""Pieces of a page that are the same for many: drawn once, then only filled in.

The head and foot of every page depend on the office's name, the language, the type size and
whether somebody is signed in; drawing them anew for each request would cost more than all that is
about the person.
"""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Flask, current_app, g, render_template, request, session
from jinja2 import Template
from jinja2.environment import TemplateModule
from jinja2.runtime import Context
from markupsafe import Markup, escape

from siweb import clock
from siweb.web.addresses import this_place
from siweb.web.language.formats import clock_time, day
from siweb.web.language.locale import preferences
from siweb.web.language.shown_office import office
from siweb.web.visitor import who

# Stands around the name of a place while the piece is drawn; no text has this character.
_MARK = "\ue000"
_KEPT = 4096
_NOTHING: dict[str, Any] = {}
Parts = tuple[str, tuple[tuple[str, str], ...]]


class Macros(Template):
    """A template whose macros are kept for all pages that import them.

    Jinja compares the global names of both for each import on each page, since a template may have
    some of its own; here none has.
    """

    def _get_default_module(self, ctx: Context | None = None) -> TemplateModule:
        return super()._get_default_module()


def install(app: Flask) -> None:
    """Make `drawn` a function of the templates, and tell every page what its frame shows."""
    app.jinja_env.template_class = Macros
    app.jinja_env.globals["drawn"] = _drawer()
    app.context_processor(_frame)


def render_drawn(
    template: str,
    given: Mapping[str, Any],
    places: Mapping[str, Any],
    alike: Mapping[str, Any] = _NOTHING,
) -> str:
    """Return a whole page, drawn once for all whose `given` is the same, its `places` filled in.

    `alike` is what `given` says too, in another form: what the template needs and no key can be.
    """
    frame = _frame()
    # What was just done is said to one person, and what is done for another leads to that person.
    if session.get("_flashes") or "helped" in g:
        return render_template(template, places=places, **given, **places, **alike)
    given = {**given, "signed_in": frame.pop("signed_in")}
    drawn: Any = current_app.jinja_env.globals["drawn"]
    return str(drawn(template, given, alike, **places, **frame))


def _frame() -> dict[str, Any]:
    """Return what head and foot of a page show of the visitor."""
    visitor = who()
    frame = {"here": this_place(), "printed_on": day(clock.today())}
    if visitor is None:
        nobody = {"seconds_left": "", "ends_time": "", "printed_by": "", "id_end": ""}
        return {"signed_in": False, **frame, **nobody}
    ends_at = visitor.ends_at
    return {
        "signed_in": True,
        **frame,
        "printed_by": visitor.name,
        "id_end": visitor.id_end,
        # Not the instant: the clock of an old phone may be wrong by hours.
        "seconds_left": str(int((ends_at - clock.now()).total_seconds())),
        "ends_time": clock_time(ends_at),
    }


def _drawer() -> Callable[..., Markup]:
    kept: dict[tuple[Any, ...], Parts] = {}

    def drawn(
        template: str,
        given: Mapping[str, Any] = _NOTHING,
        alike: Mapping[str, Any] = _NOTHING,
        **places: Any,
    ) -> Markup:
        """Return the piece that a template makes of `given`, drawn once for all who are alike.

        What differs from person to page is in `places`, which the template only puts between tags
        or into an attribute: it sees a mark there, never the value.
        """
        chosen = preferences()
        root = request.environ.get("SCRIPT_NAME", "")
        key = (template, root, chosen.locale, chosen.type_size, office(), *given.items())
        parts = kept.get(key)
        if parts is None:
            if len(kept) >= _KEPT:
                # All at once: what is common is drawn again at the next page, and no order of use
                # is to be kept.
                kept.clear()
            parts = kept[key] = _draw(template, {**given, **alike}, places)
        filled = [parts[0]]
        for name, text in parts[1]:
            value = places[name]
            filled += (value if type(value) is Markup else escape(value), text)
        return Markup("".join(filled))  # noqa: S704 - our own template, its places escaped

    return drawn


def _draw(template: str, given: Mapping[str, Any], places: Mapping[str, Any]) -> Parts:
    marks = {name: f"{_MARK}{name}{_MARK}" for name in places}
    # A piece is drawn once for all: its links lead to everybody's own pages, and never to those of
    # the person whom the first visitor happened to act for.
    helped = g.pop("helped", None)
    try:
        drawn = render_template(template, chosen=preferences(), places=marks, **given, **marks)
    finally:
        if helped is not None:
            g.helped = helped
    first, *rest = drawn.split(_MARK)
    return first, tuple(zip(rest[::2], rest[1::2], strict=True))
