"""Requests are signed as AWS's own worked examples are (Signature Version 4, Amazon S3)."""

import hashlib
from datetime import UTC, datetime

import pytest

from siweb.files.signature import AccessKey, amz_date, authorization, query_of

AT = datetime(2013, 5, 24, tzinfo=UTC)
# The example's own, published: it opens nothing.
KEY = AccessKey("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")


@pytest.mark.parametrize(
    ("path", "asked", "more", "signature"),
    [
        (
            "/test.txt",
            {},
            {"range": "bytes=0-9"},
            "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
        ),
        (
            "/",
            {"prefix": "J", "max-keys": "2"},
            {},
            "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
        ),
    ],
)
def test_a_request_has_the_signature_of_the_published_example(path, asked, more, signature):
    headers = more | {
        "host": "examplebucket.s3.amazonaws.com",
        "x-amz-content-sha256": hashlib.sha256().hexdigest(),
        "x-amz-date": amz_date(AT),
    }

    proof = authorization(KEY, "GET", path, query_of(asked), headers, at=AT)

    assert proof.endswith(f",Signature={signature}")
    assert "wJalr" not in repr(KEY)
