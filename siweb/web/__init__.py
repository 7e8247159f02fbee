"""What every page shares: the request's session, locale, headers, static files, form fields."""
