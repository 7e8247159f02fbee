"""How many working days are left: an office does nothing on the others."""

from datetime import date

from flask import Blueprint

from siweb.registry.packs.in_force import last_in_force
from siweb.rules.calendar.working_days import count_working_days


def install(blueprint: Blueprint) -> None:
    """Let every page that shows a last day of the office say it."""
    blueprint.add_app_template_global(working_days_left)


def working_days_left(on: date, last_day: date) -> int:
    """Return the working days after a day, through a last day, by the published calendar.

    The packs found in force last are enough: a calendar is published once a year, and every page
    with a list would ask for it.
    """
    return count_working_days(on, last_day, last_in_force().calendar(as_of=on)).days
