"""The reader's words for the codes in an explanation's steps (`siweb.rules.explanation`).

A formula is one sentence, since word order differs between languages; its placeholders are the
names of the step's inputs.
"""

from flask_babel import lazy_gettext as _l

LABELS = {
    "base_floor": _l("Base, at least the floor"),
    "base_ceiling": _l("Base, at most the ceiling"),
    "base_total": _l("Total of all bases"),
    "base_exact": _l("Raised base before rounding"),
    "base": _l("Raised base"),
    "base_limits": _l("Base within the limits"),
    "employer_exact": _l("Employer’s share before rounding"),
    "employer_share": _l("Employer’s share"),
    "employer_addition": _l("Employer’s share with the fixed amount"),
    "employer_total": _l("Employer’s share for everybody"),
    "employee_exact": _l("Own share before rounding"),
    "employee_share": _l("Own share"),
    "employee_addition": _l("Own share with the fixed amount"),
    "employee_total": _l("Own shares of everybody"),
    "overdue_days": _l("Days of delay"),
    "late_fee_exact": _l("Late fee before rounding"),
    "late_fee": _l("Late fee"),
    "late_fee_cap": _l("Late fee, at most the arrears"),
    "last_day": _l("Last day by counting"),
    "last_day_if_moved_to_workday": _l("Last day that counts"),
    "unknown_year": _l("Year without a published holiday calendar"),
    "delay_months": _l("Delay by the reform"),
    "retirement_age": _l("Retirement age"),
    "retirement_month": _l("Retirement month"),
    "earliest_elastic_month": _l("Earliest month by choice"),
    "latest_elastic_month": _l("Latest month by agreement"),
    "min_contribution_months": _l("Months that must be paid"),
    "basic": _l("Basic pension"),
    "payout_months": _l("Months the account is spread over"),
    "account": _l("Pension from the account"),
    "total": _l("Together"),
    "opening_interest": _l("Interest on the opening balance"),
    "month_product": _l("Sum of deposits times months"),
    "year_interest": _l("Interest of twelve months on it"),
    "deposit_interest": _l("Interest on the year’s deposits"),
    "closing": _l("Closing balance"),
    "assessed_exact": _l("Assessed amount before rounding"),
    "assessed": _l("Assessed amount"),
    "balance": _l("Difference after the declaration"),
    "suspend_if_none_by": _l("Certify again by"),
    "suspended_from_month": _l("Not paid from, without it"),
    "earned_months": _l("Benefit months earned"),
    "max_months": _l("Benefit months"),
    "birth": _l("Date of birth in the number"),
    "sex": _l("Sex in the number"),
    "check_character": _l("Check character"),
    "org_check_character": _l("Check character of the organisation code"),
    "fine_least": _l("Least fine"),
    "fine_most": _l("Highest fine"),
}

FORMULAS = {
    # Premium
    "max(declared_base, base_floor)": _l(
        "the higher of declared base %(declared_base)s and floor %(base_floor)s"
    ),
    "min(base, base_ceiling)": _l("the lower of base %(base)s and ceiling %(base_ceiling)s"),
    "base * rate": _l("base %(base)s × rate %(rate)s"),
    "round(exact)": _l("%(exact)s, %(rounding)s"),
    "share + addition": _l("share %(share)s + fixed amount %(addition)s"),
    "sum(base)": _l("sum of the bases (people: %(people)s)"),
    "sum(employer)": _l("sum of the employer’s shares, rounded for %(scope)s"),
    "sum(employee)": _l("sum of the own shares, rounded for %(scope)s"),
    # Assessment
    "last_month_paid * rate": _l("last month’s amount %(last_month_paid)s × %(rate)s"),
    "last_base * rate": _l("last base %(last_base)s × %(rate)s"),
    "min(max(base, base_floor), base_ceiling)": _l(
        "base %(base)s, at least %(base_floor)s and at most %(base_ceiling)s"
    ),
    "due - assessed": _l("due as declared %(due)s − assessed %(assessed)s"),
    # Late fee
    "max(0, paid_date - due_date)": _l(
        "from the day after %(due_date)s to %(paid_date)s, %(day_count)s"
    ),
    "principal * daily_rate * days": _l("arrears %(principal)s × %(daily_rate)s a day × %(days)s"),
    "min(late_fee, principal)": _l("the lower of late fee %(late_fee)s and arrears %(principal)s"),
    # Deadlines
    "event + days": _l("%(days)s after %(event)s; the day itself is not counted"),
    "event + working_days": _l(
        "%(working_days)s (working days) after %(event)s; the day itself is not counted"
    ),
    "event + months": _l("%(months)s after %(event)s"),
    "first_working_day(last_day)": _l("%(last_day)s, or the next working day if it is a day off"),
    "weekends_only(year)": _l("in %(year)s only weekends are known as days off"),
    # Retirement
    "0": _l("born in %(birth_month)s, before %(first_birth_month)s: no delay"),
    "min(most_delay, months_since_first // per_step + 1)": _l(
        "born in %(birth_month)s: one month of delay for every %(per_step)s of birth from "
        "%(first_birth_month)s on, at most %(most_delay)s"
    ),
    "base_age + delay_months": _l("former age %(base_age)s + delay %(delay_months)s"),
    "birth_month + retirement_age": _l("birth month %(birth_month)s + age %(retirement_age)s"),
    "max(birth_month + base_age, retirement_month - elastic_earlier)": _l(
        "%(elastic_earlier)s before %(retirement_month)s, but not before the former age of "
        "%(base_age)s (born in %(birth_month)s)"
    ),
    "retirement_month + elastic_later": _l("%(elastic_later)s after %(retirement_month)s"),
    "table_4(year)": _l("table 4, pension starting in %(year)s"),
    # Pension
    "round((average_wage + average_wage * index) / 2 * years * accrual_rate)": _l(
        "(%(average_wage)s + %(average_wage)s × index %(index)s) ÷ 2 × %(years)s (years) × "
        "%(accrual_rate)s, %(rounding)s"
    ),
    "round((average_wage + average_wage * index) / 2 * months * accrual_rate)": _l(
        "(%(average_wage)s + %(average_wage)s × index %(index)s) ÷ 2 × %(months)s (months) × "
        "%(accrual_rate)s, %(rounding)s"
    ),
    "months_table(age)": _l("national table at age %(age)s, %(age_method)s"),
    "round(balance / payout_months)": _l(
        "account balance %(balance)s ÷ %(payout_months)s (months), %(rounding)s"
    ),
    "basic + account + transitional": _l(
        "basic %(basic)s + account %(account)s + transitional %(transitional)s"
    ),
    # Individual account
    "round(opening * rate)": _l("opening balance %(opening)s × %(rate)s, %(rounding)s"),
    "round(opening * rate * months / 12)": _l(
        "opening balance %(opening)s × %(rate)s × %(months)s ÷ 12, %(rounding)s"
    ),
    "sum(deposit * months)": _l(
        "each deposit times the months it lay in the account; deposits together %(deposits)s"
    ),
    "month_product * rate": _l("%(month_product)s × %(rate)s"),
    "round(exact / twelve)": _l("%(exact)s ÷ %(twelve)s, %(rounding)s"),
    "round(deposits * rate * yearly_factor / 2)": _l(
        "deposits %(deposits)s × %(rate)s × %(yearly_factor)s ÷ 2, %(rounding)s"
    ),
    "opening + opening_interest + deposits + deposit_interest": _l(
        "opening balance %(opening)s + its interest %(opening_interest)s + deposits %(deposits)s + "
        "their interest %(deposit_interest)s"
    ),
    # Certification
    "last_success + period_months": _l("%(period_months)s after %(last_success)s"),
    "month_after(suspend_if_none_by) + grace_months": _l(
        "the month after %(suspend_if_none_by)s, and %(grace_months)s of grace"
    ),
    # Unemployment benefit
    "table(months_contributed)": _l("%(months_contributed)s of contributions"),
    "min(most, earned_months + carried_months)": _l(
        "earned %(earned_months)s + left from before %(carried_months)s, at most %(most)s"
    ),
    # Numbers
    "digits_7_to_14": _l("digits 7 to 14 are %(digits)s"),
    "odd_or_even(digit_17)": _l("digit 17 is %(digit_17)s: odd is male, even is female"),
    "check_of(sum % 11)": _l("weighted sum %(sum)s, by the remainder of its division by 11"),
    "check_of(-sum % 11)": _l("weighted sum %(sum)s, what it lacks to a multiple of 11"),
    "check_of(-sum % 31)": _l("weighted sum %(sum)s, what it lacks to a multiple of 31"),
    # Fines
    "yuan": _l("fixed by the provision: %(yuan)s"),
    "amount * times": _l("%(amount)s × %(times)s"),
}

WORDS = {
    "half_up_fen": _l("rounded half up to the fen"),
    "half_up_jiao": _l("rounded half up to the jiao"),
    "up_jiao": _l("rounded up to the jiao"),
    "half_up_yuan": _l("rounded half up to the yuan"),
    "person": _l("each person"),
    "employer_total": _l("the employer’s total"),
    "through_payment": _l("the day of payment counts"),
    "before_payment": _l("the day of payment does not count"),
    "interpolation": _l("evenly between two birthdays"),
    "interpolation_tenth": _l("evenly between two birthdays, to a tenth"),
    "truncation": _l("by whole years"),
    "M": _l("male"),
    "F": _l("female"),
}

CONFIDENCE = {
    "official": _l("as the notice says"),
    "secondary": _l("as copies of the notice say"),
    "practice": _l("as agencies usually do"),
    "uncertain": _l("uncertain figure"),
    "demonstration": _l("demonstration figure"),
}

# Laws as the rules cite them: what stands before the article's number.
LAWS = {
    "SIL ": _l("Social Insurance Law"),
    "PIPL ": _l("Personal Information Protection Law"),
    "无障碍环境建设法 ": _l("Law on Building an Accessible Environment"),
    "OpReg ": _l("Regulations on Social Insurance Administration"),
    "Order 259 Article ": _l("Interim Regulations on Collecting Social Insurance Premiums"),
    "Order 20 Article ": _l("Rules on Declaring and Paying Social Insurance Premiums"),
    "社会保险费申报缴纳管理规定 ": _l("Rules on Declaring and Paying Social Insurance Premiums"),
    "民法典 ": _l("Civil Code"),
    "行政强制法 ": _l("Administrative Enforcement Law"),
    "税收征收管理法实施细则 ": _l("Implementing Rules of the Tax Collection Law"),
    "国务院关于渐进式延迟法定退休年龄的办法 ": _l(
        "State Council Measures on Raising the Retirement Age"
    ),
}
PRACTICE = _l("Practice of the agencies")
