"""Public calculators under each region: a question, its result, and how it was worked out."""
