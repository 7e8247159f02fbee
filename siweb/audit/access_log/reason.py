"""Why somebody's data were shown, and in which function: the words are where they are shown."""

from enum import StrEnum


class Function(StrEnum):
    """What somebody is who was shown another person's data."""

    STAFF = "staff"
    # Staff who declared that the person is a relative of theirs.
    STAFF_RELATIVE = "staff_relative"
    VIEWER = "viewer"
    FILER = "filer"
    OWNER = "owner"
    PROGRAM = "program"
    RELATIVE = "relative"
    # Whoever acts by a mandate of the person, or of a court.
    HELPER = "helper"
    # Whoever has a paper in hand, perhaps nobody whom the office knows.
    PAPER_HOLDER = "paper_holder"
    # Whoever was given a share code by the person themselves.
    CODE_HOLDER = "code_holder"


class Reason(StrEnum):
    """What the page, the file or the answer is for."""

    ACCOUNT = "account"
    ACTIVITY = "activity"
    ARREARS = "arrears"
    ASSESSMENT = "assessment"
    BENEFIT = "benefit"
    BILL = "bill"
    BILL_EXPORT = "bill_export"
    CERTIFICATION = "certification"
    COMPLAINT = "complaint"
    CORRECTION = "correction"
    CORRECTING_IDENTITY = "correcting_identity"
    CORRECTING_RECORD = "correcting_record"
    COUNTER = "counter"
    COUNTER_REVIEW = "counter_review"
    DATA_COPY = "data_copy"
    EVIDENCE = "evidence"
    EMPLOYMENT = "employment"
    FILING = "filing"
    FILING_EXPORT = "filing_export"
    HELP = "help"
    HIRE_REPORT = "hire_report"
    LEVY = "levy"
    SHARE_CODE = "share_code"
    MANDATE = "mandate"
    NOTE = "note"
    OBJECTION = "objection"
    OLD_DATA = "old_data"
    PAPER_CHECK = "paper_check"
    PAYMENT = "payment"
    PENSION = "pension"
    PERSON = "person"
    REGISTRATIONS = "registrations"
    REVIEW = "review"
    ROSTER = "roster"
    ROSTER_EXPORT = "roster_export"
    SEARCH = "search"
    SERVICE = "service"
    STAFF = "staff"
    STATEMENT = "statement"
    TASK = "task"
    TAX_OFFICE = "tax_office"
    WORK_LIST = "work_list"
