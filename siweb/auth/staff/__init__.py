"""Who of the staff may do what, and where: functions, agencies, two people."""
