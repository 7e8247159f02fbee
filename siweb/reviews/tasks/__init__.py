"""Tasks: what the office has to do after a decision, and how it ends."""
