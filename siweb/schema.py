"""Every table of the office, imported in one place, so that no key points at a table unknown."""

from siweb.audit import activity as _activity
from siweb.audit import form_key as _form_key
from siweb.audit.access_log import entry as _access_log_entry
from siweb.audit.chain import link as _activity_link
from siweb.auth.tables import account as _account
from siweb.auth.tables import activation_code as _activation_code
from siweb.auth.tables import api_token as _api_token
from siweb.auth.tables import appointment as _appointment
from siweb.auth.tables import attempt_count as _attempt_count
from siweb.auth.tables import help_mandate as _help_mandate
from siweb.auth.tables import linked_sign_in as _linked_sign_in
from siweb.auth.tables import mandate as _mandate
from siweb.auth.tables import passkey as _passkey
from siweb.auth.tables import refused_sign_in as _refused_sign_in
from siweb.auth.tables import sealed_post as _sealed_post
from siweb.auth.tables import second_factor as _second_factor
from siweb.auth.tables import set_up_code as _set_up_code
from siweb.auth.tables import sign_in_session as _sign_in_session
from siweb.auth.tables import staff_relation as _staff_relation
from siweb.collection.books.sealed_books import SEALED_BOOKS
from siweb.collection.tables import adjustment_task as _adjustment_task
from siweb.collection.tables import arrears as _arrears
from siweb.collection.tables import assessment as _assessment
from siweb.collection.tables import bank_account as _bank_account
from siweb.collection.tables import bank_statement as _bank_statement
from siweb.collection.tables import bill as _bill
from siweb.collection.tables import held_entry as _held_entry
from siweb.collection.tables import hire_report as _hire_report
from siweb.collection.tables import instalment as _instalment
from siweb.collection.tables import levy_run as _levy_run
from siweb.collection.tables import levy_sum as _levy_sum
from siweb.collection.tables import online_payment as _online_payment
from siweb.collection.tables import payment as _payment
from siweb.collection.tables import payout as _payout
from siweb.collection.tables import record_correction as _record_correction
from siweb.collection.tables import statement_part as _statement_part
from siweb.complaints.tables import complaint as _complaint
from siweb.db import codes as _codes
from siweb.db.base import Base
from siweb.documents.tables import document as _document
from siweb.documents.tables import verification as _verification
from siweb.evidence.tables import evidence_file as _evidence_file
from siweb.evidence.tables import evidence_paper as _evidence_paper
from siweb.files import kept_file as _kept_file
from siweb.filings.tables import api_answer as _api_answer
from siweb.filings.tables import assigned_heading as _assigned_heading
from siweb.filings.tables import base_review_result as _base_review_result
from siweb.filings.tables import declaration_answer as _declaration_answer
from siweb.filings.tables import filing as _filing
from siweb.filings.tables import filing_row as _filing_row
from siweb.filings.tables import hire_follow_up as _hire_follow_up
from siweb.filings.tables import register_before as _register_before
from siweb.filings.tables import stranger_count as _stranger_count
from siweb.filings.tables import withdrawn_row as _withdrawn_row
from siweb.keeping.tables import destruction as _destruction
from siweb.keeping.tables import keeping_hold as _keeping_hold
from siweb.keeping.tables import keeping_term as _keeping_term
from siweb.ledgers.seals.watch import ChangeWatch
from siweb.ledgers.tables import account_correction as _account_correction
from siweb.ledgers.tables import account_entry as _account_entry
from siweb.ledgers.tables import benefit_entry as _benefit_entry
from siweb.ledgers.tables import book_change as _book_change
from siweb.ledgers.tables import contribution_record as _contribution_record
from siweb.ledgers.tables import day_root as _day_root
from siweb.ledgers.tables import fund_entry as _fund_entry
from siweb.ledgers.tables import temporary_account as _temporary_account
from siweb.ledgers.tables import transfer_segment as _transfer_segment
from siweb.messages.tables import delivery as _delivery
from siweb.messages.tables import message as _message
from siweb.messages.tables import service as _service
from siweb.notes.tables import office_note as _office_note
from siweb.pensions.tables import pension_application as _pension_application
from siweb.queue import job as _job
from siweb.registry.search import search_key as _search_key
from siweb.registry.tables import agency as _agency
from siweb.registry.tables import benefit as _benefit
from siweb.registry.tables import bring_in as _bring_in
from siweb.registry.tables import declared_base as _declared_base
from siweb.registry.tables import employer as _employer
from siweb.registry.tables import employer_change as _employer_change
from siweb.registry.tables import employment as _employment
from siweb.registry.tables import enrolment as _enrolment
from siweb.registry.tables import enrolment_claim as _enrolment_claim
from siweb.registry.tables import former_number as _former_number
from siweb.registry.tables import office as _office
from siweb.registry.tables import parameter_pack as _parameter_pack
from siweb.registry.tables import person as _person
from siweb.registry.tables import person_alias as _person_alias
from siweb.registry.tables import person_identity as _person_identity
from siweb.registry.tables import region as _region
from siweb.reviews.tables import campaign as _campaign
from siweb.reviews.tables import campaign_reopening as _campaign_reopening
from siweb.reviews.tables import campaign_result as _campaign_result
from siweb.reviews.tables import counter_code as _counter_code
from siweb.reviews.tables import objection as _objection
from siweb.reviews.tables import review as _review
from siweb.reviews.tables import sign as _sign
from siweb.reviews.tables import task as _review_task
from siweb.share_codes.tables import share_code as _share_code
from siweb.tasks.tables import amount_limit as _amount_limit
from siweb.tasks.tables import case_holder as _case_holder
from siweb.tasks.tables import first_check as _first_check
from siweb.tasks.tables import task as _task
from siweb.transfers.tables import pension_transfer as _pension_transfer
from siweb.wizard import draft as _draft

TABLE_MODULES = (
    _codes,
    _activity,
    _activity_link,
    _form_key,
    _access_log_entry,
    _job,
    _kept_file,
    _region,
    _sign,
    _agency,
    _office,
    _parameter_pack,
    _person,
    _person_identity,
    _person_alias,
    _former_number,
    _search_key,
    _bring_in,
    _employer,
    _message,
    _office_note,
    _service,
    _share_code,
    _delivery,
    _employer_change,
    _employment,
    _enrolment,
    _enrolment_claim,
    _declared_base,
    _benefit,
    _contribution_record,
    _account_entry,
    _account_correction,
    _benefit_entry,
    _api_token,
    _api_answer,
    _assigned_heading,
    _temporary_account,
    _transfer_segment,
    _document,
    _verification,
    _account,
    _appointment,
    _task,
    _first_check,
    _amount_limit,
    _case_holder,
    _activation_code,
    _attempt_count,
    _linked_sign_in,
    _sealed_post,
    _passkey,
    _refused_sign_in,
    _second_factor,
    _set_up_code,
    _staff_relation,
    _sign_in_session,
    _mandate,
    _help_mandate,
    _draft,
    _campaign,
    _review,
    _counter_code,
    _campaign_reopening,
    _campaign_result,
    _base_review_result,
    _objection,
    _review_task,
    _hire_report,
    _levy_run,
    _levy_sum,
    _assessment,
    _bill,
    _bank_statement,
    _payment,
    _payout,
    _bank_account,
    _statement_part,
    _destruction,
    _keeping_hold,
    _keeping_term,
    _held_entry,
    _online_payment,
    _adjustment_task,
    _record_correction,
    _arrears,
    _instalment,
    _fund_entry,
    _day_root,
    _book_change,
    _complaint,
    _pension_application,
    _evidence_file,
    _evidence_paper,
    _pension_transfer,
    _filing,
    _filing_row,
    _withdrawn_row,
    _register_before,
    _hire_follow_up,
    _stranger_count,
    _declaration_answer,
)
metadata = Base.metadata
# Every entry point knows the tables from here: none of their sessions goes unwatched.
ChangeWatch(SEALED_BOOKS).begin()
