"""What is wrong or doubtful in a pack, in the reader's language.

The rules know no pages, so that their sentences are marked here; the names of tables and keys stay
as the file has them, since that is where they are looked for.
"""

from collections.abc import Iterable
from typing import NamedTuple

from flask_babel import gettext

from siweb.rules.parameters.row import Problem, Sentence


class ShownProblem(NamedTuple):
    """One problem: its row of the file, its key in the row, and what is wrong."""

    row: str
    key: str
    sentence: str


def N_(words: str) -> str:  # noqa: N802 - as the catalogues know it
    """Mark a sentence for the catalogues; it is translated where it is shown."""
    return words


SENTENCES = frozenset(
    {
        N_("has rates but no limits"),
        N_("two rows from %(first)s, published on the same day, overlap"),
        N_("a gap from %(first)s to %(last)s"),
        N_("overlaps the row from %(first)s to %(last)s"),
        N_("%(key)s must be a month from 1 to 12"),
        N_("%(key)s must be at least 1"),
        N_("effective_to %(last)s lies before effective_from %(first)s"),
        N_("base_floor %(floor)s is above base_ceiling %(ceiling)s"),
        N_("employer and employee together pay more than 100 %%"),
        N_("account is more than both sides pay"),
        N_("an employee never pays for work injury (SIL 33)"),
        N_("rates must name %(classes)s classes, not %(found)s"),
        N_("injury_class must be from 1 to %(most)s"),
        N_("due_day must be from 1 to 28, so that every month has it"),
        N_("least %(least)s is above most %(most)s"),
        N_("the months at age %(age)s must be at least 1"),
        N_("%(day)s is not in %(year)s"),
        N_("%(day)s is a holiday and a working weekend at once"),
        N_("%(day)s is a working weekend but no Saturday or Sunday"),
        N_("the notice %(notice)s is a placeholder"),
        N_("published on %(day)s, a day that has not come"),
        N_("published on %(day)s, %(away)s days from %(first)s"),
        N_("base_ceiling %(ceiling)s is not 3 x average_wage (%(thrice)s)"),
        N_("base_floor %(floor)s is not 40 to 60 %% of average_wage"),
        N_("employer %(rate)s %% is not 4 to 12 %%"),
        N_("both sides pay %(rate)s %%, more than 3 %%"),
        N_("no row for the %(gap)s months since %(first)s"),
        N_("published on %(day)s, before the year of its number (%(year)s)"),
        N_("%(key)s jumps from %(before)s to %(now)s, more than %(percent)s %%"),
        N_("%(region)s has a pack already: %(file)s"),
        N_("there is no pack (*.toml) in this folder"),
        N_("this is not UTF-8"),
        N_("this cannot be read (%(why)s)"),
        N_("is missing"),
        N_("names nothing"),
        N_("this reads format %(format)s only"),
        N_("write every row under its own [[%(name)s]]"),
        N_("line %(line)s is not TOML, from column %(column)s"),
        N_("this is nested too deeply for a pack"),
        N_("is not known; did you mean %(near)s?"),
        N_("is not known; use one of %(known)s"),
        N_(
            "%(value)s is a binary fraction, which is not exact: write an amount "
            'in yuan as a string, such as "7162.00"'
        ),
        N_('%(value)s is not an amount in yuan as a string, such as "7162.00"'),
        N_(
            "%(value)s is a binary fraction, which is not exact: write a "
            'percentage as a string in whole parts per million, such as "9.8"'
        ),
        N_('%(value)s is not a percentage as a string in whole parts per million, such as "9.8"'),
        N_("%(value)s is not a day such as 2025-09-18 (without quotes)"),
        N_("%(value)s is not a whole number from zero up"),
        N_("%(value)s is not true or false"),
        N_("%(value)s is not a text"),
        N_('%(value)s is not a code of six digits such as "110000", or "CN"'),
        N_("%(value)s is not a pair such as [60, 12]"),
        N_("%(value)s is not a list of at least one"),
        N_("%(value)s is not one of %(words)s"),
        N_("the pairs are not in rising order"),
        N_("%(value)s is not a list"),
        N_('%(value)s is not a month such as "2025-07"'),
        N_("%(value)s is not the first day of a month"),
        N_("%(value)s appears twice"),
        N_("this is too long for a pack"),
    }
)


def shown(problems: Iterable[Problem]) -> list[ShownProblem]:
    """Return problems as a page shows them."""
    return [ShownProblem(each.table, each.key, sentence_of(each.what)) for each in problems]


def sentence_of(sentence: Sentence) -> str:
    """Return a sentence in the reader's language."""
    return str(gettext(sentence.words)) % sentence.facts
