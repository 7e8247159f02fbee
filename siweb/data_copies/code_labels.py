"""The reader's words for the closed words of tables: those that the pages of each room have."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from types import MappingProxyType, ModuleType
from typing import Any

from flask_babel.speaklater import LazyString

from siweb.collection.assessments import labels as assessments
from siweb.collection.bills import labels as bills
from siweb.collection.corrections import labels as corrections
from siweb.collection.corrections.identity import labels as identity
from siweb.collection.statements import labels as statements
from siweb.complaints import labels as complaints
from siweb.data_copies import labels as own
from siweb.data_copies.action_labels import ACTION_LABELS
from siweb.desk.arrears import labels as arrears
from siweb.desk.assessments.hire_reports import labels as hire_reports
from siweb.desk.checking import labels as functions
from siweb.desk.payments import labels as payments
from siweb.desk.payments.payouts import labels as payouts
from siweb.desk.people.case_notes.cases import CASES
from siweb.desk.staff import labels as staff
from siweb.desk.staff.relatives import labels as relatives
from siweb.desk.tasks import labels as tasks
from siweb.desk.tasks.actions import ACTIONS
from siweb.documents import kinds as documents
from siweb.evidence.papers import labels as papers
from siweb.filings import labels as filings
from siweb.filings.employers import labels as employers
from siweb.filings.employers.mandates import labels as mandates
from siweb.filings.fields.labels import choice_labels
from siweb.flexible import labels as flexible
from siweb.helping import labels as helping
from siweb.ledgers import labels as ledgers
from siweb.ledgers.access_log import labels as access_log
from siweb.ledgers.benefits import labels as benefits
from siweb.messages.kinds.by_name import KINDS
from siweb.pensions import labels as pensions
from siweb.pensions.place import place_name
from siweb.portal.inbox import labels as inbox
from siweb.registry.codes import Insurance, Scheme
from siweb.registry.tables.declared_base import CORRECTED
from siweb.reviews import labels as reviews
from siweb.reviews.tables.campaign import ReviewKind
from siweb.service import labels as service
from siweb.share_codes import labels as share_codes
from siweb.signs import labels as signs
from siweb.transfers import labels as transfers
from siweb.web.language.labels import INSURANCES, SCHEMES
from siweb.web.language.locale import LOCALES

OF_COLUMNS: Mapping[str, Any] = MappingProxyType(own.COLUMNS)
# The first of a word's labels counts, so that a room's own come before what others make of it.
_ROOMS = (
    own, access_log, ledgers, benefits, bills, payments, payouts, arrears, assessments,
    hire_reports, corrections, identity, complaints, reviews, service, share_codes, signs,
    pensions, transfers, flexible, helping, mandates, functions, staff, relatives, papers, filings,
    tasks,
    statements, documents,
)  # fmt: skip
_TITLES = {name: kind.title for name, kind in KINDS.items()}
_WHY = {name: reason.why for name, reason in reviews.REASONS.items()}
# A base names the kind of filing that declared it, or the review in which it was chosen.
_BASES = {
    **{f"filing_{kind.value}": label for kind, label in filings.KINDS.items()},
    "base_choice": reviews.KINDS[ReviewKind.BASE_CHOICE],
    CORRECTED: ACTION_LABELS["record.corrected"],
}
_OF_TEXT: Mapping[tuple[str, str], Mapping[Any, Any]] = MappingProxyType(
    {
        ("access_log_entry", "channel"): own.CHANNELS,
        ("access_log_entry", "function"): access_log.FUNCTIONS,
        ("access_log_entry", "reason"): access_log.REASONS,
        ("activity", "action"): ACTION_LABELS,
        ("activity", "channel"): own.CHANNELS,
        ("assessment", "origin"): assessments.ORIGINS,
        ("declared_base", "origin"): _BASES,
        ("employment", "end_reason"): employers.END_REASONS,
        ("employment", "form"): employers.EMPLOYMENT_FORMS,
        ("life_sign", "source"): reviews.SOURCES,
        ("message_choice", "channel"): own.CHOSEN_CHANNELS,
        ("message_choice", "language"): LOCALES,
        ("message_delivery", "channel"): inbox.CHANNELS,
        ("message_delivery", "state"): inbox.STATES,
        ("office_note", "case_kind"): {name: case.page.words for name, case in CASES.items()},
        ("person", "retirement_category"): {
            "male": own.MEN,
            **choice_labels("retirement_category"),
        },
        ("review", "reason"): _WHY,
        ("review_event", "channel"): own.CHANNELS,
        ("review_event", "from_state"): reviews.STATES,
        ("review_event", "reason"): _WHY,
        ("review_event", "to_state"): reviews.STATES,
        ("task", "kind"): {name: action.title for name, action in ACTIONS.items()},
        ("message", "kind"): _TITLES,
        ("message_delivery", "kind"): _TITLES,
        ("message_service", "kind"): _TITLES,
    }
)


def _labelled(module: ModuleType) -> Iterator[tuple[tuple[type, str], Any]]:
    for labels in vars(module).values():
        if isinstance(labels, Mapping):
            for word, label in labels.items():
                if isinstance(word, StrEnum) and isinstance(label, LazyString):
                    yield (type(word), word.value), label


_OF_WORDS: dict[tuple[type, str], Any] = {}
for _module in reversed(_ROOMS):
    _OF_WORDS.update(reversed(list(_labelled(_module))))
# Rooms shorten these for their tables.
_OF_WORDS.update({(Insurance, word): label for word, label in INSURANCES.items()})
_OF_WORDS.update({(Scheme, word): label for word, label in SCHEMES.items()})


def column_label(table: str, column: str) -> str:
    """Return what a part calls a column: its own word where it has one, else that of all."""
    return str(own.OWN_COLUMNS.get((table, column)) or OF_COLUMNS[column])


def word_of(table: str, column: str, value: Any) -> str:
    """Return a word as its reader knows it; one without a label stays as the tables have it."""
    if (table, column) == ("temporary_account", "household"):
        return place_name(value)
    if (table, column) in _OF_TEXT:
        return str(_OF_TEXT[table, column].get(value, value))
    if isinstance(value, StrEnum):
        return str(_OF_WORDS.get((type(value), value.value), value.value))
    return str(value)
