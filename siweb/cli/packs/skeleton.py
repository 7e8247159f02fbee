"""A pack to start from: what a region must say itself, and what it may say instead of the nation.

Its figures hold nowhere; it passes the check so that a person can fill it in row by row.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from siweb.rules.parameters.tables import TABLES

_HEAD = """\
# {title} ({region}). Every figure here is a placeholder: replace it from the local notice.
# The format is described in docs/parameters.md; run `siweb packs check` on this file.
format = 1
region = "{region}"
name_zh = {name_zh}
name_en = {name_en}

# Every row says from which month it holds, on which day it was published, in which notice, and
# how sure it is: official (read in the notice), secondary (read in a copy), practice (seen to be
# done), uncertain or demonstration.
# A new figure is a new row; never change a row that was in force. A row holds until the next one
# of the same series, or through its own effective_to = "2026-06". note = "..." is free text.
"""
_DATING = """\
effective_from = "2026-07"
published_on = 2026-06-30
notice = "PLACEHOLDER: name or number of the notice"
confidence = "demonstration"
"""
# What no region inherits: without these there is nothing to compute.
_OWN = {
    "limits": """\
scheme = ["employee", "flexible"]
insurance = ["pension", "medical", "unemployment", "work_injury", "maternity"]
{dating}base_floor = "5000.00"
base_ceiling = "25000.00"
# average_wage = "8333.33"  # where the notice states the wage behind both
""",
    "rates": """\
scheme = "employee"
insurance = "pension"
{dating}employer = "16"
employee = "8"
account = "8"  # of which this goes to the individual account

[[rates]]
scheme = "employee"
insurance = "medical"
{dating}employer = "8"
employee = "2"

[[rates]]
scheme = "employee"
insurance = "unemployment"
{dating}employer = "0.5"
employee = "0.5"

[[rates]]
scheme = "employee"
insurance = "work_injury"
{dating}employer = "0.2"  # class 1; the employer's class is taken from injury_rates
employee = "0"  # always (SIL 33)

[[rates]]
scheme = "employee"
insurance = "maternity"
{dating}employer = "0"
employee = "0"
collected_with = "medical"

[[rates]]
scheme = "flexible"
insurance = "pension"
{dating}employer = "0"
employee = "20"
account = "8"
""",
}
# Inherited from the nation unless a region says otherwise; shown as comments.
_INSTEAD = {
    "additions": """\
scheme = "employee"
insurance = "medical"
{dating}employer = "0.00"
employee = "3.00"
""",
    "injury_rates": """\
{dating}rates = ["0.2", "0.4", "0.7", "0.9", "1.1", "1.3", "1.6", "1.9"]
""",
    "rounding": """\
{dating}rounding = "half_up_fen"  # or half_up_jiao, up_jiao, half_up_yuan
scope = "person"  # or employer_total
""",
    "payment_year": """\
{dating}first_month = 7
declare_from_month = 4
declare_to_month = 6
due_day = 15
due_months_after = 1
""",
    "collection": """\
insurance = ["pension", "unemployment", "work_injury", "medical", "maternity"]
{dating}agency = "hrss"
collected_by = "tax"
""",
    "undeclared_base": """\
{dating}applies = true
rate = "110"
""",
    "certification": """\
{dating}period_months = 12
grace_months = 0
""",
    "minimum_wage": """\
{dating}month = "2500.00"
""",
    "coverage": """\
{dating}first_month_rule = "hire_month"  # or next_month
""",
    "pension_wage": """\
{dating}average_wage = "8333.33"
""",
}


def skeleton_of(region: str, name_zh: str, name_en: str) -> str:
    """Return the text of a pack for a region."""
    head = _HEAD.format(
        region=region, title=name_en, name_zh=_quoted(name_zh), name_en=_quoted(name_en)
    )
    return "\n".join((head, *_own(), *_instead()))


def _quoted(name: str) -> str:
    # TOML's basic strings escape what JSON's do.
    return json.dumps(name, ensure_ascii=False)


def _own() -> Iterator[str]:
    for name, rows in _OWN.items():
        yield f"# {TABLES[name].about}\n[[{name}]]\n{rows.format(dating=_DATING)}"


def _instead() -> Iterator[str]:
    yield "# What follows is inherited. Take the # away from a table where this region differs.\n"
    for name, rows in _INSTEAD.items():
        lines = f"[[{name}]]\n{rows.format(dating=_DATING)}".splitlines()
        commented = "\n".join(f"# {line}".rstrip() for line in lines)
        yield f"# {TABLES[name].about}\n{commented}\n"
