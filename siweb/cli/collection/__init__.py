"""Commands of collection: levy, payments, assessments, proving the books."""
