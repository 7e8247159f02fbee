"""The office for programs: filings as JSON, under tokens that an employer issues."""
