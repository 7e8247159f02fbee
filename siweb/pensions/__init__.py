"""Pension applications (养老金申领): who may apply, what it comes to, how it is decided."""
