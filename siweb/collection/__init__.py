"""Levy runs, bills, payments, late fees, assessments and adjustments."""
