"""A key of the tests' own, and what it proves."""

from siweb.documents.proof.keys import SoftSigner
from siweb.documents.proof.paper_proof import PaperProof, paper_proof

SIGNER = SoftSigner("a key for tests")
ADDRESS = "https://si.example.cn/v"


def proof_for(document) -> PaperProof:
    """Return the proof of a document under the tests' key."""
    return paper_proof(document, SIGNER, ADDRESS)
