"""The tables that no copy has, each with its reason: a table is a part of a copy or stands here."""

from collections.abc import Mapping
from types import MappingProxyType

_REPEATS = "finds or counts once what another part says itself"
_PROVES = "proves that rows were not changed, by digests that nobody reads"
_UNDOES = "how a filing would be taken back; what it became is in the insurances and employments"
_LEVY = "how the office works a month out for all; what came of it is in the record and the bills"
_EMPLOYERS = "an employer's; who declared what about somebody is in what employers declared"
_BANK = "the office's own accounts and statements; somebody's payments are a part"
_OFFICE = "the office itself and the law's figures; it names at most who of the staff did it"
_KEPT_SHORTLY = "kept for minutes against misuse, by a digest that leads to nobody"

NOT_COPIED: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(("search_key", "enrolment_claim", "entry_claim", "form_key"), _REPEATS),
        **dict.fromkeys(
            (
                "activity_link",
                "activity_unsealed",
                "book_change",
                "book_seal",
                "day_root",
                "former_head",
            ),
            _PROVES,
        ),
        **dict.fromkeys(
            ("enrolment_before", "employment_before", "person_before", "withdrawn_row"), _UNDOES
        ),
        **dict.fromkeys(
            (
                "adjustment_task",
                "fund_entry",
                "levy_employer",
                "levy_preview",
                "levy_run",
                "levy_sum",
                "levy_term",
                "tax_office_file",
            ),
            _LEVY,
        ),
        **dict.fromkeys(
            (
                "api_answer",
                "assigned_heading",
                "base_review_result",
                "employer",
                "employer_change",
                "filing",
                "injury_rate",
                "stranger_count",
            ),
            _EMPLOYERS,
        ),
        **dict.fromkeys(
            (
                "bank_account",
                "bank_mapping",
                "bank_statement",
                "payment_file",
                "statement_day",
                "statement_overlap",
                "statement_part",
            ),
            _BANK,
        ),
        **dict.fromkeys(
            (
                "agency",
                "amount_limit",
                "bring_in",
                "campaign",
                "campaign_reopening",
                "campaign_result",
                "code_name",
                "keeping_hold",
                "keeping_term",
                "office",
                "parameter_pack",
                "region",
                "sign_list",
            ),
            _OFFICE,
        ),
        **dict.fromkeys(
            ("attempt_count", "passkey_challenge", "verification_window"),
            _KEPT_SHORTLY,
        ),
        **dict.fromkeys(
            ("destruction", "destruction_line"),
            "what was destroyed, by numbers of scans and cases; it names nobody",
        ),
        "sealed_post": "a form that waits some minutes for its sender to sign in again, sealed",
        "case_holder": "which colleague has a case at hand: work of the office, no data of it",
        "counter_code": "a code of minutes, as a digest; the case it leads to is in the copy",
        "job": "what the machine has to do next; what came of it stands where it was asked for",
        "kept_file": "files under the digest of their content; somebody's scans are in the copy",
        "kept_file_piece": "the content of files, sealed; somebody's scans are in the copy",
    }
)
