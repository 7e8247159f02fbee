"""Employers (用人单位): registered, changed, cancelled; the industries they belong to."""
