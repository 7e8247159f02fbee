"""Which guide a page of the office leads to: the "?" of the desk, the help in every page's foot."""

from flask import url_for

# By the route, else by its room: audience/page, and the heading. "citizen" is among the guides of
# portal/guides.py, which say what social insurance is. tests/portal/guide walks every desk route.
PLACES = {
    # The desk
    "desk": "clerk/day#to-do",
    "search_desk": "clerk/day#search",
    "people_desk": "clerk/day#a-person",
    "counter_desk": "clerk/day#at-the-counter",
    "phone_desk": "clerk/day#at-the-counter",
    "employer_desk": "clerk/day#an-employer",
    "employer_desk.accept": "clerk/day#registrations-and-hires",
    "employer_desk.show_registrations": "clerk/day#registrations-and-hires",
    "employer_desk.show_hires": "clerk/day#registrations-and-hires",
    "employer_desk.close": "clerk/day#registrations-and-hires",
    "employer_counter": "clerk/day#an-employer",
    "hire_reports": "clerk/day#registrations-and-hires",
    "complaint_desk": "clerk/day#complaints",
    "service_desk": "clerk/day#notices",
    "note_desk": "clerk/day#a-person",
    "correction_desk": "clerk/day#corrections",
    "identity_desk": "clerk/day#corrections",
    "merging_desk": "clerk/day#corrections",
    "separating_desk": "clerk/day#corrections",
    "account_correction_desk": "clerk/day#corrections",
    "benefit_correction_desk": "clerk/day#corrections",
    "pension_desk": "clerk/day#pensions-and-transfers",
    "transfer_desk": "clerk/day#pensions-and-transfers",
    "levy_desk": "clerk/month#levy",
    "levy_desk.adjust": "clerk/month#adjustments",
    "assessment_desk": "clerk/month#assessments",
    "arrears_desk": "clerk/month#arrears",
    "payment_desk": "clerk/month#payments",
    "statement_desk": "clerk/month#bank-statements",
    "entry_desk": "clerk/month#bank-statements",
    "payout_desk": "clerk/month#payouts",
    "campaign_desk": "clerk/year#campaigns",
    "review_desk": "clerk/year#reviews",
    "review_tasks": "clerk/year#reviews",
    "benefit_desk": "clerk/year#benefits",
    "sign_desk": "clerk/year#signs",
    "task_desk": "clerk/two-people#checking",
    "evidence_desk": "clerk/two-people#papers",
    "keeping_desk": "administrator/year#keeping-and-destruction",
    "limit_desk": "clerk/two-people#a-third-person",
    "relative_desk": "clerk/two-people#relatives",
    "copy_desk": "clerk/day#at-the-counter",
    "help_desk": "clerk/day#helping-others",
    "doctor": "administrator/incident#the-doctor",
    "staff_desk": "administrator/first-office#staff",
    "agency_desk": "administrator/first-office#agencies",
    "office_desk": "administrator/first-office#agencies",
    "program_desk": "administrator/first-office#programs-of-other-offices",
    "old_data_desk": "administrator/first-office#an-old-system-s-data",
    "parameter_desk": "administrator/year#parameters",
    # Employers
    "employers": "employer/sheets",
    "one_person": "employer/sheets#one-person",
    "uploads": "employer/sheets#a-list",
    "drafts": "employer/findings#correct",
    "filings": "employer/findings#after-sending",
    "withdrawal": "employer/findings#withdraw",
    "bills": "employer/month#bills",
    "online": "employer/month#bills",
    "base_review": "employer/sheets#a-list",
    "monthly": "employer/month#statements-for-employees",
    "objections": "employer/month#objections-and-assessments",
    "assessments": "employer/month#objections-and-assessments",
    "mandates": "employer/month#who-may-act",
    "registration": "employer/month#registration",
    "inbox.show_employers_messages": "employer/month",
    "inbox.show_employers_message": "employer/month",
    "tokens": "employer/api#a-token",
    "api": "employer/api",
    # Citizens
    "bills.show_own_bills": "citizen/who-pays-and-when-benefits-come",
    "bills.show_own_bill": "citizen/who-pays-and-when-benefits-come",
    "filings.show_declared": "citizen/thirty-days",
    "reviews": "citizen/annual-review",
    "counter_codes": "citizen/annual-review",
    "review_cases": "citizen/annual-review",
    "benefits": "citizen/annual-review",
    "flexible": "citizen/who-may-register-alone",
    "pensions": "citizen/who-pays-and-when-benefits-come",
    "complaints": "citizen/what-the-agency-does",
    "ledgers": "citizen/who-pays-and-when-benefits-come",
    "certificates": "citizen/who-pays-and-when-benefits-come",
    # Who sees what one keeps here, and how one lets others see it.
    "helping": "citizen/helping-each-other",
    "share_codes": "about/privacy",
    "data_copies": "about/privacy",
    "documents": "about/privacy",
    "access_log": "about/privacy",
    "auth.show_account": "about/privacy",
    "own_accounts": "about/privacy",
    "auth.change_own_contact": "about/privacy",
    "auth.show_sign_ins": "about/privacy",
}


def address_of(endpoint: str) -> str:
    """Return the address of the guide to a route; what has none leads to all for citizens."""
    place = PLACES.get(endpoint) or PLACES.get(endpoint.partition(".")[0])
    if place is None:
        return url_for("portal.show_guides")
    page, _hash, heading = place.partition("#")
    audience, _slash, name = page.partition("/")
    if audience == "about":
        return url_for(f"about.show_{name}")
    if audience == "citizen":
        return url_for("portal.show_guide", name=name)
    return url_for("guide.show_page", audience=audience, page=name, _anchor=heading or None)
