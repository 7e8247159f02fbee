"""What a levy would bill, and what it bills beside the month before."""
