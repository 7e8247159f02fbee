"""Every page of signing in, on one blueprint: their addresses have one name in front."""

from siweb.auth.blueprint import blueprint
from siweb.auth.pages.activation import views as _activation
from siweb.auth.pages.linked import views as _linked
from siweb.auth.pages.own_account import views as _own_account
from siweb.auth.pages.passkey_sign_in import views as _passkey_sign_in
from siweb.auth.pages.passkeys import views as _passkeys
from siweb.auth.pages.password import views as _password
from siweb.auth.pages.second_factor import views as _second_factor
from siweb.auth.pages.signing_in import views as _signing_in

assert all(
    (
        _activation,
        _linked,
        _own_account,
        _passkey_sign_in,
        _passkeys,
        _password,
        _second_factor,
        _signing_in,
    )
)
__all__ = ("blueprint",)
