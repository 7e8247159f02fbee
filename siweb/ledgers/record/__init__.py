"""A person's contribution record as it is read: months, years, statements."""
