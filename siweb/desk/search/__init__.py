"""One search for everything at the desk: people, employers, bills, payments, cases, papers."""
