"""The guides' pages."""

from functools import cache
from pathlib import Path

from flask import Blueprint, abort, current_app, render_template, request

from siweb.auth.access import public
from siweb.portal.guide.contents import AUDIENCES, PAGES
from siweb.portal.guide.markdown import Guide, read_guide
from siweb.portal.guide.places import address_of
from siweb.web.language.locale import preferences

blueprint = Blueprint("guide", __name__)
# Folders of docs/guide by locale.
_LANGUAGES = {"zh_Hans": "zh", "en": "en"}


@blueprint.app_template_global()
def guide_address() -> str:
    """Return the address of the guide to the page that is being drawn: its frame links it."""
    return address_of(request.endpoint or "")


@blueprint.get("/guide/")
@public
def show_contents() -> str:
    contents = {
        audience: [(page, _guide(audience, page).title) for page in pages]
        for audience, pages in PAGES.items()
    }
    return render_template("portal/guide/contents.html", contents=contents, audiences=AUDIENCES)


@blueprint.get("/guide/<audience>/<page>")
@public
def show_page(audience: str, page: str) -> str:
    if page not in PAGES.get(audience, ()):
        abort(404)
    others = [(name, _guide(audience, name).title) for name in PAGES[audience] if name != page]
    return render_template(
        "portal/guide/page.html",
        guide=_guide(audience, page),
        audience=audience,
        audience_name=AUDIENCES[audience],
        others=others,
    )


def _guide(audience: str, page: str) -> Guide:
    # Beside the templates, in a checkout as in a wheel.
    folder = Path(str(current_app.template_folder)).with_name("docs") / "guide"
    return _read(folder, _LANGUAGES[preferences().locale], audience, page)


# They are files of the program: they change with it, and it starts anew then.
@cache
def _read(folder: Path, language: str, audience: str, page: str) -> Guide:
    text, english = (
        (folder / each / audience / f"{page}.md").read_text("utf-8") for each in (language, "en")
    )
    return read_guide(text, english, audience)
