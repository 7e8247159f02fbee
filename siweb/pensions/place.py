"""Which place pays somebody's pension, from the months of all places that count here."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _

from siweb.documents.payload import in_both_languages
from siweb.ledgers.account.transfer import PaidMonth
from siweb.ledgers.tables.transfer_segment import TransferSegment
from siweb.pensions.labels import PLACES
from siweb.registry.packs.legal_periods import paying_place_period
from siweb.registry.regions.provinces import province_code, province_named, provinces
from siweb.rules.benefits.paying_place import Stay, Why, paying_place
from siweb.web.language.explanations import months_text
from siweb.web.language.labels import province_name


def stays_of(
    region_code: str, here: Sequence[PaidMonth], segments: Sequence[TransferSegment], deemed: int
) -> tuple[Stay, ...]:
    """Return where the months that count were contributed.

    Months that count as contributed stand here: whoever served them elsewhere has them transferred
    with the others (人社部规〔2016〕5号 Article 1). A place in no list stays a place of its own.
    """
    stays = [Stay(province_code(month.region_code), 1, month.month) for month in here]
    if deemed:
        stays.append(Stay(province_code(region_code), deemed, ""))
    for segment in segments:
        place = province_named(segment.other_region) or segment.other_region
        stays.append(Stay(place, segment.months, segment.through_month))
    return tuple(stays)


def place_of(
    region_code: str, stays: Sequence[Stay], household: str | None, least_months: int | None
) -> dict[str, Any] | None:
    """Return which place pays and why, as it is kept; None where all months are of one place.

    Nor is there one while the packs do not say how many months a place has to have.
    """
    relation = province_code(region_code)
    if least_months is None or {stay.place for stay in stays} <= {relation}:
        return None
    found = paying_place(relation, household, stays, least_months)
    months: dict[str, int] = {}
    for stay in stays:
        months[stay.place] = months.get(stay.place, 0) + stay.months
    return {
        "relation": relation,
        "household": household,
        "pays": found.place,
        "why": found.why.value,
        # Pairs in one order: what was shown is compared with what comes out when it is decided.
        "months": [[place, count] for place, count in sorted(months.items())],
    }


def is_elsewhere(place: Mapping[str, Any] | None) -> bool:
    """Return whether another place pays."""
    return place is not None and place["pays"] not in {None, place["relation"]}


def is_unknown(place: Mapping[str, Any] | None) -> bool:
    """Return whether it hangs on the household, of which nobody said where it is registered."""
    return place is not None and place["why"] == Why.UNKNOWN.value


def province_choices() -> list[tuple[str, str]]:
    """Return every province by its two digits."""
    return [(code, province_name(listed)) for code, listed in sorted(provinces().items())]


def place_name(place: str) -> str:
    """Return a place's name in the reader's language."""
    listed = provinces().get(place)
    return place if listed is None else province_name(listed)


def place_value(place: Mapping[str, Any]) -> dict[str, str]:
    """Return which place pays and why, in every language, as a paper keeps it."""
    listed = provinces().get(place["pays"])
    names = {
        "zh_Hans": place["pays"] if listed is None else listed.province_zh,
        "en": place["pays"] if listed is None else listed.province_en,
    }
    words = in_both_languages(PLACES[Why(place["why"])])
    length = in_both_languages(paying_place_period())
    return {
        locale: text % {"place": names[locale] or "", "length": length[locale]}
        for locale, text in words.items()
    }


def place_sentences(place: Mapping[str, Any] | None) -> list[str]:
    """Return which place pays and why, and the months of each; nothing where there is one place."""
    if place is None:
        return []
    pays = place["pays"]
    months = _(", ").join(
        f"{place_name(each)} {months_text(count)}" for each, count in place["months"]
    )
    return [
        str(PLACES[Why(place["why"])])
        % {"place": "" if pays is None else place_name(pays), "length": paying_place_period()},
        str(_("Months by place: %(months)s.", months=months)),
    ]
