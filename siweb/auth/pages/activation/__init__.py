"""The page on which a code from the agency opens an account or sets a new password."""
