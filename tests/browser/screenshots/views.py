"""Forty pages of the demonstration in which every part of the look is seen at least once.

Each is somebody's sign-in (by the demonstration's label; None: signed out) and an address; `{…}`
stands for what the demonstration numbers anew (`test_screenshots.py` fills it in).
"""

EMPLOYEE = "Employee (all correct)"
MISSING = "Employee (a month is missing)"
FLEXIBLE = "Flexible worker"
PENSIONER = "Pension recipient (overdue)"
OWNER = "Employer's owner (first city)"
STAFF = "Agency staff"

VIEWS = (
    (None, "/"),
    (None, "/sign-in"),
    (None, "/activate"),
    (None, "/city-services"),
    (None, "/verify"),
    (None, "/cities/310000/calculators/"),
    (None, "/guides/"),
    (None, "/contact"),
    (None, "/privacy"),
    (None, "/accessibility"),
    (None, "/nowhere"),
    (EMPLOYEE, "/"),
    (EMPLOYEE, "/record"),
    (EMPLOYEE, "/record/2026"),
    (EMPLOYEE, "/record/months"),
    (EMPLOYEE, "/record/account"),
    (EMPLOYEE, "/record/looks"),
    (EMPLOYEE, "/documents"),
    (EMPLOYEE, "/account"),
    (EMPLOYEE, "/messages"),
    (MISSING, "/"),
    (MISSING, "/reviews"),
    (FLEXIBLE, "/"),
    (FLEXIBLE, "/own-insurance"),
    (PENSIONER, "/"),
    (PENSIONER, "/reviews"),
    (OWNER, "/employer"),
    (OWNER, "/employer/{uscc}"),
    (OWNER, "/employer/{uscc}/people"),
    (OWNER, "/employer/{uscc}/bills"),
    (STAFF, "/desk"),
    (STAFF, "/desk/people/{person}"),
    (STAFF, "/desk/people/{person}/record"),
    (STAFF, "/desk/employers/{uscc}"),
    (STAFF, "/desk/levy"),
    (STAFF, "/desk/payments"),
    (STAFF, "/desk?kind=reviews"),
    (STAFF, "/desk?kind=task"),
    (STAFF, "/desk/staff"),
    (STAFF, "/desk/parameters"),
)
