"""What an employer tells each employee every month (SIL 60): what was declared and paid."""
