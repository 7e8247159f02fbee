"""Reopen a campaign, or close it again: made by one and checked by another."""

from datetime import date

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from siweb.auth.staff.subject import Subject
from siweb.auth.tables.appointment import Function
from siweb.desk.subjects import of_campaign
from siweb.filings.declared.base_results import forget_results
from siweb.reviews.begin.reopen_campaign import (
    ReopeningRefused,
    end_reopening,
    reopen_campaign,
    require_over,
    require_reopened,
)
from siweb.reviews.labels import KINDS
from siweb.reviews.tables.campaign import Campaign
from siweb.tasks.tables.task import Task
from siweb.tasks.two_person_action import Difference, Doing, TwoPersonAction
from siweb.web.language.formats import day, month_range

REFUSALS = {
    "no_season": _l("This review has no last day: there is nothing to reopen."),
    "still_open": _l("This campaign takes answers now."),
    "year_over": _l(
        "The months that it is for are over. What was declared wrongly is corrected for the "
        "person, from their page."
    ),
    "until_past": _l("Enter today or a later date."),
    "too_long": _l("A campaign is reopened for 92 days at most."),
    "not_reopened": _l("This campaign is not reopened now."),
}


def _campaign(session: Session, task: Task) -> Campaign:
    return session.get_one(Campaign, task.change["campaign_id"])


def _about(session: Session, task: Task) -> Subject:
    found = of_campaign(session, task.change["campaign_id"])
    return found or Subject(frozenset())


def _last_day(session: Session, task: Task) -> str:
    closes_on = _campaign(session, task).closes_on
    return "—" if closes_on is None or task.closed_at is not None else str(day(closes_on))


def _would_reopen(session: Session, task: Task) -> list[Difference]:
    campaign = _campaign(session, task)
    months = month_range(campaign.period_from_month, campaign.period_to_month)
    until = date.fromisoformat(task.change["until"])
    return [
        Difference(_("Review"), "—", f"{KINDS[campaign.kind]} {campaign.year}"),
        Difference(_("Months"), "—", str(months)),
        Difference(_("Last day for answers"), _last_day(session, task), str(day(until))),
    ]


def _reopen(session: Session, task: Task, doing: Doing) -> None:
    """Reopen the campaign.

    :raises ReopeningRefused: what `require_over` refuses.
    """
    campaign, until = _campaign(session, task), date.fromisoformat(task.change["until"])
    if doing.actor.account_id == task.made_by_account_id:
        # Only tried: the row names a task, which is kept after this.
        require_over(campaign, until, on=doing.on)
        return
    reopen_campaign(
        session,
        campaign,
        until,
        task_id=task.id,
        actor=doing.actor,
        on=doing.on,
        at=doing.at,
    )
    # Reviews know nothing of declarations, and so not what was kept of these.
    forget_results(session, campaign.id)


def _would_close(session: Session, task: Task) -> list[Difference]:
    campaign = _campaign(session, task)
    return [
        Difference(_("Review"), "—", f"{KINDS[campaign.kind]} {campaign.year}"),
        Difference(_("Last day for answers"), _last_day(session, task), _("the day of the check")),
    ]


def _close(session: Session, task: Task, doing: Doing) -> None:
    """Close it again with today.

    :raises ReopeningRefused: "not_reopened".
    """
    campaign = _campaign(session, task)
    if doing.actor.account_id == task.made_by_account_id:
        # Only tried, as above.
        require_reopened(session, campaign, doing.on)
        return
    end_reopening(
        session,
        campaign,
        task_id=task.id,
        actor=doing.actor,
        on=doing.on,
        at=doing.at,
    )


def _page(task: Task) -> str:
    return url_for("campaign_desk.show_reopening", campaign_id=task.change["campaign_id"])


REOPEN = TwoPersonAction(
    "campaign.reopen",
    _l("Reopen a campaign"),
    Function.REVIEW,
    _would_reopen,
    _about,
    _reopen,
    {ReopeningRefused: REFUSALS},
    _page,
)
CLOSE_AGAIN = TwoPersonAction(
    "campaign.close_again",
    _l("Close a reopened campaign"),
    Function.REVIEW,
    _would_close,
    _about,
    _close,
    {ReopeningRefused: REFUSALS},
    _page,
)
