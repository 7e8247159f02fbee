"""The provider that people may sign in at besides: believed for what it signed, for this office.

OpenID Connect Core 1.0, the authorization code flow, with PKCE (RFC 7636). What a browser brings
back is a code alone; who it stands for is asked of the provider itself, and its answer proved.
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import Any
from urllib.parse import quote_plus, urlencode, urlsplit

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from siweb.auth.credentials.linked.fetch import Fetch, ProviderFault, ProviderSilent, fetch_json
from siweb.settings import Settings

# Under which name the office has it; None without one.
PROVIDER = "siweb_provider"
# Only what the provider alone can sign: with a shared secret this office could as well, and "none"
# is no signature.
_ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA", "Ed25519")
# A provider's clock may be a little off (Core, 3.1.3.7).
_LEEWAY = 60
# Addresses and keys change seldom; a provider that fails is left alone for a moment, since every
# visitor's page would wait for it.
_KEPT = timedelta(hours=1)
_LEFT_ALONE = timedelta(seconds=30)
# Core, 2: a subject has at most 255 characters of ASCII.
_LONGEST_SUBJECT = 255


@dataclass(frozen=True, slots=True)
class Attempt:
    """What one attempt is held together by: three secrets that nobody can guess."""

    # Comes back with the browser, which proves that it is the one that went.
    state: str
    # Comes back in what the provider signs, which proves that it was asked for this attempt.
    nonce: str
    # Goes to the provider beside the code: whoever only sees the code cannot use it.
    verifier: str


class Provider:
    """A provider by its settings; `fetch` asks it."""

    def __init__(
        self, issuer: str, client: str, secret: str, name: str, *, fetch: Fetch = fetch_json
    ) -> None:
        self.issuer, self.client, self.name = issuer, client, name
        self._secret, self._fetch = secret, fetch
        self._kept: dict[str, tuple[datetime, dict[str, Any]]] = {}
        self._failed_at: datetime | None = None
        self._lock = Lock()

    @classmethod
    def of(cls, settings: Settings) -> "Provider | None":
        """Return the provider of an office, None where it has none."""
        if not settings.oidc_issuer:
            return None
        return cls(
            settings.oidc_issuer, settings.oidc_client, settings.oidc_secret, settings.oidc_name
        )

    def way_there(self, attempt: Attempt, back: str, *, at: datetime) -> str:
        """Return where the browser goes, to be sent back with a code.

        :raises ProviderFault: when the provider cannot be asked.
        """
        digest = hashlib.sha256(attempt.verifier.encode()).digest()
        query = {
            "response_type": "code",
            "client_id": self.client,
            "redirect_uri": back,
            # No name and no address: nothing of them would link anybody.
            "scope": "openid",
            "state": attempt.state,
            "nonce": attempt.nonce,
            "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
        }
        address = self._endpoint("authorization_endpoint", at)
        return f"{address}{'&' if urlsplit(address).query else '?'}{urlencode(query)}"

    def subject(self, attempt: Attempt, code: str, back: str, *, at: datetime) -> str:
        """Return who a code stands for: a name that the provider gives nobody else.

        :raises ProviderFault: when it says nothing, or what is not signed for this attempt.
        """
        body = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": back,
            "code_verifier": attempt.verifier,
        }
        # RFC 6749, 2.3.1: each is written as in a form before both are joined.
        pair = f"{quote_plus(self.client)}:{quote_plus(self._secret)}".encode()
        headers = {
            "Authorization": f"Basic {base64.b64encode(pair).decode()}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        address = self._endpoint("token_endpoint", at)
        answer = self._ask("POST", address, headers, urlencode(body).encode(), at)
        token = answer.get("id_token")
        if not isinstance(token, str):
            raise ProviderFault("no ID token came with the code")
        return self._proved(token, attempt.nonce, at)

    def _proved(self, token: str, nonce: str, at: datetime) -> str:
        claims = self._signed(token, at)
        registry = jwt.JWTClaimsRegistry(
            now=int(at.timestamp()),
            leeway=_LEEWAY,
            iss={"essential": True, "value": self.issuer},
            aud={"essential": True, "value": self.client},
            exp={"essential": True},
            iat={"essential": True},
            sub={"essential": True},
        )
        try:
            registry.validate(claims)
        except JoseError as error:
            raise ProviderFault(f"the ID token is not for us: {error}") from error
        given, subject = claims.get("nonce"), claims["sub"]
        if not isinstance(given, str) or not hmac.compare_digest(given.encode(), nonce.encode()):
            raise ProviderFault("the ID token is another attempt's")
        # A token for several says for whom it was made (OpenID Connect Core, 3.1.3.7).
        if claims.get("azp", self.client) != self.client:
            raise ProviderFault("the ID token was made for another client")
        # Whoever signs may sign a number as well: that is no subject (Core, 2).
        if not isinstance(subject, str) or not 0 < len(subject) <= _LONGEST_SUBJECT:
            raise ProviderFault("the ID token names nobody")
        return subject

    def _signed(self, token: str, at: datetime) -> dict[str, Any]:
        address = self._endpoint("jwks_uri", at)
        try:
            return self._decoded(token, self._cached(address, at))
        except ProviderFault:
            # Its keys may be new since they were asked for.
            return self._decoded(token, self._asked(address, at))

    def _decoded(self, token: str, keys: Any) -> dict[str, Any]:
        try:
            return jwt.decode(token, KeySet.import_key_set(keys), _ALGORITHMS).claims
        # A token's parts are JSON, which may be nested deeper than it can be read.
        except (JoseError, ValueError, KeyError, TypeError, RecursionError) as error:
            raise ProviderFault(f"the ID token is not signed by the provider: {error}") from error

    def _endpoint(self, name: str, at: datetime) -> str:
        place = f"{self.issuer.rstrip('/')}/.well-known/openid-configuration"
        described = self._cached(place, at)
        # Discovery 1.0, 4.3: another's description would send people and codes to another.
        if described.get("issuer") != self.issuer:
            raise ProviderFault("the provider describes itself under another name")
        address = described.get(name)
        if not isinstance(address, str) or urlsplit(address).scheme != "https":
            raise ProviderFault(f"the provider names no {name} of HTTPS")
        return address

    def _cached(self, address: str, at: datetime) -> dict[str, Any]:
        with self._lock:
            kept = self._kept.get(address)
        if kept is not None and at - kept[0] < _KEPT:
            return kept[1]
        return self._asked(address, at)

    def _asked(self, address: str, at: datetime) -> dict[str, Any]:
        # Outside the lock: a slow provider must not stop those who need only what is kept.
        found = self._ask("GET", address, {}, None, at)
        with self._lock:
            self._kept[address] = at, found
        return found

    def _ask(
        self,
        method: str,
        address: str,
        headers: Mapping[str, str],
        body: bytes | None,
        at: datetime,
    ) -> dict[str, Any]:
        if self._failed_at is not None and at - self._failed_at < _LEFT_ALONE:
            raise ProviderFault("the provider did not answer a moment ago")
        try:
            return self._fetch(method, address, headers, body)
        except ProviderSilent:
            self._failed_at = at
            raise
