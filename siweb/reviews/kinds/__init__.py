"""The kinds of review: what each asks, and by which steps."""
