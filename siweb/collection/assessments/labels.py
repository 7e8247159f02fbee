"""The words that pages and papers say about assessments."""

from flask_babel import lazy_gettext as _l

from siweb.collection.tables.assessment import AssessmentKind, AssessmentState, BaseRule
from siweb.collection.tables.hire_report import ReportOrigin, ReportState

KINDS = {
    AssessmentKind.UNREGISTERED: _l("An employee was not registered"),
    AssessmentKind.UNDECLARED: _l("The yearly declaration is missing"),
    AssessmentKind.SETTLEMENT: _l("Settlement of an assessment"),
}
STATES = {
    AssessmentState.FOUND: _l("Found, not proposed yet"),
    AssessmentState.PROPOSED: _l("Proposed: the employer may comment"),
    AssessmentState.DECIDED: _l("Decided"),
    AssessmentState.DROPPED: _l("Ended without payment"),
    AssessmentState.OVERTAKEN: _l("Filed since, to be settled"),
    AssessmentState.SETTLED: _l("Settled"),
}
TONES = {
    AssessmentState.PROPOSED: "warn",
    AssessmentState.DECIDED: "bad",
    AssessmentState.DROPPED: "good",
    AssessmentState.OVERTAKEN: "warn",
    AssessmentState.SETTLED: "good",
}
ORIGINS = {
    "review": _l("A person questioned months in the yearly review"),
    "complaint": _l("Reported by the person"),
    "list": _l("An imported list shows it"),
    "comparison": _l("The office found it by comparing"),
    "no_last_month": _l("The office found it; there is no last month to go by"),
    "settlement": _l("What was filed later"),
}
BASE_RULES = {
    BaseRule.WAGE: _l("proven wage"),
    BaseRule.EMPLOYER_AVERAGE: _l("the average base of the employer’s people"),
    BaseRule.LOCAL_AVERAGE: _l("the local average wage"),
}
REPORT_ORIGINS = {
    ReportOrigin.REVIEW: _l("Yearly review"),
    ReportOrigin.COMPLAINT: _l("Personal report"),
    ReportOrigin.LIST: _l("Imported list"),
}
REPORT_STATES = {
    ReportState.OPEN: _l("The agency is examining it"),
    ReportState.CASE_OPENED: _l("The agency opened a case"),
    ReportState.DROPPED: _l("No case came of it"),
}
REFUSALS = {
    "too_many": _l("The agency still looks at your earlier reports. Call 12333, please."),
    "taken_up": _l("Somebody has handled this report already."),
    "no_employer": _l("Say first which employer is meant."),
    "registered": _l("The person takes part there in these months already."),
    "assessed": _l("Another case is about this person and these months already."),
    "future_months": _l("Months that have not begun cannot be assessed."),
    "not_found": _l("This case was proposed already."),
    "no_amount": _l("There is no amount yet: say by what it is worked out."),
    "no_reasons": _l("Say the reasons; the employer reads them."),
    "no_wage": _l("Enter the monthly wage, or choose another rule."),
    "no_employer_average": _l("The employer has nobody whose average could be taken."),
    "no_local_average": _l("The notice of these months states no average wage."),
    "not_heard_now": _l("This was answered before, or the last day is over."),
    "not_proposed": _l("This case is not open for a decision."),
    "same_person": _l("Whoever proposed it does not decide it: a second person does."),
    "may_be_heard": _l("The employer may still answer. Decide after that day."),
    "not_served": _l("The proposal was not served yet: the days to answer do not run before."),
    "not_overtaken": _l("Nothing was filed yet that would settle this."),
    "not_billed": _l("The levy has not billed these months yet. Run it first."),
    "parameter_missing": _l("The parameter pack has no figures for these months."),
}
