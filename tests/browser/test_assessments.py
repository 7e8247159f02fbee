"""An employer is heard on its phone, staff decide at the desk: with and without scripts."""

import pytest

from tests.browser.walk import Visitor

OWNER, PROPOSER, DECIDER = (
    "Employer's owner (first city)",
    "Agency staff",
    "Second agency staff",
)


@pytest.fixture(params=[True, False], ids=["javascript", "plain"])
def open_visitor(request, new_page, sign_ins):
    """Open a browser in which somebody of the demonstration has signed in."""

    def open_one(who, language="en"):
        locale = {"zh": "zh-CN", "en": "en-GB"}[language]
        page = new_page(javascript=request.param, locale=locale)
        visitor = Visitor(page, language, has_scripts=request.param)
        page.goto("/sign-in")
        visitor.sign_in(sign_ins[who])
        page.wait_for_url("**/")
        return visitor

    return open_one


@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_employer_finds_the_proposal_and_answers(open_visitor, language):
    owner = open_visitor(OWNER, language)
    owner.follow("All my employers")
    owner.page.locator("main ul.links a").first.click()
    owner.page.locator('main .panel a.button[href$="/assessments"]').click()
    owner.page.locator("main ul.links a").first.click()
    owner.is_at("An employee was not registered")
    owner.follow("Answer")
    owner.choose("We disagree")
    owner.type("What is different?", "七月十日才到岗")
    owner.press("Send the answer")

    owner.sees("The agency has your answer and decides with it.")
    owner.sees("七月十日才到岗")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_second_person_decides_what_the_first_proposed(open_visitor, language):
    proposer, decider = open_visitor(PROPOSER, language), open_visitor(DECIDER, language)
    for visitor in (proposer, decider):
        visitor.follow("Go to the desk")
        waiting = visitor.page.locator("main tr", has_text=visitor.say("Assessments to decide"))
        waiting.locator("a").first.click()
    proposer.sees("You proposed this: somebody else must decide it.")
    decider.type("Reasons, as the employer reads them", "按工资流水核定")
    decider.press("Decide: bill and notice")

    decider.sees("Last day to pay")
    decider.sees("Notice (PDF)")
