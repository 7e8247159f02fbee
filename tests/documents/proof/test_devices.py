"""A device signs in place of the office's own key, and what was signed before stays genuine."""

import pytest

from siweb.documents.proof.keys import SoftSigner
from siweb.documents.proof.office_key import proof_of
from siweb.documents.proof.paper_proof import paper_proof
from siweb.documents.proof.signers import office_signers
from siweb.documents.proving.prove_file import prove_file
from siweb.documents.typesetting.paper import render_paper
from siweb.settings import SettingError, Settings
from tests.office_secrets import SECRETS

PLACE = "tests.documents.proof.test_devices"


class Card:
    """A device of the office's own: it shows its public half, and signs inside."""

    def __init__(self):
        self._inside = SoftSigner("inside the card")
        self.public = self._inside.public
        self.key_id = self._inside.key_id

    @classmethod
    def from_settings(cls, _settings):
        return cls()

    def sign(self, data):
        return self._inside.sign(data)


class OtherKey(Card):
    """A card that shows a key with which it does not sign."""

    def __init__(self):
        super().__init__()
        self.public = SoftSigner("another").public
        self.key_id = self.public.key_id


class OtherName(Card):
    """A card that calls its key by another's name."""

    def __init__(self):
        super().__init__()
        self.key_id = SoftSigner("another").key_id


def test_a_card_signs_papers_and_the_keys_of_before_stay_published(
    app, client, issue, paper_of, monkeypatch
):
    document = paper_of(issue())
    signers = office_signers(Settings(**SECRETS, paper_signer=f"{PLACE}:Card"))
    (before,) = app.extensions["siweb_paper_signers"]
    monkeypatch.setitem(app.extensions, "siweb_paper_signers", signers)
    keys = [each["x"] for each in client.get("/.well-known/siweb-paper-keys.json").json["keys"]]
    with app.test_request_context():
        verify, code = "http://127.0.0.1:8000/verify", "34679ACDEF" * 2
        by_card = render_paper(document, "en", verify, code, proof_of(document))
        address = proof_of(document).qr_text.partition("#")[0]
        old = render_paper(document, "en", verify, code, paper_proof(document, before, address))

    assert keys[0] == Card().public.text
    assert len(keys) == len(signers) == 2
    for pdf in (by_card, old):
        found = prove_file(pdf, [signers[0].public, before.public])
        assert found.statement.reference == document.reference
    assert prove_file(by_card, [Card().public]).is_code_read


@pytest.mark.parametrize(
    ("named", "why"),
    [
        ("OtherKey", "does not sign with the key that it shows"),
        ("OtherName", "does not sign with the key that it shows"),
        ("NoSuchClass", "package.module:Class"),
        ("", "package.module:Class"),
    ],
)
def test_a_device_that_cannot_be_used_is_refused_at_the_start(named, why):
    with pytest.raises(SettingError, match=why):
        office_signers(Settings(**SECRETS, paper_signer=f"{PLACE}:{named}"))
