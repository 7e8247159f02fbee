"""Security headers of every answer."""

from flask import Flask, Response

POLICY = (
    "default-src 'none'; "
    "script-src 'self'; "
    "style-src 'self'; "
    # `data:` for QR codes, which pages draw themselves.
    "img-src 'self' data:; "
    "font-src 'self'; "
    "connect-src 'self'; "
    "manifest-src 'self'; "
    "form-action 'self'; "
    "base-uri 'none'; "
    "frame-ancestors 'none'"
)
ALWAYS = (
    ("Content-Security-Policy", POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), microphone=(), geolocation=()"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    # Pages about a person are never kept by a cache.
    ("Cache-Control", "no-store"),
)
VARY = "HX-Request, Cookie"
OVER_HTTPS = ("Strict-Transport-Security", "max-age=31536000; includeSubDomains")


def install(app: Flask) -> None:
    """Add the headers to every answer of the app, where a view has not set its own."""
    fixed = (*ALWAYS, OVER_HTTPS) if app.config["HTTPS"] else ALWAYS
    by_key = {name.lower(): (name, value) for name, value in fixed}

    def add_headers(response: Response) -> Response:
        headers = response.headers
        own = {name.lower() for name, _ in headers}
        headers.extend([pair for key, pair in by_key.items() if key not in own])
        # One address has a page, a piece of it, and another one for each visitor.
        headers.add("Vary", VARY)
        return response

    app.after_request(add_headers)
