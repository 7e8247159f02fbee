"""An authenticator in software: what a phone does with a passkey, and what a thief might try."""

import hashlib
import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

_PRESENT, _VERIFIED, _HAS_KEY = 1, 4, 64


def _text(data):
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def _bytes(text):
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


class SoftwarePasskey:
    """One key pair; it counts its uses, and asks its owner unless told otherwise."""

    def __init__(
        self, party="localhost", origin="http://localhost", *, name=b"a key", verifies=True
    ):
        self.party, self.origin, self.name = party, origin, name
        self.flags = _PRESENT | (_VERIFIED if verifies else 0)
        self.secret = ec.generate_private_key(ec.SECP256R1())
        self.count = 0

    def make(self, options):
        """Answer what asks for a new passkey."""
        point = self.secret.public_key().public_numbers()
        key = {1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32), -3: point.y.to_bytes(32)}
        made = bytes(16) + len(self.name).to_bytes(2) + self.name + cbor2.dumps(key)
        attested = {"fmt": "none", "attStmt": {}, "authData": self._data(_HAS_KEY) + made}
        client = self._client("webauthn.create", options)
        return self._answer(client, attestationObject=cbor2.dumps(attested))

    def use(self, options):
        """Answer what asks for a signature."""
        self.count += 1
        client, data = self._client("webauthn.get", options), self._data()
        signed = data + hashlib.sha256(client).digest()
        signature = self.secret.sign(signed, ec.ECDSA(SHA256()))
        return self._answer(client, authenticatorData=data, signature=signature)

    def _client(self, deed, options):
        return json.dumps(
            {"type": deed, "challenge": options["challenge"], "origin": self.origin}
        ).encode()

    def _data(self, more=0):
        party = hashlib.sha256(self.party.encode()).digest()
        return party + bytes([self.flags | more]) + self.count.to_bytes(4)

    def _answer(self, client, **parts):
        response = {"clientDataJSON": client, **parts}
        return json.dumps(
            {
                "id": _text(self.name), "rawId": _text(self.name), "type": "public-key",
                "response": {part: _text(value) for part, value in response.items()},
                "clientExtensionResults": {},
            }
        )  # fmt: skip


def options_at(browser, address):
    """What the office asks the device for."""
    answer = browser.post(address)
    assert answer.status_code == 200, answer.text
    return answer.json


def add_by_page(browser, passkey, password, name="my phone", given=""):
    """Add a passkey as its owner does; return the answer of the page."""
    made = passkey.make(options_at(browser, "/account/passkeys/challenge"))
    data = {"name": name, "password": password, "answer": made, "given": given}
    return browser.post("/account/passkeys/add", data=data)


def prove_by_page(browser, passkey):
    """Prove the second factor by a passkey; return the answer of the page."""
    used = passkey.use(options_at(browser, "/account/second-factor/passkey/challenge"))
    return browser.post("/account/second-factor/passkey", data={"answer": used})


def sign_in_by_page(browser, passkey):
    """Sign in by a passkey; return the answer of the page."""
    used = passkey.use(options_at(browser, "/sign-in/passkey/challenge"))
    return browser.post("/sign-in/passkey", data={"answer": used})


def passkeys_on(page):
    """The numbers of the passkeys on the page that lists them."""
    return re.findall(r"/account/passkeys/(\d+)/remove", page.text)
