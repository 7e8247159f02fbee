"""The words of who looked and who signed in, as the person reads them whose data it is about."""

from flask_babel import lazy_gettext as _l

from siweb.audit.access_log.reason import Function, Reason
from siweb.auth.tables.mandate import MandateKind
from siweb.auth.tables.sign_in_session import EndReason
from siweb.ledgers.access_log.shown import Shown

SHOWN = {
    Shown.ALL: _l("Everybody who looked"),
    Shown.OFFICES: _l("Agencies that looked"),
    Shown.EMPLOYERS: _l("Employers and their programs that looked"),
    Shown.OTHERS: _l("Helpers and holders of my papers"),
    Shown.MAY_READ: _l("Who may look now"),
    Shown.SIGN_INS: _l("My own sign-ins"),
}
MANDATES = {
    MandateKind.VIEWER: _l("reads for the employer"),
    MandateKind.FILER: _l("files for the employer"),
    MandateKind.OWNER: _l("manages the employer’s access"),
}
END_REASONS = {
    EndReason.SIGNED_OUT: _l("Signed out"),
    EndReason.REVOKED: _l("Ended by you"),
    EndReason.IDLE: _l("Ended after a while without a click"),
    EndReason.EXPIRED: _l("Ran out"),
    EndReason.PASSWORD_CHANGED: _l("Ended by a new password"),
    EndReason.DIED: _l("Closed"),
}
FUNCTIONS = {
    Function.STAFF: _l("staff"),
    Function.STAFF_RELATIVE: _l("staff, a relative of yours"),
    Function.VIEWER: _l("reads for the employer"),
    Function.FILER: _l("files for the employer"),
    Function.OWNER: _l("manages the employer’s access"),
    Function.PROGRAM: _l("program of the employer"),
    Function.RELATIVE: _l("person who helps you"),
    Function.HELPER: _l("your helper"),
    Function.PAPER_HOLDER: _l("has your paper in hand"),
    Function.CODE_HOLDER: _l("has a code from you"),
}
REASONS = {
    Reason.ACCOUNT: _l("To transfer your account, or to register a death"),
    Reason.ACTIVITY: _l("To see who did what for the employer"),
    Reason.ARREARS: _l("To collect a bill of yours that is overdue"),
    Reason.ASSESSMENT: _l("For an assessment of contributions that concerns you"),
    Reason.BENEFIT: _l("To look at what is paid of your benefit"),
    Reason.BILL: _l("To look through the people on a bill"),
    Reason.BILL_EXPORT: _l("To save the people on a bill as a file"),
    Reason.CERTIFICATION: _l("To certify for you that you may draw your benefit"),
    Reason.EMPLOYMENT: _l("To look at your employment"),
    Reason.FILING: _l("For a filing about you"),
    Reason.FILING_EXPORT: _l("To save a filing about you as a file"),
    Reason.CORRECTION: _l("To look at the bill of a correction of your record"),
    Reason.CORRECTING_IDENTITY: _l("To correct your name, ID number or date of birth"),
    Reason.CORRECTING_RECORD: _l("To correct your contribution record"),
    Reason.COUNTER: _l("To note how you are reached, or to give you a code for your account"),
    Reason.COUNTER_REVIEW: _l("To begin a review with which you go on on your phone"),
    Reason.REGISTRATIONS: _l("To join two registrations of yours, or to separate them"),
    Reason.COMPLAINT: _l("For a complaint of yours"),
    Reason.DATA_COPY: _l("To make the copy of all your data that was asked for"),
    Reason.EVIDENCE: _l("To look at a paper that was handed in about you"),
    Reason.SEARCH: _l("Found by a search at the desk"),
    Reason.SERVICE: _l("To serve a notice on you"),
    Reason.HIRE_REPORT: _l("For a report that an employer did not register you"),
    Reason.HELP: _l("To help you, or to see who may"),
    Reason.LEVY: _l("To find out whose contribution base is missing"),
    Reason.SHARE_CODE: _l("Used a share code that you made"),
    Reason.MANDATE: _l("To see who may act for the employer"),
    Reason.OLD_DATA: _l("To compare an earlier system’s file with what is kept about you"),
    Reason.OBJECTION: _l("To answer your objection"),
    Reason.PAPER_CHECK: _l("Verified a paper of yours by its code"),
    Reason.PAYMENT: _l("To find out what a payment is for"),
    Reason.PENSION: _l("To decide your application for a pension"),
    Reason.NOTE: _l("To read or write a note for colleagues on a case of yours"),
    Reason.PERSON: _l("To look at your insurance as a whole"),
    Reason.REVIEW: _l("To decide your review"),
    Reason.ROSTER: _l("To look through the list of employees"),
    Reason.ROSTER_EXPORT: _l("To save the list of employees as a file"),
    Reason.STAFF: _l("To see who of the staff may do what"),
    Reason.STATEMENT: _l("To hand out the monthly statements of employees"),
    Reason.TASK: _l("To check what a colleague prepared"),
    Reason.TAX_OFFICE: _l("To hand your bill over to the tax office"),
    Reason.WORK_LIST: _l("Listed at the desk among what is to be done"),
}
