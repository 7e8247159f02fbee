"""The notes on a case: beside its own page, and as a page of their own."""
