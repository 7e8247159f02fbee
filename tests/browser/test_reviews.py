"""The three reviews as people do them: from the home page to a receipt that others can verify."""

import pytest

from tests.browser.walk import Visitor

EMPLOYEE, FLEXIBLE = "Employee (all correct)", "Flexible worker"
KNOWN_TO_BE_WELL, OVERDUE = "Pension recipient (known to be well)", "Pension recipient (overdue)"
HELPER, MONTH_MISSING = "Helper (a relative)", "Employee (a month is missing)"
MOST_TAPS = 12


@pytest.fixture(params=["zh", "en"])
def language(request):
    return request.param


@pytest.fixture(params=[True, False], ids=["javascript", "plain"])
def open_visitor(request, new_page, language):
    """Open a browser of one more person, who reads this language."""
    locale = {"zh": "zh-CN", "en": "en-GB"}[language]
    return lambda: Visitor(
        new_page(javascript=request.param, locale=locale), language, has_scripts=request.param
    )


@pytest.fixture
def visitor(open_visitor):
    return open_visitor()


def verified(open_visitor, address, outcome):
    """Another browser, signed in nowhere, finds the receipt genuine."""
    other = open_visitor()
    other.page.goto(address)
    other.sees("Genuine")
    other.sees(outcome)
    assert "*" in other.page.locator("main").inner_text()


def test_an_employee_finds_all_correct_within_twelve_taps(visitor, open_visitor, sign_ins):
    visitor.start_review(sign_ins[EMPLOYEE])
    for title in (
        "You and your contact details",
        "Your five insurances",
        "Your months of the year",
        "Your individual account",
    ):
        visitor.is_at(title)
        visitor.press("Save and continue")
    visitor.send()

    assert visitor.taps <= MOST_TAPS
    verified(open_visitor, visitor.verification_address(), "Passed")


def test_a_flexible_worker_sees_what_a_base_costs_and_chooses_it(visitor, open_visitor, sign_ins):
    visitor.start_review(sign_ins[FLEXIBLE])
    visitor.press("Save and continue")
    visitor.is_at("Choose your base")
    visitor.choose("Another amount")
    visitor.type("Another amount, in yuan", "6000")
    if visitor.has_scripts:
        visitor.sees("What you pay each month")
        visitor.press("Save and continue")
    else:
        visitor.press("Calculate my contribution")
        visitor.sees("What you pay each month")
        visitor.press("Save and continue")
    visitor.send()

    visitor.sees("6,000.00")
    verified(open_visitor, visitor.verification_address(), "Passed")


def test_a_recipient_known_to_be_well_only_confirms(visitor, open_visitor, sign_ins):
    visitor.start_review(sign_ins[KNOWN_TO_BE_WELL])
    visitor.is_at("Nothing more to prove")
    visitor.press("Confirm")
    visitor.send()

    verified(open_visitor, visitor.verification_address(), "Passed")


def test_a_recipient_declares_alone(visitor, open_visitor, sign_ins):
    visitor.start_review(sign_ins[OVERDUE])
    visitor.choose("I declare it myself now")
    visitor.press("Save and continue")
    visitor.choose("In this city")
    visitor.tap(
        "checkbox", "I declare that the recipient is alive and still entitled to the benefit."
    )
    visitor.press("Save and continue")
    visitor.send()

    verified(open_visitor, visitor.verification_address(), "Passed")


def test_a_relative_declares_on_their_own_phone_with_both_names_kept(
    visitor, open_visitor, sign_ins
):
    recipient = sign_ins[OVERDUE]
    visitor.page.goto("/reviews/help")
    visitor.sign_in(sign_ins[HELPER])
    visitor.type("The recipient's ID number", recipient["id_number"])
    visitor.type("The recipient's name", recipient["name"])
    visitor.press("Continue")
    visitor.choose("Son or daughter")
    visitor.type("Your own mobile number, not the recipient's", "13800001234")
    visitor.press("Save and continue")
    visitor.choose("Abroad")
    visitor.press("Save and continue")
    visitor.sees("Write the city, or the country if abroad.")
    visitor.type("Where exactly? (city, or country if abroad)", "加拿大")
    visitor.type("Phone number at which the recipient is reached", "13800001234")
    visitor.tap(
        "checkbox", "I declare that the recipient is alive and still entitled to the benefit."
    )
    visitor.press("Save and continue")
    visitor.press("Send")

    visitor.sees("With the agency")
    visitor.sees(sign_ins[HELPER]["name"])


def test_a_missing_month_is_questioned_and_goes_to_the_employer(visitor, sign_ins):
    visitor.start_review(sign_ins[MONTH_MISSING])
    visitor.press("Save and continue")
    visitor.press("Save and continue")
    visitor.choose("No, I want to question months")
    visitor.press("Save and continue")
    visitor.is_at("The months you question")
    visitor.press("Save and continue")
    visitor.sees("Select at least one month, or go back and confirm that all is right.")
    months = visitor.page.locator("input[name=months]")
    months.nth(2).check()
    months.nth(3).check()
    visitor.choose("The month is missing")
    visitor.press("Add and question more months")
    visitor.sees("Your questions so far")
    visitor.press("Save and continue")
    visitor.press("Save and continue")
    visitor.press("Send")

    visitor.sees("With the employer")


def test_enter_keeps_the_questioned_months_and_goes_on(visitor, sign_ins):
    visitor.start_review(sign_ins[MONTH_MISSING])
    visitor.press("Save and continue")
    visitor.press("Save and continue")
    visitor.choose("No, I want to question months")
    visitor.press("Save and continue")
    visitor.page.locator("input[name=months]").nth(2).check()
    visitor.choose("The month is missing")
    visitor.press("Add and question more months")
    visitor.sees("Your questions so far")

    visitor.page.locator("#claimed_base").press("Enter")

    visitor.is_at("Your individual account")
    visitor.page.go_back()
    visitor.page.reload()
    assert visitor.page.locator("input[name=keep]:checked").count() == 1
