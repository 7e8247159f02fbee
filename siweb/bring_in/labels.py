"""What is wrong with a file that is brought in, and what to do: sentences by code."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from siweb.bring_in.problem import Problem
from siweb.documents.spreadsheets.reading.labels import FILE_REFUSALS
from siweb.documents.spreadsheets.reading.refusal import SheetRefused

TITLES = {
    "people": _l("Bring in people"),
    "employers": _l("Bring in employers"),
    "employments": _l("Bring in employments"),
    "enrolments": _l("Bring in enrolments"),
    "bases": _l("Bring in declared bases"),
    "records": _l("Bring in contribution records"),
    "accounts": _l("Bring in individual accounts"),
    "benefits": _l("Bring in benefits"),
    "benefits_paid": _l("Take in what was paid of benefits"),
    "life_signs": _l("Bring in signs of life"),
}
FILES = {
    **FILE_REFUSALS,
    "several_lists": _l(
        "Several visible sheets are filled: %(sheets)s. Leave one in the file, or hide the others."
    ),
    "no_headings": _l(
        "None of the first 20 rows has the headings. Write the columns' names in one row above the "
        "list (docs/bring-in.md)."
    ),
    "no_rows": _l("There is no row below the headings."),
    "columns_unknown": _l(
        "These columns are not recognised: %(columns)s. "
        "Name them as in docs/bring-in.md, or delete them."
    ),
    "columns_missing": _l("These columns are missing: %(columns)s. Add them."),
    "columns_twice": _l("These columns appear twice: %(columns)s. Delete one of each."),
}
PROBLEMS = {
    "cell_missing": _l("This is empty. Fill it in."),
    "cell_error": _l("A formula failed here. Write the value itself."),
    "cell_letters": _l("Letters were lost here. Export the file again as UTF-8."),
    "cell_money": _l("“%(text)s” is no amount in yuan. Write 8000 or 8000.00."),
    "cell_number": _l("“%(text)s” is no number that fits here. Write it in digits."),
    "cell_number_short": _l(
        "“%(text)s” is a number cut short by a spreadsheet. Format the column as text and export "
        "it again."
    ),
    "cell_day": _l("“%(text)s” is no date. Write 2026-01-31."),
    "cell_day_unclear": _l("“%(text)s” may be several dates. Write 2026-01-31."),
    "cell_month": _l("“%(text)s” is no month. Write 2026-01."),
    "cell_month_unclear": _l("“%(text)s” may be several months. Write 2026-01."),
    "cell_mobile": _l("“%(text)s” is no mobile number. Write its 11 digits."),
    "cell_choice": _l("“%(text)s” is none of: %(codes)s. Write one of them."),
    "too_long": _l("This is longer than the register keeps. Shorten it."),
    "id_number": _l(
        "%(text)s is no valid ID number of 18 characters. Compare it with the ID card."
    ),
    "id_excel_mangled": _l(
        "A spreadsheet cut off the end of this number. Format the column as text and export it "
        "again."
    ),
    "uscc": _l("“%(text)s” is no valid unified social credit code. Compare it with the licence."),
    "category_missing": _l(
        "A woman's retirement category is needed: female55 or female50, by her post."
    ),
    "out_of_range": _l("This must lie between %(least)s and %(most)s. Correct it."),
    "day_out_of_range": _l("This date is impossible. Compare it with birth, founding and today."),
    "before_birth": _l(
        "This lies before the person's birth on %(text)s. Correct the date, or the ID number."
    ),
    "after_death": _l(
        "This lies after the person's death on %(text)s. Correct the date, or first the register."
    ),
    "industry": _l(
        "“%(text)s” is no division of GB/T 4754. Write its letter and two digits, such as I65."
    ),
    "unknown_person": _l("The register has nobody with this ID number. Bring in the people first."),
    "joined": _l(
        "This registration was joined with another one. Write the ID number of the one that stands."
    ),
    "unknown_employer": _l("The register has no employer %(text)s. Bring in the employers first."),
    "ends_before": _l("This ends before it begins. Correct one of the two."),
    "overlaps": _l(
        "Another row covers part of the same time. Make one row of both, or separate their times."
    ),
    "open_elsewhere": _l(
        "The person takes part in this insurance in region %(region)s. End it there first, or give "
        "the last month here."
    ),
    "payer": _l("Employees need an employer, others have none. Correct scheme or uscc."),
    "levied_here": _l("This office levied %(text)s itself. Leave the month out."),
    "no_account": _l("Only pension premiums go to the individual account. Leave this empty."),
    "account_above": _l("This is more than both shares together. Correct one of them."),
    "credit_month": _l("A credit needs its month, one of its year. Write it as 2026-01."),
    "no_month": _l("Only credits have a month. Leave this empty."),
    "before_opening": _l(
        "The opening balance of a later year holds this already. Leave one of them out."
    ),
    "suspended_from": _l(
        "A suspended benefit needs the month from which it is, others have none. Correct this."
    ),
    "unknown_benefit": _l(
        "The register has no such benefit of this person here. Bring in the benefits first."
    ),
    "before_benefit": _l("This benefit begins with %(text)s. Correct the month."),
    "month_to_come": _l("This month is still to come. Correct the month."),
    "above_zero": _l(
        "What is paid lies above zero; only a difference may lie below, and none is 0. Correct it."
    ),
    "paid_back_here": _l(
        "This office decided this month as back pay. Write back_pay as its entry, or leave it out."
    ),
    "paid_by_file": _l(
        "This office pays this back pay by its own payment file. Leave it out, or the person gets "
        "it twice."
    ),
    "no_back_pay": _l(
        "No back pay was decided for this month. Write paid or adjusted as its entry."
    ),
    "twice": _l("The same, or the opposite, is in row %(first)s: keep one of them."),
    "differs": _l(
        "The register has %(found)s here, the file %(given)s. Correct the file, or correct the "
        "register at the desk."
    ),
    "control": _l(
        "The old system says %(expected)s, the file comes to %(found)s. Export it again, or ask "
        "the old system for its figures of this file."
    ),
}
REFUSALS = {
    "bring_in_problems": _l("The file has problems: nothing was changed."),
    "bring_in_nothing": _l("Everything in this file is here already: nothing was changed."),
    "bring_in_gone": _l("The file is not kept any more: bring it in again."),
    "bring_in_unreadable": _l("The file cannot be read any more: bring it in again."),
}


def problem_parts(problem: Problem) -> tuple[str, str, str]:
    """Return a problem as cells: its row, its column, what is wrong and what to do."""
    row = str(problem.row) if problem.row else ""
    return row, problem.column, str(PROBLEMS[problem.code]) % problem.facts


def problem_text(problem: Problem) -> str:
    """Return a problem as a line: where it stands, what is wrong, what to do."""
    sentence = str(PROBLEMS[problem.code]) % problem.facts
    row, column = problem.row, problem.column
    if not row:
        return str(_("Control %(name)s: %(sentence)s", name=column, sentence=sentence))
    if not column:
        return str(_("Row %(row)s: %(sentence)s", row=row, sentence=sentence))
    return str(
        _("Row %(row)s, %(column)s: %(sentence)s", row=row, column=column, sentence=sentence)
    )


def file_text(refused: SheetRefused) -> str:
    """Return why a file as a whole cannot be read."""
    facts = {
        name: ", ".join(value) if isinstance(value, list) else value
        for name, value in refused.facts.items()
    }
    return str(FILES[refused.code]) % facts
