"""Papers a second in worker processes: each made as its page makes it, signed, set and packed.

The papers have the shapes of a receipt, of a year's statement and of two years of contributions
month by month, in both languages, and no two say the same: what the typesetter remembers of one
helps the next as little as in an office.
"""

import multiprocessing
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from flask import url_for

from siweb.app import create_app
from siweb.bench.office import throwaway_office
from siweb.clock import now
from siweb.db.reference_code import new_reference
from siweb.documents.issue import content_hash
from siweb.documents.payload import (
    LOCALES,
    PaperTable,
    ReceiptPayload,
    Value,
    Words,
    receipt_payload,
    statement_payload,
)
from siweb.documents.proof.office_key import proof_of
from siweb.documents.proving.prove_file import prove_file
from siweb.documents.tables.document import Document, DocumentKind
from siweb.documents.typesetting.paper import render_paper
from siweb.documents.verification_code import verification_code
from siweb.web.addresses import public_address

_NAMES = ("欧阳娜娜", "王芳", "买买提·艾力", "李\u3402雷", "张伟", "Anna O’Hara")
_SECRET = "measured"
# Each process makes some before it is measured: a server that runs is warm.
_WARM = 6


class Papers(NamedTuple):
    """How many papers a second all processes made together, seconds of each, and their bytes."""

    processes: int
    papers: int
    seconds: float
    p50: float
    p95: float
    largest_bytes: int
    proved: int

    @property
    def rate(self) -> float:
        """Return the papers of a second."""
        return self.papers / self.seconds


def measure_papers(papers: int, processes: int, keep: Path | None = None) -> Papers:
    """Let so many processes make so many papers, all from the same moment on.

    In the folder `keep` some of them stay, for whoever wants to look at them.
    """
    context = multiprocessing.get_context("spawn")
    ready = context.Barrier(processes)
    each = -(-papers // processes)
    with context.Pool(processes, _begin, (ready,)) as pool:
        shares = [(place, each, keep) for place in range(processes)]
        found = pool.starmap(_make, shares, chunksize=1)
    times = sorted(seconds for share in found for seconds in share[2])
    return Papers(
        processes,
        len(times),
        # From the moment when all began to that when the last one had ended.
        max(share[1] for share in found) - min(share[0] for share in found),
        times[len(times) // 2],
        times[len(times) * 95 // 100],
        max(share[3] for share in found),
        sum(share[4] for share in found),
    )


_ready: Any = None


def _begin(ready: Any) -> None:
    """Keep what the processes wait for each other with."""
    global _ready  # noqa: PLW0603 - a process of the pool has nothing else to keep it in
    _ready = ready


def _make(place: int, number: int, keep: Path | None) -> tuple[float, float, list[float], int, int]:
    """Make papers in one process: when it began and ended, seconds of each, bytes, how many prove.

    A process takes one share alone, since all wait for each other before they begin.
    """
    with throwaway_office() as settings:
        app = create_app(settings)
        with app.test_request_context():
            for index in range(_WARM):
                _paper(10_000_000 + index)
            _ready.wait()
            began, times, made = time.monotonic(), [], []
            for index in range(number):
                started = time.monotonic()
                made.append(_paper(place * 1_000_000 + index))
                times.append(time.monotonic() - started)
            ended = time.monotonic()
            keys = [signer.public for signer in app.extensions["siweb_paper_signers"]]
            for index, pdf in enumerate(made[:_WARM] if keep else ()):
                (keep / f"paper-{place}-{index}.pdf").write_bytes(pdf)  # type: ignore[operator]
            # Some are read again: a fast paper that proves nothing would be no paper.
            proved = sum(prove_file(pdf, keys).is_code_read for pdf in made[:_WARM])
    return began, ended, times, max(map(len, made)), proved


def _paper(index: int) -> bytes:
    document = _document(index)
    code = verification_code(_SECRET, document.reference)
    address = public_address(url_for("documents.show_verify"))
    return render_paper(document, LOCALES[index % 2], address, code, proof_of(document))


def _document(index: int) -> Document:
    kind, payload = _contents(index)
    frozen: dict[str, Any] = {**payload, "region": {"zh_Hans": "示范市", "en": "Shifan"}}
    return Document(
        reference=new_reference(),
        kind=kind,
        subject_kind="measured",
        subject_id=str(index),
        version=1,
        region_code="310000",
        payload=frozen,
        content_hash=content_hash(frozen),
        issued_at=now(),
        valid_until_on=None,
    )


def _contents(index: int) -> tuple[DocumentKind, ReceiptPayload]:
    receipt = _receipt(index)
    if index % 3 == 0:
        return DocumentKind.REVIEW_RECEIPT, receipt
    months = 12 if index % 3 == 1 else 24
    kind = DocumentKind.RIGHTS_RECORD if months == 12 else DocumentKind.CONTRIBUTION_CERTIFICATE
    return kind, statement_payload(receipt, tables=[_table(index, months)], notes=[_words("说明")])


def _receipt(index: int) -> ReceiptPayload:
    return receipt_payload(
        name=_NAMES[index % len(_NAMES)],
        id_number=f"31010119850305{index % 10_000:04d}",
        matter=_words("二〇二六年"),
        outcome=_words("通过"),
        outcome_code="passed",
        decided_on=date(2026, 11, 24),
        facts=[(_words(f"第{place}项"), {"fen": index * 7 + place}) for place in range(5)],
    )


def _table(index: int, months: int) -> PaperTable:
    return PaperTable(
        title=_words("逐月明细"),
        columns=[_words(name) for name in ("月份", "单位", "险种", "基数", "单位缴费", "个人缴费")],
        rows=[list(_row(index + month, month)) for month in range(months)],
        numbers=[3, 4, 5],
    )


def _row(index: int, month: int) -> Iterator[Value]:
    yield {"month": f"{2025 + month // 12}-{month % 12 + 1:02d}"}
    yield f"第{index % 1000}软件有限公司"
    yield _words("养老、医疗、失业、工伤、生育")
    yield from ({"amount": index * 13 + place} for place in range(3))


def _words(text: str) -> Words:
    return {"zh_Hans": text, "en": f"{text} in English"}
