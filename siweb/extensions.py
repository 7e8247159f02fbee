"""Extension instances, made once and bound to the app by the factory."""

from flask_wtf import CSRFProtect

csrf = CSRFProtect()
