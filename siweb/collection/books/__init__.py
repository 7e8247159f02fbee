"""Prove the books: bills, payments, records, accounts and funds agree to the fen."""
