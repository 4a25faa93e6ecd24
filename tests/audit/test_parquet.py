"""Tables of recorded calls: as good as the same records in lines, and a clear sentence for what cannot be read."""

from __future__ import annotations

import io
import json
import sys
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from auditing import WRONG, Audited, calls
from shop import cancel, capture, initiate

from vipps_lint.audit import Intake, audit
from vipps_lint.catalog import Catalog
from vipps_lint.read.fields import Fields
from vipps_lint.report import Report
from vipps_lint.report.json import document

RECORDS = [initiate(number=WRONG), capture(), cancel(), initiate(None, "socks-2")]
SAID = [("mobile-number-not-national", 1), ("cancel-without-release", 3)]


def table(rows: list[dict[str, Any]], schema: pa.Schema | None = None, **options: Any) -> bytes:
    written = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows, schema=schema), written, **options)
    return written.getvalue()


def as_text(record: dict[str, Any]) -> dict[str, Any]:
    """The record with bodies as text: two calls of different shape do not fit into one column."""
    request = {**record["request"], "body": json.dumps(record["request"]["body"])}
    return {**record, "request": request, "response": {"status": record["response"]["status"]}}


def found(report: Report) -> list[tuple[str, int | None]]:
    return [(one.rule, one.place.record) for one in report.diagnostics]


HEADERS = pa.map_(pa.string(), pa.string())
REQUEST = pa.struct([("method", pa.string()), ("url", pa.string()), ("headers", HEADERS), ("body", pa.string())])
MAPPED = pa.schema([("at", pa.timestamp("ns")), ("request", REQUEST), ("response", pa.struct([("status", pa.int64())]))])


def mapped(record: dict[str, Any]) -> dict[str, Any]:
    """A row whose headers are a map, and whose time is a timestamp without a zone."""
    request = as_text(record)["request"]
    at = datetime.fromisoformat(record["at"].replace("Z", "")) if "at" in record else None
    headers = [*request["headers"].items()]
    return {"at": at, "request": {**request, "headers": headers}, "response": as_text(record)["response"]}


FORMS = [
    pytest.param(table([as_text(one) for one in RECORDS]), id="structs"),
    pytest.param(table([mapped(one) for one in RECORDS], MAPPED), id="maps and timestamps"),
    pytest.param(table([{"line": json.dumps(one), "n": 1} for one in RECORDS]), id="text of JSON"),
    pytest.param(table([{"line": json.dumps(one).encode()} for one in RECORDS]), id="bytes of JSON"),
    pytest.param(table([as_text(one) for one in RECORDS], row_group_size=1, compression="zstd"), id="many row groups"),
]


@pytest.mark.parametrize("data", FORMS)
def test_a_table_is_as_good_as_lines(audited: Audited, data: bytes) -> None:
    report, lines = audited(data), audited([as_text(one) for one in RECORDS])
    assert found(report) == SAID
    assert calls(report) == 4
    assert [one.message for one in report.notes] == [one.message for one in lines.notes]
    told, wanted = document(report)["health"], document(lines)["health"]
    assert told == json.loads(json.dumps(wanted).replace("calls1", "calls0"))


def test_columns_of_another_log(rules: Catalog, tmp_path: Path) -> None:
    (tmp_path / "one.parquet").write_bytes(
        table(
            [
                {
                    "ts": datetime.fromisoformat(one["at"].replace("Z", "+02:00")) + timedelta(hours=2),
                    "http": {"verb": one["request"]["method"], "url": one["request"]["url"]},
                    "http.status": Decimal(one["response"]["status"]),
                    "sent": json.dumps(one["request"]["body"]),
                }
                for one in RECORDS[:3]
            ]
        )
    )
    fields = {"time": "ts", "method": "http.verb", "url": "http.url", "status": "http.status", "request-body": "sent"}
    report = audit([tmp_path], rules, intake=Intake(Fields(fields)))
    assert found(report) == SAID[:1]  # without the headers nobody knows whether a call is a retry
    assert (calls(report), report.notes) == (3, [])


def test_what_is_null_was_not_recorded(audited: Audited) -> None:
    rows = [as_text(initiate(number=WRONG)), {"at": None, "request": {"method": None, "url": None}, "response": None}]
    report = audited(table(rows))
    assert found(report) == SAID[:1]
    assert [one.message for one in report.notes] == [
        "`request.method` is missing; expected the name of an HTTP method"
    ]


WHOLE = table([as_text(one) for one in RECORDS])
BROKEN = [
    pytest.param(WHOLE[: len(WHOLE) // 2], "the Parquet file is damaged, or breaks off (", id="half a file"),
    pytest.param(b"PAR1", "the Parquet file is damaged, or breaks off (", id="nothing but its mark"),
    pytest.param(b"PARE" + WHOLE[4:], "the Parquet file is encrypted; decrypt it first", id="an encrypted file"),
    pytest.param(WHOLE[:200] + b"\xff" * 400 + WHOLE[600:], "the Parquet file is damaged", id="a hole in its middle"),
]


@pytest.mark.parametrize(("data", "sentence"), BROKEN)
def test_a_broken_table_is_one_sentence(audited: Audited, data: bytes, sentence: str) -> None:
    report = audited(data, [initiate(number=WRONG)])
    (note,) = report.notes
    assert note.message.startswith(sentence)
    assert found(report) == SAID[:1]


def test_without_what_reads_it_a_table_has_a_cure(audited: Audited, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    (note,) = audited(WHOLE).notes
    assert note.message == (
        "the file is Parquet; `pip install 'vipps-lint[parquet]'` installs what reads it, or write JSON Lines"
    )


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        pytest.param([as_text(one) for one in RECORDS], 4, id="calls"),
        pytest.param([{"name": "sock", "price": 4}], 0, id="something else is passed over"),
    ],
)
def test_tables_in_folders(rules: Catalog, tmp_path: Path, rows: list[dict[str, Any]], told: int) -> None:
    (tmp_path / "some.parquet").write_bytes(table(rows))
    report = audit([tmp_path], rules)
    assert report.scanned == told
    assert len(report.notes) == (1 if told else 0)


def test_no_more_than_a_few_rows_are_held(audited: Audited) -> None:
    import tracemalloc

    rows = [as_text(initiate(order=f"socks-{number}")) for number in range(20_000)]
    data = table(rows)
    del rows
    tracemalloc.start()
    report = audited(data)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert calls(report) == 20_000
    assert peak < 150_000_000
