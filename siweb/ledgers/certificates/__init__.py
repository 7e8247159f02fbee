"""Certificates that people ask for themselves: free, and ready at once (SIL 74)."""
