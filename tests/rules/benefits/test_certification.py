from datetime import date

import pytest

from siweb.rules.benefits.certification import (
    CertificationPeriod,
    CertificationTerms,
    compute_certification,
    explain_certification,
)
from siweb.rules.errors import RuleError
from tests.rules.steps import as_text


@pytest.mark.parametrize(
    ("success", "terms", "by", "suspended"),
    [
        ("2023-01-01", CertificationTerms(12), "2024-01-01", "2024-02"),
        ("2023-12-05", CertificationTerms(12), "2024-12-05", "2025-01"),
        ("2024-02-29", CertificationTerms(12), "2025-02-28", "2025-03"),
        ("2025-08-31", CertificationTerms(6), "2026-02-28", "2026-03"),
        ("2025-08-31", CertificationTerms(1), "2025-09-30", "2025-10"),
        ("2023-12-05", CertificationTerms(12, 3), "2024-12-05", "2025-04"),
    ],
)
def test_the_rolling_period(success, terms, by, suspended):
    found = compute_certification(date.fromisoformat(success), terms)

    assert found == CertificationPeriod(date.fromisoformat(by), suspended)
    assert explain_certification(date.fromisoformat(success), terms).value == found


@pytest.mark.parametrize(
    ("terms", "code", "months"),
    [
        (CertificationTerms(0), "period_months", 0),
        (CertificationTerms(12, -1), "months_negative", -1),
    ],
)
def test_wrong_periods_are_refused(terms, code, months):
    with pytest.raises(RuleError) as refused:
        compute_certification(date(2025, 1, 1), terms)

    assert (refused.value.code, refused.value.facts) == (code, {"months": months})


def test_the_steps_of_a_certification():
    terms = CertificationTerms(12, 1, {"period_months": "period", "grace_months": "grace"})

    assert as_text(explain_certification(date(2023, 12, 5), terms)) == [
        (
            "suspend_if_none_by: last_success + period_months [last_success=2023-12-05, period_months=12]"
            " = 2024-12-05 | 人社厅发〔2018〕54号; 民法典 202 | period"
        ),
        (
            "suspended_from_month: month_after(suspend_if_none_by) + grace_months [grace_months=1,"
            " suspend_if_none_by=2024-12-05] = 2025-02 | 人社厅发〔2018〕54号 | grace"
        ),
    ]
