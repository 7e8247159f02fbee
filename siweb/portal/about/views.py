"""The pages every site owes its visitors: data protection, accessibility, contact."""

from flask import Blueprint, render_template

from siweb.auth.access import public
from siweb.auth.sign_in.browser import limits
from siweb.portal.about.cookies import COOKIES
from siweb.portal.agencies import hosted_agencies
from siweb.web.database import db_session

blueprint = Blueprint("about", __name__)


@blueprint.get("/privacy")
@public
def show_privacy() -> str:
    return render_template("portal/about/privacy.html", cookies=COOKIES, limits=limits())


@blueprint.get("/accessibility")
@public
def show_accessibility() -> str:
    return render_template("portal/about/accessibility.html")


@blueprint.get("/contact")
@public
def show_contact() -> str:
    return render_template("portal/about/contact.html", regions=hosted_agencies(db_session()))
