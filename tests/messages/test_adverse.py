"""What the office decides against somebody is served, and the days for remedies run from then."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from siweb.messages.kinds.benefits import PENSION_REFUSED
from siweb.messages.kinds.by_name import KINDS
from siweb.messages.kinds.transfers import TRANSFER_REFUSED
from siweb.messages.served import remedies_until
from siweb.messages.tables.message import Message
from siweb.pensions.tables.pension_application import PensionApplication
from siweb.registry.packs.in_force import packs_in_force
from siweb.service.remedies import remedies_of
from siweb.transfers.tables.pension_transfer import PensionTransfer
from tests.conftest import NOW
from tests.messages.deeds.actions import BY_KIND
from tests.messages.test_kinds import office
from tests.served import serve

__all__ = ["office"]
ADVERSE = {
    "assessment_decided", "assessment_proposed", "benefit_withdrawn", "complaint_answered", "pension_refused",
    "review_partly_upheld", "review_rejected", "stop_announced", "suspension_announced",
    "transfer_refused", "deferral_refused", "injury_rate_raised", "record_reduced", "report_dropped", "resident_ended",
}  # fmt: skip
# What comes, was received, was granted, runs by law, or was done by the reader.
NOT_ADVERSE = {
    "account_set_right", "benefit_begins_again", "sign_withdrawn",
    "account_opened", "back_pay_returned", "refund_returned", "activation_issued", "activation_used", "benefit_paid_back",
    "benefit_resumed", "benefit_suspended", "bill_issued", "bill_overdue", "bill_reinstated", "bill_written_off",
    "certification_reminder", "certified_by_relative", "complaint_received", "death_withdrawn", "employer_refund", "factor_reset",
    "factor_set_up", "filing_accepted", "filing_findings", "filing_withdrawn",
    "base_to_confirm", "bases_opened", "bases_reminder", "help_ended", "help_given", "help_paper", "help_review", "may_help", "may_help_no_more",
    "identity_corrected", "injury_rate_decided", "insured_by_employer", "left_employer", "link_added", "link_removed", "link_used", "mandate_ending", "mandate_given",
    "mandate_granted", "mandate_revoked", "months_written_off", "objection_answered", "objection_to_answer", "operator_signed_in", "own_account_ended", "own_account_named", "own_bill",
    "paper_revoked", "paper_verified", "papers_revoked", "passkey_added", "passkey_copied", "passkey_removed", "passkey_used",
    "password_changed", "pension_applied", "pension_approved", "record_corrected",
    "set_up_code_given", "set_up_code_spent", "share_code_used", "data_copied", "employer_took_back",
    "record_set_right", "resident_again", "refund", "registrations_joined",
    "registrations_separated", "review_opened", "review_passed",
    "review_reminder", "review_to_correct", "review_under_way", "review_upheld", "stop_ended",
    "temporary_account", "temporary_account_ended", "transfer_applied", "transfer_done", "transfer_moves",
    "assessment_dropped", "assessment_settled", "deferral_approved", "deferral_ending", "employer_confirmed", "employer_payment_bounced",
    "employer_refund_returned", "employer_review_ending", "employer_suit_ending", "function_ended", "function_ending", "function_given",
    "hearing_ending", "help_ending", "instalment_due", "instalments_approved", "instalments_ended", "may_help_ending", "own_bill_due",
    "own_insurance_begun", "own_insurance_stopped", "payment_bounced", "remedy_review_ending", "remedy_suit_ending", "report_decided", "report_accepted",
    "account_brought_in", "account_sent_out", "employer_payee_named", "helper_appointed", "helper_dismissed", "payee_named",
}  # fmt: skip
# Announced: the decision that a court would look at comes after it.
NOT_DECIDED_YET = {"suspension_announced"}
LATER = NOW.date() + timedelta(days=20)


def test_every_kind_is_known_to_be_adverse_or_not():
    assert {name for name, kind in KINDS.items() if kind.needs_service} == ADVERSE
    assert set(KINDS) == ADVERSE | NOT_ADVERSE


# How a proposal is served and counts is in tests/service/test_record.py.
@pytest.mark.parametrize("name", sorted(ADVERSE - {"assessment_proposed"}))
def test_what_is_adverse_waits_to_be_served_and_then_names_the_remedies(office, name):
    session, packs = office.session, packs_in_force(office.session)
    BY_KIND[KINDS[name]][0](office)
    session.flush()
    message = session.scalars(select(Message).where(Message.kind == name)).one()
    assert message.awaits_service
    assert remedies_of(packs, message, None) is None

    serve(session, LATER, KINDS[name])
    session.refresh(message)

    assert not message.awaits_service
    assert (remedies_of(packs, message, LATER) is None) == (name in NOT_DECIDED_YET)


@pytest.mark.parametrize(
    ("kind", "table"), [(PENSION_REFUSED, PensionApplication), (TRANSFER_REFUSED, PensionTransfer)]
)
def test_the_days_against_a_refusal_run_from_its_service(office, kind, table):
    session, packs = office.session, packs_in_force(office.session)
    BY_KIND[kind][0](office)
    serve(session, LATER, kind)
    session.expire_all()

    refused = session.scalars(select(table)).one()
    expected = remedies_until(packs, refused.region_code, LATER)
    assert (refused.review_until, refused.suit_until) == expected
