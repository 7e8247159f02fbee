"""Commands that open an office and keep its regions, agencies, staff and campaigns."""
