"""The sign-in page, and what follows a sign-in: signing out, staying, the form that was kept."""
