"""What employers handed in: filings, rows, answers of employees and programs."""
