"""Receipts and certificates: PDF, verification code, public verification."""
