"""Programs of other offices: which may hand in lists, given by two and ended by one."""
