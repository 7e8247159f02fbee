"""Money that goes out: ordered by a decision of two people, filed for the bank, answered by it."""
