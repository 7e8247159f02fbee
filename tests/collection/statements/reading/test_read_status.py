"""What a bank says of a payment file is read as it stands there (pain.002, camt.054)."""

import io
from datetime import date

import pytest

from siweb.collection.statements.reading.entry import StatementRefused
from siweb.collection.statements.reading.read_status import (
    RETURNED,
    StatusReport,
    TransactionStatus,
    read_status,
)

SPACE = 'xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.03"'


def read(inner, root="CstmrPmtStsRpt", space=SPACE):
    text = f"<Document {space}><{root}>{inner}</{root}></Document>"
    return read_status(io.BytesIO(text.encode()))


def element(name, inner):
    return f"<{name}>{inner}</{name}>"


def why(code="", proprietary="", more=""):
    reasons = element("Rsn", element("Cd", code) + element("Prtry", proprietary))
    return element("StsRsnInf", reasons + element("AddtlInf", more))


def test_what_is_said_of_all_comes_before_what_is_said_of_one():
    report = read(
        element("OrgnlGrpInfAndSts", element("OrgnlMsgId", " F1 ") + element("GrpSts", "ACSP"))
        + element(
            "OrgnlPmtInfAndSts",
            element("PmtInfSts", "RJCT")
            + why("AC04", "", "closed")
            + element(
                "TxInfAndSts", element("OrgnlEndToEndId", "x" * 40) + element("TxSts", "ACSC")
            )
            + element("TxInfAndSts", element("TxSts", "ACSC"))
            + element("TxInfAndSts", element("OrgnlEndToEndId", "b") + element("TxSts", "PDNG")),
        )
    )

    assert report == StatusReport(
        "F1",
        (
            TransactionStatus("", "RJCT", "AC04 closed"),
            TransactionStatus("x" * 35, "ACSC", ""),
            TransactionStatus("b", "PDNG", ""),
        ),
    )


@pytest.mark.parametrize(
    ("code", "is_said"),
    [("RJCT", True), ("ACSC", True), ("ACCC", True), ("ACSP", False), ("", False)],
)
def test_only_what_ends_a_file_is_said_of_all_of_it(code, is_said):
    report = read(element("OrgnlGrpInfAndSts", element("GrpSts", code)))
    assert [each.code for each in report.statuses] == ([code] if is_said else [])


def test_a_reason_is_as_long_as_two_hundred_characters():
    status = element("GrpSts", "RJCT")
    assert (
        read(element("OrgnlGrpInfAndSts", status + why("", "X", "y" * 300))).statuses[0].reason
        == "X " + "y" * 198
    )


def entry(details="", *, state="<Cd>BOOK</Cd>", more="", amount="7.50", day="2026-11-20"):
    return element(
        "Ntfctn",
        element(
            "Ntry",
            f'<Amt Ccy="CNY">{amount}</Amt><CdtDbtInd>DBIT</CdtDbtInd>'
            f"<Sts>{state}</Sts><BookgDt><Dt>{day}</Dt></BookgDt>{more}"
            f"<NtryDtls>{details}</NtryDtls>",
        ),
    )


def detail(name="a", *, amount="", direction="", more=""):
    said = element("CdtDbtInd", direction) if direction else ""
    return element("TxDtls", element("Refs", element("EndToEndId", name)) + amount + said + more)


def booked(inner):
    return list(read(inner, "BkToCstmrDbtCdtNtfctn").statuses)


DAY = date(2026, 11, 20)
RETURN = element("RtrInf", element("Rsn", element("Cd", "AC04")) + element("AddtlInf", "销户"))


@pytest.mark.parametrize(
    ("inner", "found"),
    [
        (entry(detail()), [("a", "ACSC", "", 750, DAY)]),
        (entry(detail("n" * 40)), [("n" * 35, "ACSC", "", 750, DAY)]),
        (entry(detail(""), state="BOOK"), []),
        (entry(detail(), state="BOOK"), [("a", "ACSC", "", 750, DAY)]),
        (entry(detail(), state="<Cd>PDNG</Cd>"), []),
        (entry(detail(direction="CRDT")), []),
        (entry(detail(direction="CRDT", more=RETURN)),
         [("a", RETURNED, "AC04 销户", 750, DAY)]),
        (entry(detail(direction="CRDT", more="<RtrInf></RtrInf>")),
         [("a", RETURNED, RETURNED, 750, DAY)]),
        (entry(detail(direction="CRDT", more="<AddtlTxInf>退汇</AddtlTxInf>")),
         [("a", RETURNED, "退汇", 750, DAY)]),
        (entry(detail(direction="CRDT", more="<RmtInf><Ustrd>returned</Ustrd></RmtInf>")),
         [("a", RETURNED, "returned", 750, DAY)]),
        (entry(detail(direction="CRDT"), more="<AddtlNtryInf>退票</AddtlNtryInf>"),
         [("a", RETURNED, "退票", 750, DAY)]),
        # What went out is paid, whatever else its words say.
        (entry(detail(more=RETURN)), [("a", "ACSC", "AC04 销户", 750, DAY)]),
        # Of several, the sum of the entry is none of theirs.
        (entry(detail() + detail("b", amount='<Amt Ccy="CNY">2.50</Amt>')),
         [("a", "ACSC", "", None, DAY), ("b", "ACSC", "", 250, DAY)]),
        (entry(detail(amount="<AmtDtls><TxAmt><Amt> 1.00 </Amt></TxAmt></AmtDtls>")),
         [("a", "ACSC", "", 100, DAY)]),
        (entry(detail(amount='<Amt Ccy="USD">1.00</Amt>')), [("a", "ACSC", "", 750, DAY)]),
        (entry(detail(amount='<Amt Ccy="RMB">1.00</Amt>')), [("a", "ACSC", "", 100, DAY)]),
        (entry(detail(), day="2026-11-20+08:00"), [("a", "ACSC", "", 750, DAY)]),
        (entry(detail(), amount="much"), [("a", "ACSC", "", None, DAY)]),
        (entry(detail(), day="soon"), [("a", "ACSC", "", 750, None)]),
    ],
)  # fmt: skip
def test_what_a_bank_booked_is_read_as_it_stands_there(inner, found):
    assert [tuple(vars_of(each)) for each in booked(inner)] == found


def vars_of(status):
    return status.end_to_end, status.code, status.reason, status.amount_fen, status.on


@pytest.mark.parametrize(
    ("instant", "day"),
    # Of the office: in UTC it is still the day before until eight in the morning.
    [("2026-11-21T23:00:00", 21), ("2026-11-21T23:00:00Z", 22), ("2026-11-22T01:00:00+09:00", 22)],
)
def test_the_day_of_an_entry_may_be_an_instant(instant, day):
    text = entry(detail()).replace("<Dt>2026-11-20</Dt>", f"<DtTm>{instant}</DtTm>")
    assert booked(text)[0].on == date(2026, 11, day)


@pytest.mark.parametrize(
    "content",
    [
        b"", b"no xml", b"<Document/>", b"<Document><CstmrPmtStsRpt></Document>",
        b'<!DOCTYPE a [<!ENTITY b "c">]><Document><CstmrPmtStsRpt/></Document>',
        b"<CstmrPmtStsRpt>" + b"<a>" * 40 + b"</a>" * 40 + b"</CstmrPmtStsRpt>",
    ],
    ids=["empty", "text", "other", "broken", "doctype", "deep"],
)  # fmt: skip
def test_what_is_no_answer_is_refused(content):
    with pytest.raises(StatementRefused, match="not_status"):
        read_status(io.BytesIO(content))


def test_an_answer_may_be_as_deep_as_forty_and_have_white_space_before_it():
    deepest = b"\n <CstmrPmtStsRpt>" + b"<a>" * 39 + b"</a>" * 39 + b"</CstmrPmtStsRpt>"
    assert read_status(io.BytesIO(deepest)) == StatusReport("", ())


def test_elements_of_another_namespace_are_none_of_the_answer():
    group = '<OrgnlGrpInfAndSts xmlns="x"><GrpSts>RJCT</GrpSts></OrgnlGrpInfAndSts>'
    assert read(group).statuses == ()
    # Of two answers in one file the first is read.
    twice = f"<D {SPACE}><CstmrPmtStsRpt/><CstmrPmtStsRpt>{element('GrpSts', 'RJCT')}"
    assert read_status(io.BytesIO(f"{twice}</CstmrPmtStsRpt></D>".encode())).statuses == ()
