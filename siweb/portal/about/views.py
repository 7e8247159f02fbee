"""The pages every site owes its visitors: data protection, accessibility, contact."""

from flask import Blueprint, Response, abort, render_template

from siweb.auth.access import public
from siweb.auth.sign_in.browser import limits
from siweb.portal.about.cookies import COOKIES
from siweb.portal.about.retention import RETENTION
from siweb.portal.agencies import hosted_agencies
from siweb.registry.regions.shown_office import emblem_of
from siweb.web.database import db_session

blueprint = Blueprint("about", __name__)


@blueprint.get("/privacy")
@public
def show_privacy() -> str:
    return render_template(
        "portal/about/privacy.html", cookies=COOKIES, limits=limits(), retention=RETENTION
    )


@blueprint.get("/accessibility")
@public
def show_accessibility() -> str:
    return render_template("portal/about/accessibility.html")


@blueprint.get("/contact")
@public
def show_contact() -> str:
    return render_template("portal/about/contact.html", regions=hosted_agencies(db_session()))


@blueprint.get("/office/emblem.png")
@public
def show_emblem() -> Response:
    """Show the emblem; its address has its digest, so that browsers need not ask again."""
    emblem = emblem_of(db_session())
    if emblem is None:
        abort(404)
    answer = Response(emblem, mimetype="image/png")
    answer.cache_control.public = True
    answer.cache_control.max_age = 365 * 24 * 3600
    answer.cache_control.immutable = True
    return answer
