"""The way around the desk: its places, grouped by the functions (岗位) whose work they are."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from flask import Blueprint
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from siweb.auth.access import duties, visitor
from siweb.auth.tables.appointment import Function
from siweb.desk.checking.labels import FUNCTIONS
from siweb.desk.employers.pages.head import EMPLOYER_READERS
from siweb.desk.people.pages.head import PEOPLE_READERS
from siweb.desk.staff.places import area_name, area_of
from siweb.registry.codes import Insurance
from siweb.registry.tables.benefit import PAYING
from siweb.web.language.locale import preferences


@dataclass(frozen=True, slots=True)
class Place:
    """A list of the desk: its name, its sign (static/icons.svg) and its address."""

    title: Any
    icon: str
    endpoint: str
    values: Mapping[str, str] = field(default_factory=dict)
    # The insurances that it is about: shown to who runs any of them; none: to everybody.
    about: frozenset[Insurance] = frozenset()
    # Of no region: for whoever acts for the whole office.
    of_office: bool = False
    # The room of the cases, where the list is a part of the one table of all that waits.
    room: str = ""

    @property
    def name(self) -> str:
        """What tells it from every other place."""
        return ":".join((self.endpoint, *self.values.values()))


@dataclass(frozen=True, slots=True)
class Group:
    """Places for who holds any of some functions."""

    title: Any
    functions: tuple[Function, ...]
    places: tuple[Place, ...]


_LIST = "desk.show_desk"


def _waiting(
    title: Any, icon: str, kind: str, room: str, about: frozenset[Insurance] = frozenset()
) -> Place:
    return Place(title, icon, _LIST, {"kind": kind}, about, room=room)


_PENSION = frozenset({Insurance.PENSION})


GROUPS = (
    Group(
        "",
        tuple(Function),
        (
            Place(_l("To do"), "clipboard-check", _LIST),
            _waiting(_l("To check"), "checks", "task", "task_desk"),
            Place(_l("My relatives"), "users", "relative_desk.show_own"),
        ),
    ),
    Group(
        FUNCTIONS[Function.REGISTRATION],
        (Function.REGISTRATION,),
        (
            Place(_l("Register a person"), "user-plus", "counter_desk.show_registration"),
            Place(_l("Registrations to confirm"), "building", "employer_desk.show_registrations"),
            Place(_l("Hires to follow up"), "user-check", "employer_desk.show_hires"),
            Place(
                _l("Reports of missing registrations"), "file-alert", "hire_reports.show_reports"
            ),
        ),
    ),
    Group(
        FUNCTIONS[Function.CONTRIBUTIONS],
        (Function.CONTRIBUTIONS,),
        (
            Place(_l("Levy"), "calendar-month", "levy_desk.show_runs"),
            Place(_l("Assessments"), "scale", "assessment_desk.show_cases"),
            Place(_l("Bills in arrears"), "hourglass", "arrears_desk.show_arrears"),
        ),
    ),
    Group(
        FUNCTIONS[Function.FINANCE],
        (Function.FINANCE,),
        (
            Place(_l("Payments that came in"), "coin", "payment_desk.show_payments"),
            _waiting(
                _l("Transfers under way"),
                "arrows-exchange",
                "transfers",
                "transfer_desk",
                _PENSION,
            ),
            Place(_l("Bank statements"), "building-bank", "statement_desk.show_statements"),
            Place(_l("Bank entries to be settled"), "receipt", "entry_desk.show_entries"),
            Place(_l("Payouts"), "wallet", "payout_desk.show_payouts"),
        ),
    ),
    Group(
        FUNCTIONS[Function.REVIEW],
        (Function.REVIEW,),
        (
            _waiting(_l("Reviews to decide"), "file-search", "reviews", "review_desk"),
            Place(_l("Campaigns"), "calendar-month", "campaign_desk.show_campaigns"),
            _waiting(_l("Complaints"), "messages", "complaints", "complaint_desk"),
            _waiting(_l("Pension applications"), "coin", "pensions", "pension_desk", _PENSION),
            _waiting(_l("Corrections to make"), "edit", "corrections", "review_tasks"),
            _waiting(
                _l("Certifications to examine again"),
                "shield-check",
                "certifications",
                "review_tasks",
                PAYING,
            ),
            _waiting(_l("Signs to look at"), "file-alert", "signs", "sign_desk", PAYING),
            _waiting(
                _l("Withheld benefits to pay"), "wallet", "back-payments", "review_tasks", PAYING
            ),
            Place(
                _l("Benefits paid too much"), "history", "benefit_desk.show_overpaid", about=PAYING
            ),
        ),
    ),
    Group(
        "",
        (Function.REVIEW, Function.CONTRIBUTIONS),
        (_waiting(_l("Notices to serve"), "file-text", "notices", "service_desk"),),
    ),
    Group(
        _l("When needed"),
        PEOPLE_READERS,
        (Place(_l("Insured people"), "users", "people_desk.find"),),
    ),
    Group(
        "",
        EMPLOYER_READERS,
        (Place(_l("Employers"), "building", "employer_desk.find"),),
    ),
    Group(
        "",
        (Function.REGISTRATION, Function.CONTRIBUTIONS, Function.FINANCE, Function.REVIEW),
        (Place(_l("An old system’s data"), "file-spreadsheet", "old_data_desk.show_kinds"),),
    ),
    Group(
        FUNCTIONS[Function.PARAMETERS],
        (Function.PARAMETERS,),
        (Place(_l("Packs of parameters"), "list-details", "parameter_desk.show_packs"),),
    ),
    Group(
        FUNCTIONS[Function.ADMINISTRATION],
        (Function.ADMINISTRATION,),
        (
            Place(_l("Staff"), "users", "staff_desk.show_staff"),
            Place(_l("Agencies"), "map-pin", "agency_desk.show_agencies"),
            Place(_l("Programs of other offices"), "list-details", "program_desk.show_programs"),
            Place(_l("The office"), "building", "office_desk.show", of_office=True),
            Place(_l("Third person by amount"), "user-check", "limit_desk.show_limits"),
            Place(_l("Keeping and destruction"), "history", "keeping_desk.show_keeping"),
            Place(_l("Health of the office"), "shield-check", "doctor.show_health"),
        ),
    ),
)
# More would push the search aside.
_NAMED = 2
_PLACES = tuple(place for group in GROUPS for place in group.places)


def install(blueprint: Blueprint) -> None:
    """Give the desk's frame (templates/layouts/desk.html) what it asks."""
    blueprint.add_app_template_global(held_functions, "desk_functions")
    blueprint.add_app_template_global(here, "desk_here")
    blueprint.add_app_template_global(workplace, "desk_workplace")
    blueprint.add_app_template_global(role, "desk_role")
    blueprint.add_app_template_filter(groups_of, "desk_groups")


def workplace() -> str:
    """Return where the visitor works: the agency and, of several, how many; none: the office."""
    is_chinese = preferences().locale == "zh_Hans"
    names = [chinese if is_chinese else english for chinese, english in visitor().agencies]
    if len(names) > 1:
        return str(ngettext("%(count)s agency", "%(count)s agencies", len(names), count=len(names)))
    # Who supervises a province acts for no agency, and not for the whole office either.
    areas = {area_of(duty.region_code) for duty in duties() if duty.region_code}
    if not names and areas:
        return area_name(min(areas))
    return names[0] if names else str(_("Whole office"))


def role() -> str:
    """Return which functions the visitor holds, as the head of the desk has room for."""
    held = [str(FUNCTIONS[each]) for each in held_functions() if isinstance(each, Function)]
    if len(held) > _NAMED:
        return str(
            ngettext("%(count)s function", "%(count)s functions", len(held), count=len(held))
        )
    return str(_(", ")).join(held)


def held_functions() -> tuple[Function | Insurance | bool, ...]:
    """Return the functions the visitor holds anywhere and the insurances that are run there.

    In one order for all who hold the same; True at its end where any holds for the whole office.
    """
    held = {duty.function for duty in duties()}
    runs = [duty.insurances for duty in duties()]
    everything = None in runs
    run = [each for each in Insurance if everything or any(each in of for of in runs if of)]
    whole = [True] if any(duty.region_code is None for duty in duties()) else []
    return (*(function for function in Function if function in held), *run, *whole)


def groups_of(held: Iterable[Function | Insurance | bool]) -> list[Group]:
    """Return the groups for who holds some functions; who audits reads them all.

    Places about insurances that somebody's agencies do not run are left out.
    """
    reads = {*held}
    shown = (
        replace(group, places=tuple(each for each in group.places if _is_shown(each, reads)))
        for group in GROUPS
        if Function.AUDIT in reads or not reads.isdisjoint(group.functions)
    )
    return _joined(shown)


def _joined(groups: Iterable[Group]) -> list[Group]:
    """Return groups with those that have no title at the end of the group that they go on.

    They stand apart above because fewer or more functions have them; shown apart, a gap would part
    what the reader takes for one list. Where that group is another function's, they stay apart.
    """
    found: list[Group] = []
    for group in groups:
        before = found[-1] if found else None
        if before is None or group.title or set(before.functions).isdisjoint(group.functions):
            found.append(group)
        else:
            found[-1] = replace(before, places=(*before.places, *group.places))
    return found


def _is_shown(place: Place, held: Collection[Function | Insurance | bool]) -> bool:
    if place.of_office and True not in held:
        return False
    return not place.about or not place.about.isdisjoint(held)


def here(endpoint: str, values: Mapping[str, Any] | None, kind: str = "") -> str:
    """Return the name of the place where the page belongs: its list, or the list it came from."""
    if endpoint == _LIST:
        # A part of the table where there is a place for it, else the whole.
        of_list = [place for place in _PLACES if place.endpoint == _LIST]
        asked = {"kind": kind}
        return max(
            (place for place in of_list if place.values.items() <= asked.items()),
            key=lambda place: len(place.values),
        ).name
    blueprint = endpoint.partition(".")[0]
    fitting = [
        place
        for place in _PLACES
        if (place.room or place.endpoint.partition(".")[0]) == blueprint
        and (place.room or place.values.items() <= (values or {}).items())
    ]
    exact = [place for place in fitting if place.endpoint == endpoint]
    found = exact or fitting
    if len(found) > 1 and "uscc" in (values or {}):
        # Of the lists about employers, the one by which one is found leads to its pages.
        found = [place for place in found if place.endpoint.endswith(".find")]
    return found[0].name if len(found) == 1 else ""
