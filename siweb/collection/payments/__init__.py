"""Money that came in: recorded, matched, allocated, credited, taken back."""
