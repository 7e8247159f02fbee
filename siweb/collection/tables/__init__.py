"""What collection keeps: levy runs, bills, payments, arrears, assessments."""
