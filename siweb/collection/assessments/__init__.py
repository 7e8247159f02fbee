"""Assessments: reports, cases, hearing, decision, notice, bill and settlement."""
