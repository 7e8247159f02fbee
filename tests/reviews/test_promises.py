"""Every sentence that promises something names the test that does what it says.

A new promise on a page of reviews, of the wizard or of documents fails here until a test keeps it;
a sentence that is gone takes its line with it.
"""

import importlib
import re

import pytest

from siweb.cli.development.translations import _extract

ROOMS = ("reviews", "wizard", "documents")
PROMISE = re.compile(
    r"you can |you may |goes on|is kept|are kept|stays|will stand|stands here|decides\b|is asked"
    r"|examines|sets the record right|is no longer valid|see[s]? what|reads it|agency has"
    r"|find the receipt|is opened|gets the task|[Ss]aved|opens with|[Aa]nyone (can|may)|[Aa]nybody (can|with)|will read it|no longer asked|shows the content|choose again"
    r"|still goes|is recorded"
)
STEPS, OBJECTIONS = "tests.reviews.test_steps", "tests.reviews.test_objections"
TASKS, BACK = "tests.reviews.test_tasks", "tests.reviews.test_take_back"
BASE, RELATIVES = "tests.reviews.test_base_choice", "tests.reviews.test_relatives"
QUESTIONS = "tests.reviews.test_questions"
VERIFY, OWN = "tests.documents.test_verify", "tests.documents.test_document_pages"
BENEFITS, LEAVE = "tests.reviews.test_move_benefits", "tests.reviews.test_leave"

# The beginning of each promise, and the test that walks it.
KEPT = {
    "A relative declared it, and data": f"{RELATIVES}.test_with_data_that_agree_it_passes",
    "Added. Those who answer or": f"{BACK}.test_whoever_answers_and_whoever_decides_reads",
    "Anyone can verify": f"{VERIFY}.test_a_code_shows_what_the_paper_says",
    "Anybody can verify": f"{VERIFY}.test_a_code_shows_what_the_paper_says",
    "An employee stated": f"{OBJECTIONS}.test_an_unanswered_objection_goes_on_to_the_agency",
    "Bring your ID card to the agency. Your benefit goes on": f"{BENEFITS}.test_what_waits_for",
    "By sending you choose": f"{BASE}.test_the_base_can_be_chosen_again",
    "Confirm once a year": f"{RELATIVES}.test_with_data_that_agree_it_passes",
    "It was needed by": f"{BENEFITS}.test_a_benefit_stands_where",
    "No decision has been made yet": f"{BACK}.test_taken_back_answers_are_a_draft",
    "Your employer is no longer asked": f"{BACK}.test_the_receipt_of_what_was_taken_back",
    "On %(day)s, %(source)s": f"{RELATIVES}.test_with_data_that_agree_it_passes",
    "Pay by the usual day": f"{BASE}.test_the_base_can_be_chosen_again",
    "Saved. You can go on": f"{LEAVE}.test_leaving_saves_what_is_half_filled",
    "Taken back. Your answers": f"{BACK}.test_taken_back_answers_are_a_draft",
    "The agency examines the declaration": f"{RELATIVES}.test_a_number_and_a_name_alone_wait",
    "The agency has your address": f"{LEAVE}.test_the_desk_sees_where_and_when_to_visit",
    "The employer agrees with you": f"{OBJECTIONS}.test_the_employer_sees_what_waits",
    "The employer did not answer": f"{OBJECTIONS}.test_an_unanswered_objection_goes_on",
    "The employer does not agree": f"{OBJECTIONS}.test_the_case_waits_for_the_last_answer",
    "The office sets the record right in that part": f"{TASKS}.test_what_was_not_upheld_stays",
    "The office sets the record right;": f"{TASKS}.test_corrected_is_not_said_before",
    "The record check opens with": f"{QUESTIONS}.test_the_month_page_leads_to_the_question",
    "The window closed on": f"{BASE}.test_what_is_sent_after_the_window_is_refused",
    "This document is no longer valid": f"{OWN}.test_the_owner_is_told_that_a_newer_one",
    "Wait for the answer. If there is none": f"{OBJECTIONS}.test_an_unanswered_objection_goes_on",
    "Wait for the decision": f"{OBJECTIONS}.test_the_desk_decides_and_the_person_reads_why",
    "Saved answers are kept": f"{LEAVE}.test_leaving_saves_what_is_half_filled",
    "What you were right about": f"{TASKS}.test_what_was_not_upheld_stays_dismissed",
    "Where no other public data": f"{RELATIVES}.test_a_number_and_a_name_alone_wait",
    "Those who answer or decide": f"{BACK}.test_whoever_answers_and_whoever_decides_reads",
    "Anybody with this code": f"{VERIFY}.test_a_code_shows_what_the_paper_says",
    "You can certify for a relative": f"{RELATIVES}.test_no_page_shows_the_code_of_an_answer",
    "You can choose again until": f"{BASE}.test_on_the_last_day_it_can_be_chosen_again",
    "You have nothing more to do; your benefit": f"{RELATIVES}.test_with_data_that_agree_it_passes",
    "You are helping %(name)s": f"{RELATIVES}.test_no_page_shows_the_code_of_an_answer",
    "You need not do anything": f"{QUESTIONS}.test_what_the_office_finds_missing_is_one",
    "You questioned months": f"{OBJECTIONS}.test_the_employer_sees_what_waits",
    "Verification shows the content": f"{VERIFY}.test_a_code_shows_what_the_paper_says",
    "Your answer is saved": f"{OBJECTIONS}.test_the_person_reads_that_the_case_was_passed_on",
    "Your benefit is paused": f"{TASKS}.test_a_suspended_benefit_goes_on_and_a_task_pays",
    "Choose a base to see": f"{BASE}.test_a_preview_saves_nothing_and_keeps",
    "No review is due for you now": f"{BENEFITS}.test_what_becomes_due_is_listed",
}


@pytest.fixture(scope="module")
def promises():
    found = {str(message.id) for room in ROOMS for message in _extract(room) if message.id}
    return sorted(sentence for sentence in found if PROMISE.search(sentence))


def test_every_promise_names_the_test_that_keeps_it(promises):
    assert not [each for each in promises if not each.startswith(tuple(KEPT))]


def test_no_line_keeps_a_promise_that_nobody_makes(promises):
    assert not [begin for begin in KEPT if not any(each.startswith(begin) for each in promises)]


@pytest.mark.parametrize("kept_by", sorted(set(KEPT.values())))
def test_the_test_is_there(kept_by):
    module, _dot, name = kept_by.rpartition(".")

    assert [each for each in dir(importlib.import_module(module)) if each.startswith(name)]
