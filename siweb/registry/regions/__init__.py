"""Regions: the national list, and those that this office serves."""
