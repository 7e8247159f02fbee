"""The access log: who was shown whose data, in which function and why."""
