"""What a browser carries and is told: signed cookies, the token of its forms, the headers."""
