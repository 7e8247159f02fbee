"""Agencies: who runs which insurances of a region, where, and when its counters are open."""
