"""The card of a yearly base declaration on an employer's home."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from siweb.desk.reviews.campaigns.employers import months_of
from siweb.filings.declared.base_progress import BaseState, count_bases
from siweb.portal.home.cards import Card
from siweb.reviews.begin.list_campaigns import newest_campaign
from siweb.reviews.tables.campaign import Campaign, ReviewKind
from siweb.web.language.formats import count


class Standing(NamedTuple):
    """The review that opened last, and how many of an employer's people stand in each state."""

    campaign: Campaign
    counts: Mapping[BaseState, int]

    @property
    def everybody(self) -> int:
        """Return how many have a base to declare."""
        return sum(self.counts.values())


def standing_of(session: Session, employer_id: int, region_code: str, on: date) -> Standing | None:
    """Return how far an employer is with its review, None before the first; two statements."""
    campaign = newest_campaign(session, region_code, ReviewKind.EMPLOYER_BASES, on=on)
    if campaign is None:
        return None
    return Standing(campaign, count_bases(session, employer_id, months_of(campaign)))


def card_of(standing: Standing | None, on: date) -> Card | None:
    """Return what the review asks of the employer now; None where it asks nothing.

    After the last day silence leaves what was declared: then only what is missing or objected to
    still waits, and it is late.
    """
    if standing is None or not standing.everybody:
        return None
    campaign, counts = standing.campaign, standing.counts
    is_over = not campaign.is_open(on)
    undeclared, objected = counts[BaseState.UNDECLARED], counts[BaseState.OBJECTED]
    if undeclared:
        button = _("Declare the bases")
    elif objected:
        button = _("See what they object to")
    elif is_over or not counts[BaseState.SILENT]:
        return None
    else:
        button = _("See who has not answered")
    return Card(
        _("Yearly base declaration %(year)s", year=campaign.year),
        " ".join(_sentences(standing, undeclared, objected, is_over=is_over)),
        button,
        url_for("base_review.show_review"),
        last_day=campaign.closes_on,
        is_late=is_over,
    )


def _sentences(standing: Standing, undeclared: int, objected: int, *, is_over: bool) -> list[str]:
    sentences = []
    if undeclared:
        sentences.append(
            ngettext(
                "%(count)s employee is not declared yet.",
                "%(count)s employees are not declared yet.",
                undeclared,
                count=count(undeclared),
            )
        )
    if objected:
        sentences.append(
            ngettext(
                "%(count)s employee objects to what was declared.",
                "%(count)s employees object to what was declared.",
                objected,
                count=count(objected),
            )
        )
    if not undeclared and not objected:
        sentences.append(_("It is sent: your employees’ answers are awaited."))
    sentences.append(
        _(
            "Confirmed by employees: %(some)s of %(whole)s.",
            some=count(standing.counts[BaseState.CONFIRMED]),
            whole=count(standing.everybody),
        )
    )
    if undeclared and is_over:
        sentences.append(
            _("You can still declare; until then the agency may fix the premium itself.")
        )
    return sentences
