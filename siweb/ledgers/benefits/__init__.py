"""Benefits month by month: what was held back, what is paid back, what was paid too much."""
