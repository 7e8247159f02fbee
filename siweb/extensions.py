"""Extension instances, made once and bound to the app by the factory."""

from flask_babel import Babel
from flask_login import LoginManager
from flask_wtf import CSRFProtect

babel = Babel()
csrf = CSRFProtect()
login_manager = LoginManager()
# The sign-in kept on the server says whether a cookie is still good; a phone that changes its
# network is the same phone.
login_manager.session_protection = None
