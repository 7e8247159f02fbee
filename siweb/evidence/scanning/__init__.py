"""The virus scanner of the office, where it has one."""
