"""The way around the desk: by the functions held, every place a list that opens."""

import pytest

from siweb.auth.tables.appointment import Function
from siweb.desk.staff.navigation import GROUPS, groups_of, here
from siweb.registry.codes import Insurance
from tests import factories
from tests.sign_in import EVERY_FUNCTION, sign_in

PLACES = [place for group in GROUPS for place in group.places]


@pytest.fixture
def staff(client, session):
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"

    def signed_in(*functions):
        sign_in(client, session, factories.make_person(session), functions)
        return client

    return signed_in


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
def test_every_place_opens_and_says_that_one_is_there(app, staff, place):
    with app.test_request_context():
        address = app.url_for(place.endpoint, **place.values).removeprefix("http://localhost")

    page = staff(*EVERY_FUNCTION).get(address)

    assert page.status_code == 200
    assert page.text.count('aria-current="true"') == 1
    assert f'<a href="{address}" aria-current="true">' in page.text


def test_only_what_is_ones_work_is_shown(staff):
    page = staff(Function.FINANCE).get("/desk").text

    assert 'href="/desk/payments"' in page
    assert 'href="/desk/staff"' not in page
    assert 'href="/desk/levy"' not in page


def test_who_audits_sees_every_place():
    shown = groups_of([Function.AUDIT, *Insurance, True])

    assert [place for group in shown for place in group.places] == PLACES


@pytest.mark.parametrize("function", [each for each in Function if each is not Function.AUDIT])
def test_below_the_first_no_list_is_parted_by_a_gap_without_a_heading(function):
    shown = groups_of([function, *Insurance, True])

    assert all(group.title for group in shown[1:])


def test_what_goes_on_another_functions_list_stays_apart():
    """Notices are for reviewers and for contributions: no matter of finance between the two."""
    shown = groups_of([Function.CONTRIBUTIONS, Function.FINANCE, *Insurance, True])

    assert [str(group.title) for group in shown].count("") == 2


def test_a_place_about_other_insurances_is_left_out():
    held = [*Function, Insurance.MEDICAL, Insurance.MATERNITY]
    shown = {place.name for group in groups_of(held) for place in group.places}

    assert "payment_desk.show_payments" in shown
    assert "desk.show_desk:complaints" in shown
    assert shown.isdisjoint({"desk.show_desk:pensions", "benefit_desk.show_overpaid"})


def test_every_function_with_work_has_its_place():
    without_pages = {Function.AUDIT}
    shown = {function for group in GROUPS[1:] for function in group.functions}

    assert set(Function) - without_pages == shown


def test_a_case_belongs_to_the_list_it_came_from():
    assert here("payment_desk.show_payment", {"payment_id": 1}) == "payment_desk.show_payments"
    assert here("complaint_desk.show_complaint", {"reference": "TS"}) == "desk.show_desk:complaints"
    # Three lists have tasks of reviews: which one it came from is not said by its address.
    assert here("review_tasks.finish", {"task_id": 1}) == ""
    assert here("employer_desk.close", {"filing_id": 1, "position": 1}) == ""
    assert here("employer_desk.show_part", {"uscc": "9", "part": "bills"}) == "employer_desk.find"
