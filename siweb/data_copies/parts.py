"""Every part of a copy: which tables say something of one person, and how their rows are found."""

from collections.abc import Mapping
from types import MappingProxyType

from flask_babel import lazy_gettext as _l

from siweb.data_copies.part import Part

_PERSON, _ACCOUNT = ("person_id",), ("account_id",)

_LISTED = (
    # Who somebody is, and how they are reached.
    Part("person", _l("Who I am"), by=("id",)),
    Part("person_identity", _l("ID number"), by=_PERSON),
    Part("former_number", _l("Former ID numbers"), by=_PERSON),
    Part("person_alias", _l("Joined registrations"), by=_PERSON),
    Part("joined_enrolment", _l("Insurances of joined registrations"), by=("former_id",)),
    Part("message_choice", _l("How I want to be told"), by=_PERSON),
    # Work, insurances, bases, records, accounts, benefits.
    Part("employment", _l("Employments"), by=_PERSON),
    Part("enrolment", _l("Enrolments"), by=_PERSON),
    Part("declared_base", _l("Declared bases"), by=_PERSON),
    Part("contribution_record", _l("Contribution record"), by=_PERSON),
    Part("account_entry", _l("Individual account"), by=_PERSON),
    Part("account_correction", _l("Corrections of the individual account"), by=_PERSON),
    Part("temporary_account", _l("Temporary pension account"), by=_PERSON),
    Part("transfer_segment", _l("Months of other regions"), by=_PERSON),
    Part("benefit", _l("Benefits"), by=_PERSON),
    Part("benefit_withdrawal", _l("Benefits that were not due"), through=("benefit",)),
    Part("benefit_entry", _l("Benefits by month"), by=_PERSON),
    Part("life_sign", _l("Signs of life for a benefit"), by=_PERSON),
    Part("sign", _l("Notes from other offices"), by=_PERSON),
    # Money.
    Part("bill", _l("Bills"), by=_PERSON),
    Part("bill_line", _l("Bills by insurance"), through=("bill",)),
    Part("bill_month", _l("Bills by month"), through=("bill",)),
    Part("arrears", _l("Arrears"), through=("bill",)),
    Part("deferral", _l("Deferrals"), through=("arrears",)),
    Part("instalment", _l("Instalments"), through=("arrears",)),
    Part("write_off", _l("Write-offs"), through=("arrears",)),
    Part("write_off_line", _l("Write-offs by insurance"), through=("write_off",)),
    Part("pay_rhythm", _l("How often I pay for myself"), by=_PERSON),
    Part("online_payment", _l("Payments online"), through=("bill",)),
    Part("payment", _l("Money paid in"), by=_PERSON),
    Part("allocation", _l("What payments were used for"), through=("bill", "payment")),
    Part("held_entry", _l("Bank entries that were looked into"), through=("payment",)),
    Part("payout", _l("Money paid out"), by=_PERSON),
    Part("own_bank_account", _l("My bank account"), by=_PERSON),
    Part("payment_file_line", _l("What the bank was told to pay"), through=("payout",)),
    # Applications, cases, what staff did about somebody.
    Part("pension_application", _l("Applications for a pension"), by=_PERSON),
    Part("pension_transfer", _l("Transfers"), by=_PERSON),
    Part("transfer_event", _l("Steps of transfers"), through=("pension_transfer",)),
    Part("review", _l("Annual reviews and certifications"), by=_PERSON),
    Part("review_event", _l("Steps of reviews"), through=("review",)),
    Part("objection", _l("Objections"), through=("review",)),
    Part("review_task", _l("What staff had to do in reviews"), by=_PERSON, through=("review",)),
    Part("complaint", _l("Complaints"), by=_PERSON),
    Part(
        "hire_report",
        _l("Reports of missing registration"),
        by=("person_id", "reported_by_person_id"),
    ),
    Part("assessment", _l("Assessments"), by=_PERSON),
    Part("filing_row", _l("What employers declared"), by=_PERSON),
    Part("declaration_answer", _l("My answers to what employers declared"), by=_PERSON),
    Part("hire_follow_up", _l("Declarations that were looked into"), through=("filing_row",)),
    Part("record_correction", _l("Corrections of the record"), by=_PERSON),
    Part("identity_correction", _l("Corrections of who I am"), by=_PERSON),
    Part("task", _l("What staff prepared and checked"), by=_PERSON),
    Part("first_check", _l("First checks of amounts"), through=("task",)),
    # PIPL 45 gives a copy of whatever is kept about somebody; what 18 and 35 leave out, secrets of
    # state and what informing would thwart, no such note is. Its author is no datum of theirs.
    Part("office_note", _l("Notes inside the office"), by=_PERSON),
    # What somebody was told and given.
    Part("message", _l("Messages"), by=_PERSON),
    Part("message_delivery", _l("E-mails and text messages"), through=("message",)),
    Part("message_service", _l("How notices were served"), through=("message",)),
    # What somebody was issued in an employer's name is the employer's.
    Part("document", _l("Papers"), by=_PERSON, own="employer_id"),
    Part("document_verification", _l("Verifications of papers"), through=("document",)),
    Part("share_code", _l("Share codes"), by=_PERSON),
    Part("share_code_use", _l("Uses of share codes"), through=("share_code",)),
    # Who may do something for somebody, and for whom they may.
    Part(
        "help_mandate",
        _l("Mandates between people"),
        by=_PERSON,
        by_account=("helper_account_id",),
    ),
    Part("help_code", _l("Codes for helpers"), by=_PERSON),
    Part("community_helper", _l("Appointment to help others"), by=_PERSON),
    Part("mandate", _l("Mandates for employers"), by_account=_ACCOUNT),
    Part(
        "api_token",
        _l("Tokens for programs"),
        by_account=_ACCOUNT,
        without=frozenset({"beginning"}),
    ),
    Part("appointment", _l("Functions at the desk"), by=_PERSON),
    Part("staff_relation", _l("Relatives among staff"), by=("person_id", "relative_id")),
    # The papers and scans of all these.
    Part(
        "evidence_paper",
        _l("Papers that decisions rest on"),
        through=("task", "mandate", "transfer_event", "message_service"),
    ),
    Part("evidence_file", _l("Scanned papers"), through=("task", "complaint", "review")),
    # The account, and who was in it.
    Part("account", _l("Sign-in account"), by=_PERSON),
    Part("sign_in_session", _l("Sign-ins"), by_account=_ACCOUNT),
    Part("refused_sign_in", _l("Refused sign-ins"), by_account=_ACCOUNT),
    Part("passkey", _l("Passkeys"), by_account=_ACCOUNT),
    Part("linked_sign_in", _l("Linked sign-ins"), by_account=_ACCOUNT),
    Part("second_factor", _l("Second factor"), by_account=_ACCOUNT, without=frozenset({"secret"})),
    Part("recovery_code", _l("Recovery codes"), by_account=_ACCOUNT),
    Part("activation_code", _l("Activation codes"), by=_PERSON),
    Part("set_up_code", _l("Codes for a second factor"), by=_PERSON),
    Part("draft", _l("Forms I began"), by_account=_ACCOUNT),
    Part("draft_answer", _l("What I typed in them"), through=("draft",)),
    Part("activity", _l("What was done about me"), by=_PERSON),
)  # fmt: skip
PARTS: Mapping[str, Part] = MappingProxyType({part.name: part for part in _LISTED})
"""The parts in the order of a copy, by the name of their table."""

ACCESS_LOG = Part("access_log_entry", _l("Who looked at my data"), by=_PERSON)
"""Who looked: a part as well, though its table may lie in a file of its own."""
