"""The desk's page on which a campaign that is over is reopened, and closed again."""

from collections.abc import Callable
from typing import Any

from flask import abort, flash, redirect, render_template, url_for

from siweb import clock
from siweb.auth.access import duty
from siweb.auth.tables.appointment import Function
from siweb.desk.checking.send import SENT, send_to_check
from siweb.desk.checking.sentences import why
from siweb.desk.checking.waiting import waiting_about
from siweb.desk.reviews.campaigns.reopening.actions import CLOSE_AGAIN, REOPEN
from siweb.desk.reviews.campaigns.reopening.forms import CloseForm, ReopenForm
from siweb.desk.reviews.campaigns.views import blueprint
from siweb.desk.subjects import of_campaign
from siweb.registry.packs.in_force import packs_in_force
from siweb.reviews.begin.list_campaigns import OpenedCampaign, find_campaign
from siweb.reviews.begin.reopen_campaign import reopenings_of, running_reopening
from siweb.tasks.two_person_action import TwoPersonAction
from siweb.web.database import db_session
from siweb.web.forms.carry_out import carried_out

# The room's own, with the routes that are added to it here.
__all__ = ["blueprint"]


@blueprint.get("/<int:campaign_id>/reopening")
@duty(Function.REVIEW, of=of_campaign)
def show_reopening(campaign_id: int) -> str:
    return _page(_found(campaign_id))


@blueprint.post("/<int:campaign_id>/reopen")
@duty(Function.REVIEW, of=of_campaign)
def reopen(campaign_id: int) -> Any:
    """Send the reopening of a campaign to be checked."""
    found, form = _found(campaign_id), ReopenForm(prefix="reopen-")

    def send() -> None:
        _send(REOPEN, found, {"until": form.until.data.isoformat()}, form)

    return _done(found, "reopen", form, send, REOPEN)


@blueprint.post("/<int:campaign_id>/close")
@duty(Function.REVIEW, of=of_campaign)
def close_again(campaign_id: int) -> Any:
    """Send the end of a reopening to be checked."""
    found, form = _found(campaign_id), CloseForm(prefix="close-")
    return _done(found, "close", form, lambda: _send(CLOSE_AGAIN, found, {}, form), CLOSE_AGAIN)


def _send(
    action: TwoPersonAction,
    found: OpenedCampaign,
    change: dict[str, Any],
    form: ReopenForm | CloseForm,
) -> None:
    campaign = found.campaign
    send_to_check(
        action,
        f"campaign:{campaign.id}",
        {"campaign_id": campaign.id, **change},
        form.because.data,
        region_code=campaign.region_code,
        packs=packs_in_force(db_session()),
        scans=form.scans.data,
    )


def _done(
    found: OpenedCampaign,
    name: str,
    form: ReopenForm | CloseForm,
    act: Callable[[], None],
    action: TwoPersonAction,
) -> Any:
    campaign_id = found.campaign.id
    if not form.validate() or not carried_out(form, act, lambda refused: why(refused, action)):
        return _page(_found(campaign_id), **{name: form}), 422
    flash(str(SENT))
    return redirect(url_for("campaign_desk.show_reopening", campaign_id=campaign_id), 303)


def _found(campaign_id: int) -> OpenedCampaign:
    found = find_campaign(db_session(), campaign_id)
    # What has no season has nothing to reopen.
    if found is None or found.campaign.closes_on is None:
        abort(404)
    return found


def _page(found: OpenedCampaign, **forms: Any) -> str:
    session, campaign = db_session(), found.campaign
    return render_template(
        "desk/campaigns/reopening.html",
        item=found,
        earlier=reopenings_of(session, campaign.id),
        running=running_reopening(session, campaign.id, clock.today()),
        is_over=campaign.closes_on is not None and campaign.closes_on < clock.today(),
        waiting=waiting_about(f"campaign:{campaign.id}", REOPEN, CLOSE_AGAIN),
        reopen=forms.get("reopen") or ReopenForm(None, prefix="reopen-"),
        close=forms.get("close") or CloseForm(None, prefix="close-"),
    )
