"""Who and what is registered: regions, agencies, persons, employers, enrolments."""
