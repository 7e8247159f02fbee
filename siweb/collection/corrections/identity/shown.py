"""What a correction of an identity changes, in words: for its maker, its checker and the person."""

from collections.abc import Iterable, Iterator
from datetime import date

from flask_babel import gettext as _
from flask_babel import ngettext

from siweb.collection.corrections.identity.identity import FIELDS, Identity
from siweb.collection.corrections.identity.labels import OLD_NUMBER, PARTS, SEXES
from siweb.collection.corrections.shown import NOTHING, Change
from siweb.collection.tables.record_correction import IdentityBasis, IdentityCorrection
from siweb.registry.codes import RetirementCategory, Sex
from siweb.rules.benefits.retirement import compute_retirement
from siweb.rules.calendar.months import month_of
from siweb.rules.errors import RuleError
from siweb.rules.identifiers.identity_number import parse_identity_number
from siweb.rules.parameters.pack_set import PackSet
from siweb.web.language.formats import day, masked_id, month


def changes_between(was: Identity, right: Identity, *, is_masked: bool) -> Iterator[Change]:
    """Yield what is another than before; whoever checks it compares the whole number."""
    for name in was.changed_in(right):
        if name == "number":
            numbers = (was.number, right.number)
            before, after = map(masked_id, numbers) if is_masked else numbers
        else:
            before, after = (part_in_words(name, each.as_dict()[name]) for each in (was, right))
        yield Change(str(PARTS[name]), before, after)


def touched_by(
    was: Identity,
    right: Identity,
    basis: IdentityBasis,
    retires: tuple[str | None, str | None],
    papers: Iterable[str],
) -> Iterator[Change]:
    """Yield what follows from a correction: retirement, signing in, papers."""
    before, after = (NOTHING if each is None else month(each) for each in retires)
    if before != after:
        yield Change(_("Month of retirement"), before, after)
    if "number" in was.changed_in(right):
        yield Change(_("The number so far"), NOTHING, str(OLD_NUMBER[basis]))
    if (otherwise := _stated_by_number(right)) is not None:
        yield Change(_("The ID number says otherwise"), NOTHING, otherwise)
    yield from papers_issued_anew(list(papers))


def papers_issued_anew(papers: list[str]) -> Iterator[Change]:
    """Yield the papers that hold no longer."""
    if papers:
        count = ngettext(
            "%(num)d paper no longer holds", "%(num)d papers no longer hold", len(papers)
        )
        yield Change(count, ", ".join(papers), _("to be issued anew"))


def changes_of_kept(kept: IdentityCorrection) -> Iterator[Change]:
    """Yield what was corrected, as the person reads it; no number stands in it."""
    for name in FIELDS:
        if name == "number" and name in kept.changed:
            yield Change(str(PARTS[name]), NOTHING, _number_now(kept.basis))
        elif name in kept.changed:
            yield Change(
                str(PARTS[name]),
                part_in_words(name, kept.was[name]),
                part_in_words(name, kept.now[name]),
            )
    yield from papers_issued_anew(kept.papers)


def parts_in_words(changed: Iterable[str]) -> str:
    """Return what was corrected, in a few words."""
    return str(_(", ")).join(str(PARTS[name]) for name in changed)


def part_in_words(name: str, value: str) -> str:
    """Return a part of an identity, as it is kept, in words; not the number."""
    if name == "sex":
        return str(SEXES[Sex(value)])
    return day(date.fromisoformat(value)) if name == "born_on" else value


def _number_now(basis: IdentityBasis) -> str:
    if basis is IdentityBasis.REPLACED:
        return str(_("another one; the earlier one still finds you, also to sign in"))
    return str(_("another one; the wrong one finds you no more"))


def retirement_month(
    packs: PackSet, region_code: str, category: RetirementCategory, born_on: date, on: date
) -> str | None:
    """Return the month of retirement; None where no pack has the region's."""
    try:
        figures = packs.parameters(region_code, month_of(on))
        schedule = figures.retirement_schedule(category.value)
        return compute_retirement(month_of(born_on), schedule).retirement_month
    except RuleError:
        return None


def _stated_by_number(right: Identity) -> str | None:
    """Return birth date and sex by the number where they differ: what the file says may hold."""
    try:
        number = parse_identity_number(right.number)
    except RuleError:
        return None
    sex = Sex(number.sex.value)
    if (number.birth_date, sex) == (right.born_on, right.sex):
        return None
    return f"{day(number.birth_date)} · {SEXES[sex]}"
