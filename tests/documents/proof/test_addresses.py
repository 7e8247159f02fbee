"""A paper of the office leads to its page, and its keys are published: the public half alone."""

from siweb.documents.proof.base64url import decoded
from siweb.documents.proof.keys import read_keys
from siweb.documents.proof.office_key import proof_of
from siweb.documents.proof.statement import prove_statement


def test_a_paper_is_proved_with_the_keys_at_the_well_known_address(
    app, client, issue_statement, paper_of
):
    document = paper_of(issue_statement())
    with app.test_request_context():
        address, _, text = proof_of(document).qr_text.partition("#")

    answer = client.get("/.well-known/siweb-paper-keys.json")

    assert answer.mimetype == "application/json"
    assert prove_statement(decoded(text), read_keys(answer.json)).reference == document.reference
    assert address.endswith("/v")
    assert text not in client.get("/v").text
    assert {len(decoded(key["x"])) for key in answer.json["keys"]} == {32}
    assert app.config["PAPER_KEY"] not in answer.text
