"""The way in: home, city services, a city and its office hall, and the guides."""

from typing import Any

from flask import Blueprint, abort, current_app, redirect, render_template, url_for
from werkzeug.wrappers import Response

from siweb import clock
from siweb.auth.access import acting, acting_for, public, visitor
from siweb.documents.forms import VerifyForm
from siweb.filings.employers.thirty_days import open_hires
from siweb.filings.employers.views import blueprint as employers
from siweb.portal.agencies import agencies_of
from siweb.portal.asked_region import region_or_404
from siweb.portal.components import (
    TONES,
    sample_charts,
    sample_days,
    sample_forms,
    sample_grid,
    sample_progress,
    sample_ways,
    sample_years,
)
from siweb.portal.find_regions import find_regions
from siweb.portal.guides import GUIDES, template_of
from siweb.portal.home.cards import SOON
from siweb.portal.home.employer import employer_cards, employer_matters
from siweb.portal.home.load import load_home
from siweb.portal.home.shown import shown
from siweb.portal.home.yearly_bases import card_of, standing_of
from siweb.portal.parameters import figures_of, has_figures
from siweb.portal.recent_cities import recent_cities, remember_city
from siweb.portal.services import calculators_address, reviews_address, services
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.regions.load import all_regions
from siweb.rules.calendar.months import month_of
from siweb.web.database import db_session
from siweb.web.htmx import render_page
from siweb.web.language.formats import yuan_number
from siweb.web.paging import search_asked
from siweb.web.read_once import read_once
from siweb.web.visitor import who

blueprint = Blueprint("portal", __name__)
SHOWN_CITIES = 20


@blueprint.get("/")
@public
def show_home() -> str:
    if who() is None:
        return render_template(
            "portal/home/home.html",
            reviews_address=reviews_address(),
            calculators_address=calculators_address(),
            verify=VerifyForm(None),
        )
    session, on = db_session(), clock.today()
    home = load_home(session, visitor(), packs=packs_in_force(session), on=on)
    return render_template("portal/home/home_signed_in.html", home=home, **shown(home, on))


# Among the employer's pages by its address; here, since objections, filings and bills know nothing
# of each other, and what waits is of all of them.
@employers.get("/<uscc>", endpoint="show_home")
@acting_for("viewer")
def show_home_of_employer() -> str:
    session, employer, on = db_session(), acting(), clock.today()
    matters = employer_matters(session, employer.employer_id, on)
    review = standing_of(session, employer.employer_id, employer.region_code, on)
    return render_template(
        "filings/employers/home.html",
        cards=employer_cards(matters, card_of(review, on)),
        review=review,
        # The log of who looked asks for the same.
        hires=read_once(
            open_hires,
            employer.employer_id,
            employer.region_code,
            read_once(packs_in_force),
            on=on,
        ),
        drafts=matters["drafts"].number if "drafts" in matters else 0,
        unread=matters["messages"].number if "messages" in matters else 0,
        on=on,
        soon=SOON,
    )


@blueprint.get("/city-services")
@public
def show_city_services() -> str:
    listed = all_regions(db_session())
    recent = [listed[code] for code in recent_cities() if code in listed]
    return render_template("portal/cities/city_services.html", recent=recent)


@blueprint.get("/city-services/cities")
@public
def show_cities() -> str:
    query = search_asked()
    listed = all_regions(db_session())
    found = find_regions(listed.values(), query)
    return render_page(
        "portal/cities/cities.html",
        "portal/cities/_cities.html",
        query=query,
        found=found[:SHOWN_CITIES],
        is_cut=len(found) > SHOWN_CITIES,
        recent=[listed[code] for code in recent_cities() if code in listed],
        hosted=[region for region in listed.values() if region.is_hosted],
    )


@blueprint.get("/cities/<code>")
@public
def show_city(code: str) -> str:
    region = region_or_404(code)
    remember_city(code)
    packs = packs_in_force(db_session())
    with_figures = has_figures(packs, code)
    if not region.is_hosted:
        return render_template(
            "portal/cities/city_not_hosted.html", region=region, has_figures=with_figures
        )
    agencies = agencies_of(db_session(), code, figures_of(packs, code, month_of(clock.today())))
    return render_template("portal/cities/city.html", region=region, agencies=agencies)


@blueprint.get("/cities/<code>/office-hall")
@public
def show_office_hall(code: str) -> Any:
    return _hosted_page(code, "portal/cities/office_hall.html")


@blueprint.get("/cities/<code>/office-hall/government")
@public
def show_government(code: str) -> Any:
    return _hosted_page(code, "portal/cities/government.html", services=services())


@blueprint.get("/cities/<code>/annual-review")
@public
def show_annual_review(code: str) -> Any:
    return _hosted_page(
        code,
        "portal/cities/annual_review.html",
        reviews_address=url_for("reviews.show_due_in_city", code=code),
    )


@blueprint.get("/guides/")
@public
def show_guides() -> str:
    return render_template("portal/guides/guides.html", guides=GUIDES)


@blueprint.get("/guides/<name>")
@public
def show_guide(name: str) -> str:
    if name not in GUIDES:
        abort(404)
    names = list(GUIDES)
    following = names[names.index(name) + 1 :][:1]
    return render_template(
        template_of(name),
        title=GUIDES[name],
        following=[(other, GUIDES[other]) for other in following],
    )


def _hosted_page(code: str, template: str, **values: Any) -> str | Response:
    """Render a page of a hosted city; the city's own page says that it is not hosted."""
    region = region_or_404(code)
    if not region.is_hosted:
        return redirect(url_for("portal.show_city", code=code), 303)
    return render_template(template, region=region, **values)


@blueprint.get("/components")
@public
def show_components() -> str:
    if not current_app.config["DEMO"]:
        abort(404)
    return render_template(
        "portal/components.html",
        tones=TONES,
        forms=sample_forms(),
        charts=sample_charts(),
        grid=sample_grid(),
        bars=sample_progress(),
        picture=sample_years(),
        ways=sample_ways(),
        days=sample_days(clock.today()),
        today=clock.today(),
        at=clock.now(),
        write_yuan=yuan_number,
    )
