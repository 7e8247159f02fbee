"""The chain over the activity log: lines are sealed in it after their transaction."""
