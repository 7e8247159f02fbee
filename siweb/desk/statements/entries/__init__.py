"""The pages of entries that wait for a person."""
