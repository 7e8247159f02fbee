"""Regions, agencies, persons, employers, employments and enrolments."""
