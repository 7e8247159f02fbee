"""A small object store that speaks S3, on a port of its own: it proves each request itself."""

import hashlib
import hmac
import re
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

NAME, SECRET, REGION, BUCKET = "office-key", "office-secret", "cn-east", "/office"
# So few, that a list has several pages.
PAGE = 2
_PROOF = re.compile(
    r"AWS4-HMAC-SHA256 Credential=([^/]+)/(\d{8})/([^/]+)/s3/aws4_request,"
    r" ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})"
)


class ObjectStore(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Answer)
        self.objects, self.is_full = {}, False


class _Answer(BaseHTTPRequestHandler):
    server: ObjectStore

    def _asked(self):
        parts = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if not self._is_proved(parts, body):
            return self._say(403)
        if parts.path != BUCKET and not parts.path.startswith(f"{BUCKET}/"):
            return self._say(404)
        name = parts.path.removeprefix(BUCKET).removeprefix("/")
        if not name:
            return self._list(dict(parse_qsl(parts.query)))
        objects = self.server.objects
        if self.command == "PUT" and self.server.is_full:
            return self._say(507)
        if self.command == "PUT":
            objects[name] = body
        if self.command == "DELETE":
            objects.pop(name, None)
        found = objects.get(name, b"") if self.command == "GET" else b""
        status = 204 if self.command == "DELETE" else 200 if name in objects else 404
        return self._say(status, found)

    do_GET = do_PUT = do_DELETE = _asked  # noqa: N815 - http.server's names

    def _list(self, asked):
        after = asked.get("continuation-token", "")
        names = [
            name
            for name in sorted(self.server.objects)
            if name.startswith(asked.get("prefix", "")) and name > after
        ]
        text = "".join(f"<Contents><Key>{name}</Key></Contents>" for name in names[:PAGE])
        if len(names) > PAGE:
            text += f"<NextContinuationToken>{names[PAGE - 1]}</NextContinuationToken>"
        return self._say(200, f"<ListBucketResult>{text}</ListBucketResult>".encode())

    def _is_proved(self, parts, body):
        found = _PROOF.fullmatch(self.headers.get("Authorization") or "")
        digest = hashlib.sha256(body).hexdigest()
        if not found or self.headers.get("x-amz-content-sha256") != digest:
            return False
        name, day, region, signed, proof = found.groups()
        headers = "".join(f"{header}:{self.headers[header]}\n" for header in signed.split(";"))
        text = f"{self.command}\n{parts.path}\n{parts.query}\n{headers}\n{signed}\n{digest}"
        moment, scope = self.headers["x-amz-date"], f"{day}/{region}/s3/aws4_request"
        whole = f"AWS4-HMAC-SHA256\n{moment}\n{scope}\n{hashlib.sha256(text.encode()).hexdigest()}"
        key = f"AWS4{SECRET}".encode()
        for part in (day, region, "s3", "aws4_request", whole):
            key = hmac.new(key, part.encode(), hashlib.sha256).digest()
        return (name, region, proof) == (NAME, REGION, key.hex()) and moment.startswith(day)

    def _say(self, status, content=b""):
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        """Print nothing between the tests."""


@contextmanager
def serving():
    """Give an object store that answers while the block lasts."""
    with ObjectStore() as store:
        thread = threading.Thread(target=store.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield store
        finally:
            store.shutdown()
            thread.join()


def bucket_settings(store):
    """Return the settings by which an office finds it."""
    return {
        "files_bucket": f"http://127.0.0.1:{store.server_port}{BUCKET}",
        "files_bucket_region": REGION,
        "files_bucket_key": NAME,
        "files_bucket_secret": SECRET,
    }
