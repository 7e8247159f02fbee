"""Filings before they are sent: opened, imported, corrected, summed up."""
