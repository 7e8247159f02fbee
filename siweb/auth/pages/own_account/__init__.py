"""The account page and the list of open sign-ins."""
