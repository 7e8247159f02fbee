"""What people type into a field comes out as its value, to the fen and the day, or is refused."""

from datetime import date

import pytest
from werkzeug.datastructures import MultiDict
from wtforms import StringField, TextAreaField
from wtforms.fields import PasswordField
from wtforms.validators import InputRequired

from siweb.web.forms.fields import MoneyField, PageForm
from siweb.web.forms.typed_fields import (
    DayField,
    EmailField,
    MobileField,
    MonthField,
    Needed,
    TelephoneField,
    WholeField,
    shortened,
)


class Typed(PageForm):
    money = MoneyField()
    day = DayField()
    month = MonthField()
    whole = WholeField()
    mobile = MobileField()
    telephone = TelephoneField()
    email = EmailField()
    name = StringField(validators=[Needed("Enter the name.")])
    reason = TextAreaField()
    password = PasswordField()


@pytest.fixture
def typed(office):
    """Fill the form with one field typed in; return the field after validation."""

    def fill(**values):
        with office.test_request_context(headers={"Accept-Language": "en"}):
            form = Typed(MultiDict({"name": "x"} | values), meta={"csrf": False})
            form.validate()
            field = form[next(iter(values))]
            return field.data, [str(error) for error in field.errors], field()

    return fill


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("0", 0),
        ("6000", 600_000),
        ("6000.5", 600_050),
        ("6000.05", 600_005),
        ("12,345.60", 1_234_560),
        ("1,000,000", 100_000_000),
        ("１２３元", 12_300),
        ("¥ 123", 12_300),
        ("￥1，234．50", 123_450),
        (" 5 ", 500),
        ("", None),
    ],
)
def test_an_amount_is_read_to_the_fen(typed, text, fen):
    assert typed(money=text)[:2] == (fen, [])


@pytest.mark.parametrize(
    "text",
    [
        "9500,5",
        "8,00,0",
        "1,2,000",
        "0.001",
        "-5",
        "1e3",
        "6000.",
        ".5",
        "六千",
        "9" * 24,
        "1 元 2",
    ],
)
def test_what_is_no_amount_is_refused(typed, text):
    data, errors, _shown = typed(money=text)

    assert data is None
    assert errors == ["Enter an amount in yuan, for example 6000 or 6000.50."]


def test_an_amount_below_zero_is_written_with_its_sign(office):
    with office.test_request_context():
        assert 'value="-0.50"' in Typed(None, data={"money": -50}, meta={"csrf": False}).money()


def test_what_was_typed_stays_in_the_field(typed):
    assert 'value="9500,5"' in typed(money="9500,5")[2]


@pytest.mark.parametrize("text", ["2026-03-05", "2026/3/5", "2026.3.5", "20260305", "2026年3月5日"])
def test_a_day_is_read_as_people_write_it(typed, text):
    assert typed(day=text)[:2] == (date(2026, 3, 5), [])


@pytest.mark.parametrize(
    "text", ["2026-02-30", "05-03-2026", "tomorrow", "2026-13-01", "2026111", "9" * 24]
)
def test_what_is_no_day_is_refused_with_what_was_typed(typed, text):
    data, errors, _shown = typed(day=text)

    assert data is None
    assert errors == [f"“{text}” is not a date. Enter it like 2026-03-05."]


@pytest.mark.parametrize(("text", "month"), [("2026-03", "2026-03"), ("2026年3月", "2026-03")])
def test_a_month_is_read(typed, text, month):
    assert typed(month=text)[:2] == (month, [])


@pytest.mark.parametrize("text", ["2026-00", "2026-13", "202", "2026-03-05"])
def test_what_is_no_month_is_refused(typed, text):
    data, errors, _shown = typed(month=text)

    assert (data, len(errors)) == (None, 1)


@pytest.mark.parametrize(("text", "number"), [("0", 0), ("999999", 999_999), ("１２", 12)])
def test_a_whole_number_has_at_most_six_digits(typed, text, number):
    assert typed(whole=text)[:2] == (number, [])


@pytest.mark.parametrize("text", ["1000000", "-1", "1.0", "٣", "9" * 24])
def test_another_is_refused(typed, text):
    data, errors, _shown = typed(whole=text)

    assert (data, errors) == (None, [f"“{text}” is not a whole number."])


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        ("mobile", "+86 138-0000-1234", "13800001234"),
        ("mobile", "１３８００００１２３４", "13800001234"),
        ("telephone", "021-12345678", "021-12345678"),
        ("telephone", "(0571) 8765 4321", "0571-87654321"),
        ("email", "name@example.com", "name@example.com"),
        ("name", " 欧阳\u200b示范 ", "欧阳示范"),
        ("reason", "a\r\nb\u202e", "a\nb"),
        ("password", " as typed ", " as typed "),
    ],
)
def test_text_is_kept_in_one_form(typed, field, text, value):
    assert typed(**{field: text})[:2] == (value, [])


@pytest.mark.parametrize("field", ["mobile", "telephone", "email"])
def test_what_cannot_be_reached_is_refused(typed, field):
    data, errors, _shown = typed(**{field: "12"})

    assert (data, len(errors)) == (None, 1)


@pytest.mark.parametrize("text", ["", "   ", "\u200b"])
def test_a_needed_text_needs_something_to_see(typed, text):
    assert typed(name=text)[1] == ["Enter the name."]


@pytest.mark.parametrize(("length", "shown"), [(30, "x" * 30), (31, "x" * 30 + "…")])
def test_a_sentence_quotes_no_more_than_it_can(length, shown):
    assert shortened("x" * length) == shown


def required_texts():
    """Every text that some form of the office needs, each field as its form writes it."""

    def below(form):
        return {form, *(sub for each in form.__subclasses__() for sub in below(each))}

    for form in below(PageForm):
        for name, field in vars(form).items():
            kind = getattr(field, "field_class", object)
            if not issubclass(kind, StringField) or issubclass(kind, PasswordField):
                continue
            given = [*(field.args[1] if len(field.args) > 1 else ())]
            given += field.kwargs.get("validators", ())
            if any(isinstance(each, InputRequired | Needed) for each in given):
                yield f"{form.__name__}.{name}", name, field


@pytest.mark.parametrize("blank", [" ", "\u3000", "\t \n"])
def test_whoever_needs_a_text_is_not_content_with_spaces(office, blank):
    """A paper's number of one space would be a paper that nobody can look up."""
    content = set()
    asked = list(required_texts())
    with office.test_request_context():
        for title, name, field in asked:
            one = type("One", (PageForm,), {name: field})
            form = one(MultiDict({name: blank}), meta={"csrf": False})
            if form.validate():
                content.add(title)

    assert len(asked) > 40
    assert not content
