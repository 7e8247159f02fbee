"""Campaigns: the reviews of a year, opened for a region, and how far each has come."""
