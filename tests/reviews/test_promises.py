"""Every sentence that promises something names the test that does what it says.

A new promise on a page of the portal, of reviews, of the wizard or of documents fails here until a
test keeps it; a sentence that is gone takes its line with it. A promise is found by its English or
by its Chinese. What a guide says of the law names no test: it must cite the provision beside it.
"""

import importlib
import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from markupsafe import escape

import siweb
from siweb.cli.development.translations import _extract
from siweb.portal.guides import GUIDES

ROOMS = ("portal", "reviews", "wizard", "documents")
# Figures that are worked out and files that are read promise nothing.
LEFT_OUT = ("portal/calculators", "documents/spreadsheets")
PROMISE = re.compile(
    r"you can |you may |goes on|is kept|are kept|stays|will stand|stands here|decides\b|is asked"
    r"|examines|sets the record right|is no longer valid|see[s]? what|reads it|agency has"
    r"|find the receipt|is opened|gets the task|[Ss]aved|opens with|[Aa]nyone (can|may)|choose again"
    r"|[Aa]nybody (can|with)|will read it|no longer asked|shows the content|still goes|holds until"
    r"|is recorded"
)
# These words promise something in a whole sentence only, not in a label.
IN_SENTENCES = re.compile(
    r"[Yy]ou may|\bwill\b|[Ww]e \w+|\bfree\b|costs nothing|minutes|nothing was sent|no appointment"
    r"|once more|no longer shown|[Oo]ur pages|calculator of your city"
)
IN_CHINESE = re.compile("可以|将会|会在|随时|不会|即可|补发|恢复发放|免费|可查验")
STEPS, OBJECTIONS = "tests.reviews.cases.test_steps", "tests.reviews.objections.test_objections"
TASKS, BACK = "tests.reviews.tasks.test_tasks", "tests.reviews.cases.test_take_back"
BACK_PAY = "tests.reviews.benefits.test_back_pay.test_a_suspended_benefit_goes_on"
BASE, RELATIVES = "tests.reviews.kinds.test_base_choice", "tests.reviews.kinds.test_relatives"
QUESTIONS, MEANWHILE = (
    "tests.reviews.kinds.test_questions",
    "tests.reviews.objections.test_meanwhile",
)
WAY_IN, BROWSER = "tests.portal.test_way_in", "tests.browser.test_reviews"
VERIFY, OWN = "tests.documents.test_verify", "tests.documents.test_document_pages"
BASES = "tests.filings.declared.test_base_review"
CARDS = "tests.filings.declared.test_base_cards"
MEDICAL = "tests.reviews.kinds.test_medical_status"
ENDED = "tests.reviews.benefits.test_ended_benefits"
BENEFITS, LEAVE = "tests.reviews.benefits.test_move_benefits", "tests.reviews.cases.test_leave"
OWN_BENEFITS = "tests.ledgers.benefits.test_benefits"
HOME, SERVICE = "tests.portal.home.test_home", "tests.service"

# The beginning of each promise, and the test that walks it.
ABOUT, VISIT = "tests.portal.about.test_about", "tests.browser.test_first_visit"
PROVED = "tests.browser.test_paper_proof"

KEPT = {
    "The employer did not pay by": "tests.portal.record_month.test_steps.test_what_nobody_is_left_to_pay_stays_un",
    "Scans of papers are kept for good": "tests.desk.people.test_keeping.test_a_list_is_destroyed_by_two",
    "A list of another office says": "tests.signs.test_lists.test_a_death_is_looked_at_and_stops",
    "Colour alone never tells": "tests.web.test_look.test_whoever_listens_hears_the_word",
    "Everything works by keyboard": f"{VISIT}.test_the_first_press_of_tab_offers",
    "How long it stays": f"{ABOUT}.test_how_long_a_sign_in_lasts",
    "ID numbers are stored encrypted": "tests.db.sealing.test_sealed_numbers.test_a_filled_office_holds_no",
    "One file: a page to read": "tests.data_copies.test_views.test_the_privacy_page_leads_to_it",
    "Or type the verification code": f"{PROVED}.test_without_scripts_the_page_leads_to_the_code",
    "Records of contributions and": "tests.collection.corrections.test_there_and_back.test_sums_and",
    "Switch to large type": f"{ABOUT}.test_large_type_is_turned_on",
    "The office signed this, but": f"{PROVED}.test_what_is_not_genuine_is_named",
    "The office signed what stands": f"{PROVED}.test_what_the_office_signed_is_shown",
    "The pages are small": "tests.pages.test_pages.test_every_page_is_light",
    "This was worked out on your": f"{PROVED}.test_what_the_office_signed_is_shown_and_nothing_is",
    "What the social insurance office": f"{ABOUT}.test_the_cookies_are_those_that_are_named",
    "You are signed out after": "tests.auth.sign_in.test_sign_in.test_a_sign_in_ends_after_half_an_hour",
    "You can also enlarge": f"{VISIT}.test_enlarged_four_times_nothing_is_cut_off",
    "You may see your data": "tests.ledgers.record.test_record_pages.test_a_year_shows_sixty_marks",
    "After this day you cannot file": "tests.auth.test_mandates.test_a_mandate_with_a_last_day_ends",
    "If you do not agree, you may apply": f"{SERVICE}.test_pages.test_a_case_says_since_when",
    "If you worked in this time": f"{HOME}.test_a_missing_month_is_said_in_words_and_leads_to_it",
    "In the pension account in your own": "tests.desk.people.test_people.test_a_death_ends_enrolments_and",
    "Nothing is lost. Try again": f"{HOME}.test_a_pack_without_terms_takes_no_page_along",
    "Once a year, by yourself": f"{BENEFITS}.test_a_benefit_stands_where",
    "Online, or by bank transfer": "tests.collection.online.test_pay_online.test_what_the_gateway",
    "Paused from %(month)s on": f"{HOME}.test_a_paused_pension_says_so_and_is_the_first_card",
    "So that the pension goes on": f"{RELATIVES}.test_with_data_that_agree_it_passes",
    "The agency wants to fix": f"{SERVICE}.test_record.test_a_proposal_is_decided_only_after_the_days",
    "There are no papers yet": f"{OWN}.test_the_owner_gets_the_paper",
    "What this office issued to you": f"{OWN}.test_the_owner_gets_the_paper",
    "When, about how much": "tests.pensions.test_pension.test_the_estimate_comes_from_ones_own",
    "A relative declared it, and data": f"{RELATIVES}.test_with_data_that_agree_it_passes",
    "Added. Those who answer or": f"{BACK}.test_whoever_answers_and_whoever_decides_reads",
    "Anyone can verify": f"{VERIFY}.test_a_code_shows_what_the_paper_says",
    "Anybody can verify": f"{VERIFY}.test_a_code_shows_what_the_paper_says",
    "An employee stated": f"{OBJECTIONS}.test_an_unanswered_objection_goes_on_to_the_agency",
    "Bring your ID card to the agency. Your benefit goes on": f"{BENEFITS}.test_what_waits_for",
    "By sending you confirm that you filled": f"{BASE}.test_the_base_can_be_chosen_again",
    "By sending you choose": f"{BASE}.test_the_base_can_be_chosen_again",
    "Confirm once a year": f"{RELATIVES}.test_with_data_that_agree_it_passes",
    "It was needed by": f"{BENEFITS}.test_a_benefit_stands_where",
    "No decision has been made yet": f"{BACK}.test_taken_back_answers_are_a_draft",
    "You have nothing more to do. You can state": f"{MEDICAL}.test_it_can_be_stated_again",
    "Is it right? Without your answer": f"{CARDS}.test_after_the_last_day_the_page_says",
    "You can still declare; until then": f"{CARDS}.test_after_the_last_day_what_is_missing",
    "It was decided that these months": (
        "tests.desk.corrections.test_setting_right.test_a_benefit_that_was_not_due_ends_once_served"
    ),
    "No answer from an employee": f"{BASES}.test_after_the_last_day_silence_leaves",
    "Objected to: what was declared": f"{BASES}.test_an_objection_changes_nothing_by_itself",
    "The receipt becomes invalid": f"{BACK}.test_taken_back_answers_are_a_draft",
    "Your employer is no longer asked": f"{BACK}.test_the_receipt_of_what_was_undone",
    "On %(day)s, %(source)s": f"{RELATIVES}.test_with_data_that_agree_it_passes",
    "Choose “Let somebody help me”": "tests.helping.test_codes.test_a_code_gives_what_was_ticked",
    "No telephone? Bring a signed": "tests.helping.test_desk.test_a_paper_is_entered_by_one",
    "You can end it at any time": "tests.helping.test_codes.test_either_of_both_ends_it",
    "Pay by the usual day": f"{BASE}.test_the_base_can_be_chosen_again",
    "Say whether it is right. Without": (
        f"{OBJECTIONS}.test_an_unanswered_objection_goes_on_to_the_agency"
    ),
    "Saved. You can go on": f"{LEAVE}.test_leaving_saves_what_is_half_filled",
    "Taken back. Your answers": f"{BACK}.test_taken_back_answers_are_a_draft",
    "The agency examines the declaration": f"{RELATIVES}.test_a_number_and_a_name_alone_wait",
    "You need not do anything; you are told": (
        "tests.signs.test_prison.test_nothing_passes_by_itself_while_a_sign_is_open"
    ),
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
    "Lists that employers uploaded": "tests.portal.about.test_retention.test_every_rule_is_shown",
    "After this day you cannot act": "tests.helping.test_guard.test_the_last_day_is_a_whole_one",
    "You are helping %(name)s": f"{RELATIVES}.test_no_page_shows_the_code_of_an_answer",
    "You need not do anything": f"{QUESTIONS}.test_what_the_office_finds_missing_is_one",
    "You questioned months": f"{OBJECTIONS}.test_the_employer_sees_what_waits",
    "Verification shows the content": f"{VERIFY}.test_a_code_shows_what_the_paper_says",
    "Your answer is saved": f"{OBJECTIONS}.test_the_person_reads_that_the_case_was_passed_on",
    "Your benefit is paused": BACK_PAY,
    "Choose a base to see": f"{BASE}.test_a_preview_saves_nothing_and_keeps",
    "Answer one question a page": f"{LEAVE}.test_leaving_saves_what_is_half_filled",
    "Being late does not mean": BACK_PAY,
    "Bring your ID card to the window: an": f"{BENEFITS}.test_a_benefit_stands_where",
    "Bring your ID card. Somebody can": f"{BACK}.test_a_visit_can_be_taken_back",
    "Choose the city, then office hall": f"{WAY_IN}.test_a_city_leads_to_every_service",
    "If you do not agree, apply": f"{TASKS}.test_what_was_not_upheld_stays_dismissed",
    "It can be verified until": f"{VERIFY}.test_a_document_that_ran_out_says_so",
    "Keep the receipt. Anyone": f"{VERIFY}.test_a_code_shows_what_the_paper_says",
    "Look at your record: it shows": f"{WAY_IN}.test_a_city_leads_to_every_service",
    "Nobody has to travel": f"{LEAVE}.test_the_desk_sees_where_and_when_to_visit",
    "Nobody may pass your number on": f"{WAY_IN}.test_a_number_is_shown_only_in_part",
    "The law has no review of this name": f"{BENEFITS}.test_what_becomes_due_is_listed",
    "Once a year you look at your": f"{BROWSER}.test_an_employee_finds_all_correct_within",
    "The benefit has ended: nothing": f"{ENDED}.test_a_declaration_that_was_open_when",
    "The calculator of your city": f"{WAY_IN}.test_the_calculator_of_a_city_shows_the_last_day",
    "These answers have not been sent": f"{BACK}.test_nothing_is_added_to_what_was_undone",
    "This office issued a document": f"{VERIFY}.test_a_document_that_ran_out_says_so",
    "Tell the agency, and see what came": f"{WAY_IN}.test_a_city_leads_to_every_service",
    "The online services of this city": f"{WAY_IN}.test_a_city_leads_to_every_service",
    "Tick the months and say why": f"{OBJECTIONS}.test_the_case_waits_for_the_last_answer",
    "Too many failed attempts": f"{RELATIVES}.test_tries_are_counted",
    "Deselect what you no longer": f"{QUESTIONS}.test_months_are_added_and_given_up",
    "We first compare what": f"{BROWSER}.test_a_recipient_known_to_be_well_only_confirms",
    "We have no records of this": f"{WAY_IN}.test_a_city_that_is_not_hosted_says_so",
    "What you sent before holds": f"{BASE}.test_what_was_sent_before_is_found_while",
    "You answered this in another window": f"{STEPS}.test_two_windows_show_each_other",
    "You may look at your own record": f"{WAY_IN}.test_a_city_leads_to_every_service",
    "You see what is due for you": f"{LEAVE}.test_leaving_saves_what_is_half_filled",
    "Your ID number and your password. Proof": f"{RELATIVES}.test_with_data_that_agree",
    "Your pension insurance is kept": f"{HOME}.test_with_a_temporary_account_months_are",
    "Your record check was sent already": f"{QUESTIONS}.test_a_case_that_waits_is",
    "Your relative does this on their": f"{RELATIVES}.test_with_data_that_agree_it_passes",
    "No review is due for you now": f"{BENEFITS}.test_what_becomes_due_is_listed",
    "Declared, and not billed": f"{QUESTIONS}.test_the_month_page_leads_to_the_question",
    "Certificates of what is paid": "tests.ledgers.certificates.test_certificates.test_each_kind_is_a_small",
    "This code does not work": "tests.reviews.begin.test_counter_codes.test_a_code_is_worth_nothing",
    "Certify again by": f"{OWN_BENEFITS}.test_the_certification_stands_there_with_its",
    "It is stopped while you serve": "tests.signs.test_prison.test_a_release_lets_it_go_on",
    "You were not certified in time": BACK_PAY,
    "You were to certify by": f"{OWN_BENEFITS}.test_the_certification_stands_there_with_its",
    "Whoever does not certify by": BACK_PAY,
    "By yourself, by a relative on": f"{LEAVE}.test_the_desk_sees_where_and_when_to_visit",
    "No month is recorded here": f"{OWN_BENEFITS}.test_nobody_is_asked_to_certify_what_has",
}


@pytest.fixture(scope="module")
def promises():
    """Every sentence that promises something, and whether a guide says it."""
    return {
        sentence: any("portal/guides" in place for place, _line in message.locations)
        for room in ROOMS
        for message, chinese in _messages(room)
        for sentence in [_singular(message.id)]
        if _promises(sentence, chinese)
        if not all(any(part in place for part in LEFT_OUT) for place, _line in message.locations)
    }


def _messages(room):
    """The sentences of a room with their Chinese."""
    file = Path(siweb.__file__).parent / f"translations/zh_Hans/LC_MESSAGES/{room}.po"
    with file.open("rb") as opened:
        chinese = {_singular(message.id): message.string for message in read_po(opened)}
    return [
        (message, _singular(chinese.get(_singular(message.id), "")))
        for message in _extract(room)
        if message.id
    ]


def _singular(text):
    return text if isinstance(text, str) else text[0]


def _promises(sentence, chinese):
    if sentence.startswith("What you ") and not sentence.endswith("."):
        return False  # a heading of what follows
    if PROMISE.search(sentence):
        return True
    is_sentence = sentence.rstrip()[-1:] in {".", ";"}
    return is_sentence and bool(IN_SENTENCES.search(sentence) or IN_CHINESE.search(chinese))


def test_every_promise_names_the_test_that_keeps_it(promises):
    ours = [each for each, is_of_guide in promises.items() if not is_of_guide]

    assert not [each for each in ours if not each.startswith(tuple(KEPT))]


def test_what_a_guide_promises_is_kept_by_a_test_or_cited_from_the_law(promises, client):
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    pages = [client.get(f"/guides/{name}").text for name in GUIDES]
    cited = {
        text.partition("<small")[0].strip()
        for page in pages
        for text in re.findall(r"<(?:p|li)>(.*?)</(?:p|li)>", page, re.DOTALL)
        if '<small class="quiet">' in text
    }

    theirs = [each for each, is_of_guide in promises.items() if is_of_guide]
    assert theirs
    assert not [
        each
        for each in theirs
        if not each.startswith(tuple(KEPT)) and str(escape(each)) not in cited
    ]


def test_no_line_keeps_a_promise_that_nobody_makes(promises):
    assert not [begin for begin in KEPT if not any(each.startswith(begin) for each in promises)]


@pytest.mark.parametrize("kept_by", sorted(set(KEPT.values())))
def test_the_test_is_there(kept_by):
    module, _dot, name = kept_by.rpartition(".")

    assert [each for each in dir(importlib.import_module(module)) if each.startswith(name)]
