"""Every table of the office, imported in one place, so that no key points at a table unknown."""

from siweb.audit import activity as _activity
from siweb.db.base import Base
from siweb.documents import document as _document
from siweb.documents import document_check as _document_check
from siweb.ledgers import account_entry as _account_entry
from siweb.ledgers import contribution_record as _contribution_record
from siweb.queue import job as _job
from siweb.registry import agency as _agency
from siweb.registry import benefit as _benefit
from siweb.registry import declared_base as _declared_base
from siweb.registry import employer as _employer
from siweb.registry import employment as _employment
from siweb.registry import enrolment as _enrolment
from siweb.registry import person as _person
from siweb.registry import region as _region

TABLE_MODULES = (
    _activity,
    _job,
    _region,
    _agency,
    _person,
    _employer,
    _employment,
    _enrolment,
    _declared_base,
    _benefit,
    _contribution_record,
    _account_entry,
    _document,
    _document_check,
)
metadata = Base.metadata
