"""Signing in and staying signed in: sessions, the browser, forms that met an ended sign-in."""
