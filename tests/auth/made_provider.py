"""A provider of sign-ins (OpenID Connect) in memory: what one does, and what a false one might."""

import base64
import hashlib
import json
from urllib.parse import parse_qs, unquote_plus, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

from siweb.auth.credentials.linked.fetch import ProviderFault
from tests.conftest import NOW

ISSUER = "https://id.example.org"


class MadeProvider:
    """One key, one client; codes are good once and for their verifier."""

    def __init__(self, client="siweb", secret="s 1"):
        self.client, self.secret = client, secret
        self.key = ECKey.generate_key("P-256", {"kid": "1", "use": "sig"})
        # What its keys say, which may be older than the one that signs.
        self.published = self.key
        self.subject = "subject of 王芳".encode().hex()
        self.codes, self.asked = {}, []
        # What a token says instead of what it should, and how it is signed.
        self.claims, self.header, self.described = {}, {"alg": "ES256", "kid": "1"}, {}
        self.is_silent = False

    def sign_in(self, address):
        """Somebody signs in at the provider: the address with which it sends the browser back."""
        query = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert query["response_type"] == "code"
        assert query["scope"] == "openid"
        assert query["code_challenge_method"] == "S256"
        code = f"code {len(self.codes)}"
        self.codes[code] = query
        back = urlencode({"code": code, "state": query["state"]})
        return f"{urlsplit(query['redirect_uri']).path}?{back}"

    def answer(self, method, address, headers, body):
        """Answer what the office asks; the same as its `fetch`."""
        self.asked.append(address)
        if self.is_silent:
            raise self.is_silent
        path = address.removeprefix(ISSUER)
        if path == "/.well-known/openid-configuration":
            return {
                "issuer": ISSUER,
                "authorization_endpoint": f"{ISSUER}/authorize",
                "token_endpoint": f"{ISSUER}/token",
                "jwks_uri": f"{ISSUER}/keys",
                **self.described,
            }
        if path == "/keys":
            return KeySet([self.published]).as_dict(private=False)
        assert (method, path) == ("POST", "/token")
        return self._token(headers, {k: v[0] for k, v in parse_qs(body.decode()).items()})

    def _token(self, headers, sent):
        given = base64.b64decode(headers["Authorization"].removeprefix("Basic ")).decode()
        assert [unquote_plus(part) for part in given.split(":")] == [self.client, self.secret]
        asked = self.codes.pop(sent["code"], None)
        digest = hashlib.sha256(sent["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if asked is None or asked["code_challenge"] != challenge:
            raise ProviderFault("invalid_grant")
        assert sent["redirect_uri"] == asked["redirect_uri"]
        now = int(NOW.timestamp())
        claims = {
            "iss": ISSUER, "aud": self.client, "sub": self.subject, "nonce": asked["nonce"],
            "iat": now, "exp": now + 300, **self.claims,
        }  # fmt: skip
        claims = {name: value for name, value in claims.items() if value is not None}
        return {"access_token": "unused", "token_type": "Bearer", "id_token": self._signed(claims)}

    def _signed(self, claims):
        if self.header["alg"] == "none":
            parts = (json.dumps({"alg": "none"}), json.dumps(claims))
            encoded = [base64.urlsafe_b64encode(p.encode()).rstrip(b"=").decode() for p in parts]
            return ".".join((*encoded, ""))
        return jwt.encode(self.header, claims, self.key, algorithms=[self.header["alg"]])
