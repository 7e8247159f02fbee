"""A case that was sent: its page, words added to it, and how it is taken back."""
