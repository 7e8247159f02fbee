"""Every record of a run, worked out again by base, terms and rule; every month of a benefit."""
