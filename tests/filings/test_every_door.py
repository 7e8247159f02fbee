"""Every kind of filing through form, sheet and program: the same values get the same findings."""

import csv
import html
import io
from datetime import date

import pytest

from siweb.audit.actor import Actor
from siweb.auth.api_tokens import SCOPES, issue_token
from siweb.filings.fields.field import FieldType
from siweb.filings.fields.filing_kind import FilingKind
from siweb.filings.fields.of_kinds import field_named, fields_of, form_fields
from siweb.filings.fields.own_bases import OWN_BASE_NAMES
from siweb.filings.sheets.cell_texts import text_of
from siweb.filings.sheets.columns import columns_of
from siweb.filings.sheets.read_rows import read_rows
from siweb.filings.tables.filing_row import FilingRow
from siweb.filings.validation.terms import Terms
from siweb.filings.validation.validate_rows import ReadRow, Strangers, findings_of
from siweb.jobs.worker import run_next_job
from siweb.registry.codes import Insurance
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.person import Person
from tests import factories
from tests.api.conftest import Program
from tests.conftest import NOW

EMPLOYEE = factories.make_id_number(date(1990, 5, 1), serial=7302)
NEW = factories.make_id_number(date(1991, 5, 1), serial=7304)
INVISIBLE = "\u200b"
GOOD = {
    FilingKind.HIRE: {
        "id_number": NEW,
        "name": "陈新",
        "retirement_category": "female55",
        "hired_on": "2026-11-02",
        "wage_fen": 900_050,
        "start_month": "2026-11",
        "insurances": ["pension", "medical", "unemployment", "work_injury", "maternity"],
        "form": "full_time",
        "contract_type": "fixed",
        "contract_until": "2027-11-02",
        "reason": "new",
        "mobile": "13800001234",
        "medical_base_fen": 900_050,
    },
    FilingKind.LEAVE: {
        "ended_on": "2026-11-20",
        "end_reason": "resigned",
        "is_voluntary": "yes",
        "stop_month": "2026-11",
    },
    FilingKind.CHANGE: {
        "new_name": "张炜",
        "wage_fen": 950_000,
        "start_month": "2026-12",
        "mobile": "13900001234",
        "work_injury_base_fen": 950_000,
    },
    FilingKind.PAUSE: {"stop_month": "2026-10", "reason": "unpaid_leave"},
    FilingKind.RESUME: {
        "start_month": "2026-12",
        "wage_fen": 950_000,
        "maternity_base_fen": 950_000,
    },
    FilingKind.BASE: {
        "total_wage_fen": 12_000_000,
        "months": 12,
        "unemployment_base_fen": 1_000_000,
    },
}
# By type: what is typed or sent, and what every door finds in it.
BAD = {
    FieldType.ID_NUMBER: [
        (NEW[:-1] + ("1" if NEW[-1] != "1" else "2"), "id_checksum"),
        ("12", "id_length"),
    ],
    FieldType.NAME: [(INVISIBLE, "cell_missing"), ("12-3", "name_without_letter")],
    FieldType.DAY: [("2026-02-30", "cell_day"), ("1899-12-31", "cell_day"), ("soon", "cell_day")],
    FieldType.MONTH: [("2026-13", "cell_month"), ("2100-01", "cell_month")],
    FieldType.MONEY: [("-1", "cell_money"), ("1000000000.01", "amount_range")],
    FieldType.WHOLE: [("0", "number_range"), ("13", "number_range"), ("x", "cell_number")],
    FieldType.CHOICE: [("unheard-of", "cell_choice")],
    FieldType.INSURANCES: [("dental", "cell_choice")],
    FieldType.MOBILE: [("12800001234", "cell_mobile"), ("1380000123", "cell_mobile")],
}
# What the register and the law say of a row that can be read, and what every door finds then.
JUDGED = {
    "short of the duty": (
        FilingKind.HIRE,
        {
            "hired_on": "2026-08-03",
            "insurances": ["pension"],
            "wage_fen": 10_000,
            "medical_base_fen": 10_000,
        },
        [
            "below_minimum_wage",
            "late_hire",
            "missing_insurance",
            "raised_to_floor",
            "uncovered_months",
        ],
    ),
    "work injury at a second employer": (
        FilingKind.HIRE,
        {"id_number": EMPLOYEE, "name": "张伟", "form": "part_time", "insurances": ["work_injury"]},
        ["second_employer"],
    ),
    "all five at a second employer": (
        FilingKind.HIRE,
        {"id_number": EMPLOYEE, "name": "张伟"},
        ["enrolled_elsewhere"],
    ),
    "another base than the wage where one holds for all": (
        FilingKind.HIRE,
        {"medical_base_fen": 800_000, "pension_base_fen": 700_000},
        ["own_base_differs", "own_base_differs"],
    ),
    "a contract that ends on the day of hire": (
        FilingKind.HIRE,
        {"contract_until": "2026-11-02"},
        [],
    ),
    "a leaving before the hire": (
        FilingKind.LEAVE,
        {"ended_on": "2024-12-31"},
        ["ended_before_hire", "late_leave"],
    ),
    "a pause before the first month": (
        FilingKind.PAUSE,
        {"stop_month": "2024-01"},
        ["back_stop", "stop_before_start"],
    ),
}


@pytest.fixture
def home(employer, act_as):
    act_as("owner")
    return f"/employer/{employer.uscc}"


@pytest.fixture
def employment(session, employer):
    person = factories.make_person(session, id_number=EMPLOYEE, name="张伟", region_code="310000")
    enrolment = factories.make_enrolment(session, person, employer=employer, from_month="2025-01")
    found = factories.make_employment(session, person, employer, hired_on=date(2025, 1, 6))
    session.commit()
    return found, enrolment


def row_of(kind, employment, **changed):
    person = employment[0].person_id
    assert person
    whole = {"id_number": EMPLOYEE, "name": "张伟"} | GOOD[kind] | changed
    return {name: value for name, value in whole.items() if value is not None}


def typed(kind, values, *, as_codes):
    """The values as a filer writes them: in a form codes are chosen, in a sheet words stand."""
    texts = {}
    for field in fields_of(kind):
        value = values.get(field.name)
        if value is None:
            continue
        is_raw = isinstance(value, str) and field.type is not FieldType.CHOICE
        if as_codes and field.choices:
            texts[field.name] = value
        else:
            texts[field.name] = value if is_raw else text_of(field, value)
    return texts


def by_form(browser, home, kind, employment, values):
    """What the form says beside its fields, or nothing."""
    data = typed(kind, values, as_codes=True)
    asked = {field.name for field in form_fields(kind)}
    data = {name: text for name, text in data.items() if name in asked}
    path = f"{home}/hire" if kind is FilingKind.HIRE else f"{home}/people/{employment[0].id}/{kind}"
    answer = browser.post(path, data=data)
    assert answer.status_code in {303, 422}
    page = answer.get_data(as_text=True)
    return {
        field.name: html.unescape(
            page.partition(f'id="{field.name}-error"')[2].partition(">")[2].partition("</p>")[0]
        )
        for field in form_fields(kind)
        if f'id="{field.name}-error"' in page
    }


@pytest.fixture
def program(client, session, employer, filer, home):
    account = session.query(factories.Account).filter_by(person_id=filer.id).one()
    _token, secret = issue_token(
        session,
        employer.id,
        name="工资软件",
        scopes=SCOPES,
        actor=Actor(account.id, account.person_id),
        at=NOW,
        expires_on=NOW.date().replace(year=2027),
    )
    session.commit()
    return Program(client, secret)


def by_sheet(tmp_path, kind, values):
    """What reading a sheet and its fields' rules find in one row."""
    columns = columns_of(kind)
    texts = typed(kind, values, as_codes=False)
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerow([column.headings[0] for column in columns])
    writer.writerow([texts.get(column.name, "") for column in columns])
    file = tmp_path / "list.csv"
    file.write_text(target.getvalue(), "utf-8")
    defaults = {"start_month": "2026-07"} if kind is FilingKind.BASE else {}
    (row,) = read_rows(file, kind, defaults=defaults)
    return ReadRow(row.number, row.given, row.findings)


def terms_of(session, employer):
    packs = packs_in_force(session)
    return Terms(employer.id, employer.region_code, employer.status, packs, NOW.date())


def as_json(field, text):
    """What a program would send for a text: numbers where there are some."""
    if field.type is FieldType.MONEY and text[:1].isdigit():
        return round(float(text) * 100)
    if field.type is FieldType.WHOLE and text.isdigit():
        return int(text)
    return [text] if field.type is FieldType.INSURANCES else text


@pytest.mark.parametrize("kind", list(FilingKind))
def test_good_values_pass_every_door(browser, session, home, program, employment, tmp_path, kind):
    if kind is FilingKind.RESUME:
        employment[1].to_month = "2026-10"
        session.commit()
    values = row_of(kind, employment)

    assert by_form(browser, home, kind, employment, values) == {}
    in_form = session.query(FilingRow).one()
    sheet = by_sheet(tmp_path, kind, values)
    assert not sheet.findings
    sent = program.post("/filings", {"kind": kind.value, "rows": [values]})
    assert sent.status_code == 201, sent.text
    in_api = (
        session.query(FilingRow)
        .order_by(FilingRow.filing_id.desc(), FilingRow.position.desc())
        .first()
    )
    assert in_form.filing_id != in_api.filing_id
    assert {
        name: value for name, value in in_form.row_values.items() if name != "present_fen"
    } == in_api.row_values
    assert in_form.findings == in_api.findings
    assert in_form.state.value == in_api.state.value == "good"
    computed = {"wage_fen", "start_month"} if kind is FilingKind.BASE else set()
    # A base of one insurance that is the wage is no base of its own, and not kept.
    read = {name: value for name, value in sheet.values.items() if name not in OWN_BASE_NAMES}
    assert {**read, **{n: in_api.row_values[n] for n in computed}} == in_api.row_values


@pytest.mark.parametrize("kind", list(FilingKind))
def test_a_bad_value_is_found_at_every_door(doors, kind):
    found = {
        (field.name, text): doors(kind, field, text)
        for field in form_fields(kind)
        for text, _code in BAD[field.type]
        # An empty new name is no change of it.
        if (field.name, text) != ("new_name", INVISIBLE)
    }

    assert found == {
        (name, text): {"form": [name], "sheet": [code], "program": [(name, code)]}
        for name, text in found
        for bad, code in BAD[field_named(kind, name).type]
        if bad == text
    }


def test_a_contract_that_ended_before_the_hire_is_found_at_every_door(doors):
    until = field_named(FilingKind.HIRE, "contract_until")

    assert doors(FilingKind.HIRE, until, "2026-11-01") == {
        "form": ["contract_until"],
        "sheet": ["contract_end_before_hire"],
        "program": [("contract_until", "contract_end_before_hire")],
    }


@pytest.fixture
def doors(browser, client, session, home, employer, program, employment, tmp_path):
    """Send one bad value through each door; return what each finds."""
    terms = terms_of(session, employer)

    def found(kind, field, text):
        values = row_of(kind, employment, **{field.name: text})
        listed = {field.name: [text]} if field.type is FieldType.INSURANCES else {}
        form = by_form(browser, home, kind, employment, values | listed)
        in_sheet = findings_of(
            kind, by_sheet(tmp_path, kind, values), None, terms, Strangers(session, terms)
        )
        body = {"kind": kind.value, "rows": [values | {field.name: as_json(field, text)}]}
        sent = program.post("/filings", body)
        if sent.status_code == 201:
            # A number is judged with the register: its row is kept, and refused.
            rows = program.get(f"/filings/{sent.json['reference']}/rows").json["items"]
            errors = [("id_number", one["code"]) for one in rows[0]["findings"]]
        else:
            errors = [(one["field"], one["code"]) for one in sent.json["errors"]]
            detail = sent.json["errors"][0]["detail"]
            # Somebody's number is not repeated to a program.
            assert "…" in detail or detail == form[field.name]
        return {
            "form": list(form),
            "sheet": [one.code for one in in_sheet],
            "program": errors,
        }

    return found


@pytest.fixture
def elsewhere(session):
    """The employee's other employer, which alone insures the employee."""

    def move(enrolment):
        other = factories.make_employer(session, name="乙公司", region_code="310000")
        enrolment.employer_id = other.id
        for insurance in set(Insurance) - {enrolment.insurance}:
            factories.make_enrolment(
                session,
                session.get_one(Person, enrolment.person_id),
                employer=other,
                insurance=insurance,
                region_code="310000",
                from_month="2025-01",
            )
        session.commit()

    return move


def as_list(kind, values):
    """The list with one row, as a program hands it in."""
    columns, texts = columns_of(kind), typed(kind, values, as_codes=False)
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerow([column.headings[0] for column in columns])
    writer.writerow([texts.get(column.name, "") for column in columns])
    return target.getvalue().encode()


@pytest.fixture
def judged(browser, sessions, settings, home, program, employment):
    """Send one row through each door; return what was found in the form, the list, the API."""

    def found(kind, values):
        sent = program.post("/filings", {"kind": kind.value, "rows": [values]})
        content = as_list(kind, values)
        list_sent = program.post(f"/filings/file?kind={kind}", json=None, data=content)
        run_next_job(sessions, "w", secret=settings.signing_key())
        rows = [
            program.get(f"/filings/{answer.json['reference']}/rows").json["items"]
            for answer in (list_sent, sent)
        ]
        return by_form(browser, home, kind, employment, values), *rows

    return found


@pytest.mark.parametrize(("kind", "changed", "codes"), JUDGED.values(), ids=JUDGED)
def test_register_and_law_judge_alike_at_every_door(
    session, employment, elsewhere, judged, kind, changed, codes
):
    if changed.get("id_number") == EMPLOYEE:
        elsewhere(employment[1])

    in_form, of_list, by_program = judged(kind, row_of(kind, employment, **changed))

    assert sorted(found["code"] for found in by_program[0]["findings"]) == codes
    # A list's first person stands in its second line.
    assert of_list == [by_program[0] | {"position": 2}]
    row = (
        session.query(FilingRow)
        .order_by(FilingRow.filing_id.desc(), FilingRow.position.desc())
        .first()
    )
    assert in_form == {}
    assert sorted(found["code"] for found in row.findings) == codes
    assert row.state == by_program[0]["state"]
