"""The desk's page of campaigns: how far each has come, and how one is opened."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from siweb import clock
from siweb.auth.access import actor, duty, scope
from siweb.auth.staff.duties import regions_in
from siweb.auth.tables.appointment import Function
from siweb.desk.reviews.campaigns.employers import employers_of_campaign
from siweb.desk.reviews.campaigns.forms import CampaignForm
from siweb.desk.reviews.campaigns.people import people_of_campaign
from siweb.desk.reviews.campaigns.undeclared import undeclared_page
from siweb.desk.subjects import of_campaign
from siweb.reviews.begin.list_campaigns import count_cases, find_campaign, list_campaigns
from siweb.reviews.begin.open_campaign import CampaignRefused, open_campaign
from siweb.reviews.labels import KINDS, STATES
from siweb.reviews.tables.campaign import CERTIFIED_BY, ReviewKind
from siweb.web.database import db_session
from siweb.web.forms.carry_out import carried_out
from siweb.web.language.labels import region_name
from siweb.web.paging import page_asked

blueprint = Blueprint("campaign_desk", __name__, url_prefix="/desk/campaigns")
REFUSALS = {
    "not_run": _l("Your agency does not run the insurances that this review is about."),
    "not_open": _l("This office does not work for that region."),
    "open_already": _l("There is a campaign of this kind for the region and the year."),
    "months_end_before": _l("The last month is before the first."),
    "ends_before": _l("The last day is before the first."),
    "last_day_missing": _l("Enter the last day: employers declare by it, and are reminded of it."),
    "season_forbidden": _l("Certification has no season: leave the last day empty."),
}


@blueprint.get("")
@duty(Function.REVIEW)
def show_campaigns() -> str:
    return _page(_form())


@blueprint.post("")
@duty(Function.REVIEW)
def begin() -> Any:
    """Open a campaign: from its first day people find it."""
    form = _form()

    def act() -> None:
        kind = ReviewKind(form.kind.data)
        if not scope().covers(form.region.data, CERTIFIED_BY.get(kind, ()), wholly=True):
            raise CampaignRefused("not_run")
        open_campaign(
            db_session(),
            form.region.data,
            kind,
            form.year.data or 0,
            period=(form.from_month.data, form.to_month.data),
            opens_on=form.opens_on.data,
            closes_on=form.closes_on.data,
            rules={},
            actor=actor(),
            at=clock.now(),
        )

    if not form.validate() or not carried_out(
        form, act, lambda refused: str(REFUSALS[refused.code])
    ):
        return _page(form), 422
    flash(_("The campaign is open from its first day on."))
    return redirect(url_for("campaign_desk.show_campaigns"), 303)


@blueprint.get("/<int:campaign_id>")
@duty(Function.REVIEW, of=of_campaign)
def show_progress(campaign_id: int) -> str:
    """Show how far a campaign is: its cases by state, or whose declaration is missing."""
    session = db_session()
    found = find_campaign(session, campaign_id)
    if found is None:
        abort(404)
    is_of_employers = found.campaign.kind is ReviewKind.EMPLOYER_BASES
    page = page_asked()
    missing, has_more = (
        undeclared_page(session, found.campaign, page) if is_of_employers else ([], False)
    )
    return render_template(
        "desk/campaigns/progress.html",
        item=found,
        cases=[
            (STATES[state], number) for state, number in count_cases(session, campaign_id).items()
        ],
        people=None if is_of_employers else people_of_campaign(session, found.campaign),
        employers=employers_of_campaign(session, found.campaign, clock.today())
        if is_of_employers
        else None,
        is_of_employers=is_of_employers,
        missing=missing,
        has_more=has_more,
        page=page,
    )


def _form() -> CampaignForm:
    form = CampaignForm()
    regions = regions_in(scope(), db_session())
    form.region.choices = [(region.code, region_name(region)) for region in regions]
    return form


def _page(form: CampaignForm) -> str:
    return render_template(
        "desk/campaigns/campaigns.html",
        form=form,
        campaigns=list_campaigns(db_session(), scope=scope()),
        kinds=KINDS,
    )
