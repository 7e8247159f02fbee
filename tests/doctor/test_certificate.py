"""How long the certificate at the public address is good, asked of a server that speaks TLS."""

import socket
import ssl
import threading
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from siweb.doctor.certificate import certificate_end, certificate_findings
from siweb.settings import Settings
from tests.cli.operation.test_server import free_port
from tests.conftest import NOW

# It ended long ago: to be told how long, it must be read all the same.
END = datetime(2020, 2, 29, 12, tzinfo=UTC)


@pytest.fixture
def port(tmp_path):
    """Where somebody answers with a certificate that nobody signed."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "elsewhere")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(END - timedelta(days=90))
        .not_valid_after(END)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    file = tmp_path / "both.pem"
    file.write_bytes(
        made.public_bytes(pem)
        + key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    listening = socket.create_server(("127.0.0.1", 0))

    def answer():
        connection, _from = listening.accept()
        with context.wrap_socket(connection, server_side=True) as secured:
            secured.recv(1)

    thread = threading.Thread(target=answer)
    thread.start()
    yield listening.getsockname()[1]
    thread.join()
    listening.close()


def test_its_end_is_read_from_the_server(port):
    assert certificate_end("127.0.0.1", port) == END


def test_without_anybody_there_it_is_told_how_to_look(tmp_path):
    port = free_port()
    settings = Settings(public_url=f"https://127.0.0.1:{port}")

    (found,) = certificate_findings(settings, NOW)

    assert found.in_words() == (
        "certificate",
        "127.0.0.1 did not answer this machine",
        f"look from another one: openssl s_client -connect 127.0.0.1:{port}",
    )


@pytest.mark.parametrize("address", ["", "http://127.0.0.1:8000"])
def test_without_tls_there_is_none(address):
    assert list(certificate_findings(Settings(public_url=address), NOW)) == []
