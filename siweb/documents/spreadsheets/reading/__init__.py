"""Spreadsheets that come in: what stands in their cells, whatever program saved them."""
