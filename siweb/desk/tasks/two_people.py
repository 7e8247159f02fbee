"""Which forms of the desk are made by one person and checked by another, and why the others not.

The list of what takes two people is that of internal control (劳社部发〔2007〕2号,
人社厅发〔2021〕64号). Every view behind a form stands here once; a test walks the routes.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from flask import Flask

from siweb.auth.sign_in.proof import ROUTINE_FORMS
from siweb.bring_in.actions import ACTIONS as FILES_OF_EARLIER_SYSTEM
from siweb.bring_in.actions import page_of
from siweb.desk.arrears.actions import DEFER, PLAN
from siweb.desk.arrears.write_off.actions import REINSTATE, WRITE_OFF
from siweb.desk.corrections.accounts.actions import CORRECT_ACCOUNT
from siweb.desk.corrections.actions import CORRECT_RECORD
from siweb.desk.corrections.benefits.actions import (
    BEGIN_AGAIN,
    TAKE_SIGN_BACK,
    WITHDRAW_BENEFIT,
)
from siweb.desk.corrections.identity.actions import CORRECT_IDENTITY
from siweb.desk.corrections.merging.actions import JOIN_REGISTRATIONS
from siweb.desk.corrections.separating.actions import SEPARATE_REGISTRATIONS
from siweb.desk.employers.actions import INJURY_RATE
from siweb.desk.levy.actions import ADJUST
from siweb.desk.payments.actions import REFUND
from siweb.desk.payments.payouts.actions import PAYEE, RELEASE
from siweb.desk.people.actions import BRING_IN, DEATH, HEIRS, SEND_OUT, TAKE_BACK_DEATH
from siweb.desk.people.helping.actions import APPOINT_HELPER, END_GUARDIAN, GIVE_HELP
from siweb.desk.people.pensions.actions import APPROVE_PENSION, REFUSE_PENSION
from siweb.desk.people.revoke import REVOKE_PAPER
from siweb.desk.people.temporary import ORDINARY, TEMPORARY
from siweb.desk.people.transfers.actions import MOVE_FUND, REFUSE_TRANSFER
from siweb.desk.reviews.benefits.actions import HELD_TO_HEIRS
from siweb.desk.reviews.campaigns.reopening.actions import CLOSE_AGAIN, REOPEN
from siweb.desk.reviews.tasks.actions import BACK_PAY
from siweb.desk.reviews.tasks.residents import END_RESIDENT, INSURE_AGAIN
from siweb.desk.staff.actions import APPOINT, END
from siweb.desk.staff.agencies.actions import AGENCY_INSURANCES
from siweb.desk.staff.factor import RESET_FACTOR
from siweb.desk.staff.keeping.actions import DESTROY, LIFT_HOLD, SET_TERM
from siweb.desk.staff.parameters.actions import PUT_IN_FORCE
from siweb.desk.staff.programs.actions import GIVE_PROGRAM
from siweb.desk.staff.relatives.actions import RELATION_ENDS
from siweb.desk.statements.actions import ACCOUNT, IMPORT, WITHDRAW
from siweb.desk.tasks.limits.actions import AMOUNT_LIMIT
from siweb.signs.actions import RESUME, STOP, TAKE_IN
from siweb.tasks.two_person_action import TwoPersonAction


class Alone(StrEnum):
    """Why one person is enough."""

    # Finds or compares something; nothing is decided.
    ONLY_READS = "only_reads"
    # Is the check of what another one made, or takes back what nobody has checked yet.
    IS_THE_CHECK = "is_the_check"
    # Another person decides afterwards, in the subject's own steps.
    ANOTHER_DECIDES = "another_decides"
    # Follows from figures that are dated data and from what was filed; nobody types an amount.
    BY_RULE = "by_rule"
    # Notes what the bank, the post or the payer did, which its paper proves.
    NOTES_A_FACT = "notes_a_fact"
    # The person stands there with the ID card, or is written to, and is told of it.
    AT_THE_COUNTER = "at_the_counter"
    # Uses money for the bill that its payer owes; it can be undone and pays nobody out.
    WITHIN_THE_BOOKS = "within_the_books"
    # Tells people when or where something is done; it decides about nobody.
    ANNOUNCES = "announces"
    # Reads what somebody registered or reported, and lets it go on or closes it.
    TAKES_IN = "takes_in"
    # Says who is at a case, which bars nobody from it.
    SAYS_WHO = "says_who"
    # Words for colleagues: no decision rests on them, nobody outside reads them on a page.
    TELLS_COLLEAGUES = "tells_colleagues"
    # Only takes away what somebody may do; giving it back takes two.
    KEEPS_OUT = "keeps_out"


BY_TWO: Mapping[str, TwoPersonAction] = MappingProxyType(
    {
        "arrears_desk.defer_one": DEFER,
        "arrears_desk.plan": PLAN,
        "arrears_desk.write_off_one": WRITE_OFF,
        "arrears_desk.reinstate_one": REINSTATE,
        "levy_desk.adjust": ADJUST,
        "correction_desk.correct": CORRECT_RECORD,
        "account_correction_desk.set_entry_right": CORRECT_ACCOUNT,
        "benefit_correction_desk.withdraw_one": WITHDRAW_BENEFIT,
        "benefit_correction_desk.begin_one_again": BEGIN_AGAIN,
        "benefit_correction_desk.take_sign_back": TAKE_SIGN_BACK,
        "identity_desk.correct_identity": CORRECT_IDENTITY,
        "merging_desk.join": JOIN_REGISTRATIONS,
        "separating_desk.separate": SEPARATE_REGISTRATIONS,
        "employer_desk.decide_rate": INJURY_RATE,
        "payment_desk.pay_back": REFUND,
        "payout_desk.name_one": PAYEE,
        "payout_desk.release_file": RELEASE,
        "people_desk.bring": BRING_IN,
        "people_desk.send": SEND_OUT,
        "people_desk.revoke_paper": REVOKE_PAPER,
        "people_desk.note_temporary": TEMPORARY,
        "people_desk.note_ordinary": ORDINARY,
        "people_desk.death": DEATH,
        "people_desk.alive": TAKE_BACK_DEATH,
        "people_desk.heirs": HEIRS,
        # It opens a person's record to another: one alone could let in whom they like.
        "help_desk.give": GIVE_HELP,
        "help_desk.appoint": APPOINT_HELPER,
        "help_desk.end_guardian": END_GUARDIAN,
        "benefit_desk.pay_heirs": HELD_TO_HEIRS,
        "pension_desk.approve": APPROVE_PENSION,
        "pension_desk.refuse": REFUSE_PENSION,
        "transfer_desk.fund": MOVE_FUND,
        "transfer_desk.refuse_one": REFUSE_TRANSFER,
        "staff_desk.propose_one": APPOINT,
        "staff_desk.propose_ending": END,
        "staff_desk.reset_factor": RESET_FACTOR,
        "relative_desk.propose_relation_end": RELATION_ENDS,
        "limit_desk.propose_limit": AMOUNT_LIMIT,
        "keeping_desk.propose_term": SET_TERM,
        "keeping_desk.propose_lift": LIFT_HOLD,
        "keeping_desk.propose_destruction": DESTROY,
        "agency_desk.set_insurances": AGENCY_INSURANCES,
        "program_desk.give_program": GIVE_PROGRAM,
        "parameter_desk.hand_in_pack": PUT_IN_FORCE,
        "statement_desk.show_accounts": ACCOUNT,
        # Also where its totals do not fit; once checked, an import that stopped goes on alone.
        "statement_desk.hand_in": IMPORT,
        "statement_desk.confirm": IMPORT,
        "statement_desk.name_columns": IMPORT,
        "statement_desk.withdraw": WITHDRAW,
        **{page_of(name): action for name, action in FILES_OF_EARLIER_SYSTEM.items()},
        "campaign_desk.reopen": REOPEN,
        "campaign_desk.close_again": CLOSE_AGAIN,
        "sign_desk.send_list": TAKE_IN,
        "sign_desk.stop": STOP,
        "sign_desk.let_go_on": RESUME,
        # Only what is withheld of a benefit; other tasks of reviews end with a second look.
        "review_tasks.finish": BACK_PAY,
        "review_tasks.end_resident": END_RESIDENT,
        "review_tasks.insure_again": INSURE_AGAIN,
    }
)
"""The forms whose action waits for a second person, by the view that takes them."""

BY_ONE: Mapping[str, Alone] = MappingProxyType(
    {
        "desk.give_cases": Alone.SAYS_WHO,
        "people_desk.find": Alone.ONLY_READS,
        "people_desk.write_note": Alone.TELLS_COLLEAGUES,
        "employer_desk.write_note": Alone.TELLS_COLLEAGUES,
        "note_desk.show_case_notes": Alone.TELLS_COLLEAGUES,
        # It only keeps a case from being destroyed; to lift it takes two.
        "keeping_desk.hold": Alone.KEEPS_OUT,
        "relative_desk.declare_own": Alone.KEEPS_OUT,
        "relative_desk.declare": Alone.KEEPS_OUT,
        "campaign_desk.begin": Alone.ANNOUNCES,
        "agency_desk.name": Alone.ANNOUNCES,
        "office_desk.change": Alone.ANNOUNCES,
        "employer_counter.register": Alone.AT_THE_COUNTER,
        "employer_counter.appoint_owner": Alone.AT_THE_COUNTER,
        "counter_desk.register": Alone.AT_THE_COUNTER,
        "counter_desk.set_contact": Alone.AT_THE_COUNTER,
        "counter_desk.give": Alone.AT_THE_COUNTER,
        # Changes nothing: handed to whoever asked in writing, and the person is told.
        "copy_desk.make_copy": Alone.AT_THE_COUNTER,
        # Begins a case with nothing in it; only its person, signed in, answers and sends it.
        "phone_desk.give_code": Alone.AT_THE_COUNTER,
        # Takes a right away that two gave, at once, for whoever is misused; both are told.
        "help_desk.end": Alone.AT_THE_COUNTER,
        "help_desk.end_appointed": Alone.AT_THE_COUNTER,
        "program_desk.end": Alone.KEEPS_OUT,
        # Two appointed them, two reset what they had; who gives it never gave the password's code.
        "staff_desk.give_set_up_code": Alone.AT_THE_COUNTER,
        # Shows what a correction would change; the next form sends it.
        "correction_desk.preview": Alone.ONLY_READS,
        "identity_desk.preview": Alone.ONLY_READS,
        "merging_desk.preview": Alone.ONLY_READS,
        "separating_desk.preview": Alone.ONLY_READS,
        "hire_reports.compare": Alone.ONLY_READS,
        "hire_reports.take_in_reviews": Alone.ONLY_READS,
        "task_desk.approve_task": Alone.IS_THE_CHECK,
        "task_desk.refuse_task": Alone.IS_THE_CHECK,
        "task_desk.withdraw_task": Alone.IS_THE_CHECK,
        # One proposes an assessment and somebody else decides it, after the employer was heard.
        "assessment_desk.compare": Alone.ANOTHER_DECIDES,
        "assessment_desk.propose": Alone.ANOTHER_DECIDES,
        "hire_reports.show_report": Alone.ANOTHER_DECIDES,
        "assessment_desk.decide_case": Alone.IS_THE_CHECK,
        "assessment_desk.drop_case": Alone.IS_THE_CHECK,
        "assessment_desk.settle_case": Alone.BY_RULE,
        # What an objection comes to is a task that somebody finishes; certifications are sampled.
        "review_desk.decide": Alone.ANOTHER_DECIDES,
        "levy_desk.begin": Alone.BY_RULE,
        "levy_desk.go_on": Alone.BY_RULE,
        # What was billed goes to who collects it: the list is what the bills say.
        "levy_desk.hand_over_due": Alone.BY_RULE,
        "arrears_desk.note_notice": Alone.NOTES_A_FACT,
        "payment_desk.reverse": Alone.NOTES_A_FACT,
        # A letter or a form between agencies; the money is moved by two.
        "transfer_desk.note_step": Alone.NOTES_A_FACT,
        "entry_desk.confirm_return": Alone.NOTES_A_FACT,
        "payout_desk.take_in": Alone.NOTES_A_FACT,
        "entry_desk.book": Alone.NOTES_A_FACT,
        "entry_desk.dismiss": Alone.NOTES_A_FACT,
        "payment_desk.match": Alone.WITHIN_THE_BOOKS,
        "payment_desk.split": Alone.WITHIN_THE_BOOKS,
        "payment_desk.keep": Alone.WITHIN_THE_BOOKS,
        "statement_desk.go_on": Alone.BY_RULE,
        "employer_desk.accept": Alone.TAKES_IN,
        "employer_desk.close": Alone.TAKES_IN,
        "hire_reports.set_employer": Alone.TAKES_IN,
        # The answer names the way to a review and to the court; it bills and pays nothing.
        "complaint_desk.show_complaint": Alone.TAKES_IN,
        "complaint_desk.set_employer": Alone.TAKES_IN,
        "complaint_desk.take_one_up": Alone.TAKES_IN,
        "hire_reports.drop": Alone.TAKES_IN,
        # A list is only kept and looked through; what it says is taken in by two.
        "sign_desk.show_lists": Alone.ANOTHER_DECIDES,
        "sign_desk.show_list": Alone.ANOTHER_DECIDES,
        # Only where no row of it would change anything, which is tried again before.
        "sign_desk.close_list": Alone.BY_RULE,
        # A death is registered by two before; where there is nothing in a sign, nothing changes.
        "sign_desk.examine": Alone.TAKES_IN,
        # The paper proves by which way it was served, and on which day.
        "service_desk.note_served": Alone.NOTES_A_FACT,
        "service_desk.note_failed": Alone.NOTES_A_FACT,
    }
)
"""The other forms, and why one person is enough."""

_ROUTINE = {
    Alone.ONLY_READS,
    Alone.ANOTHER_DECIDES,
    Alone.TAKES_IN,
    Alone.SAYS_WHO,
    Alone.TELLS_COLLEAGUES,
}
ROUTINE: frozenset[str] = frozenset(form for form, why in BY_ONE.items() if why in _ROUTINE)
"""The forms for which the second factor of the sign-in is enough.

All others move money, bill it, or are half of what takes two: a browser that its owner left open
must not send them, so that they ask for a code of the last minutes. One that stands nowhere here
asks as well.
"""


def install(app: Flask) -> None:
    """Tell the guard of the desk's routes which forms are routine."""
    app.extensions[ROUTINE_FORMS] = ROUTINE
