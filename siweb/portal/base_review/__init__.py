"""The employers' yearly review: bases declared, and confirmed by the employees, by one last day.

It stands in the portal because no lower room knows campaigns and filings.
"""
