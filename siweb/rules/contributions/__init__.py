"""Premiums, late fees, assessments and fines."""
