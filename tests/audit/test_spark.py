"""The audit on a real Spark, on this machine: the findings of the embedded run, to the last one."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from shop import initiate
from test_running import RECORDS

from vipps_lint.audit import Intake, audit, portions
from vipps_lint.catalog import catalog
from vipps_lint.cli import main
from vipps_lint.read.fields import Fields
from vipps_lint.report.json import document

pytest.importorskip("pyspark", reason="the extra `spark` is not installed")
pytestmark = [
    pytest.mark.spark,
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("java") is None, reason="Java is not installed"),
    pytest.mark.filterwarnings("ignore"),
]
CATALOG = catalog()
COLUMNS = ("rule", "severity", "message", "help", "path", "record", "operation", "pointer", "instead")


@pytest.fixture(scope="module")
def session() -> Iterator[Any]:
    """A session in two threads of this machine, which talks to nobody else."""
    os.environ |= {"PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_IP": "127.0.0.1"}
    from pyspark.sql import SparkSession

    made = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").getOrCreate()
    made.sparkContext.setLogLevel("ERROR")
    yield made
    made.stop()


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with lines, packed lines and a table, all out of order and with some records twice."""
    import gzip

    import pyarrow
    import pyarrow.parquet

    folder = tmp_path_factory.mktemp("logs")
    records = list(RECORDS)
    random.Random(3).shuffle(records)
    lines = [json.dumps(one) for one in records]
    lines[40:40] = ["oops", ""]
    (folder / "one.jsonl").write_text("\n".join(lines[:500]))
    (folder / "two.jsonl.gz").write_bytes(gzip.compress("\n".join(lines[500:800]).encode()))
    table = pyarrow.Table.from_pylist([{"line": line} for line in lines[780:]])
    pyarrow.parquet.write_table(table, folder / "three.parquet")
    return folder


def rows(table: Any) -> Counter[tuple[Any, ...]]:
    assert table.columns == list(COLUMNS)
    return Counter(tuple(row) for row in table.collect())


def test_the_findings_are_those_of_the_embedded_run(session: Any, logs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from vipps_lint.audit import spark

    whole = audit([logs], CATALOG)
    monkeypatch.setattr(portions, "LENGTH", 20_000)
    monkeypatch.setattr(spark, "SHELF", 20_000)
    monkeypatch.setattr(spark, "BATCH", 50)
    found = spark.audit(session, [logs], CATALOG)
    listed = document(whole)["diagnostics"]
    assert rows(found.findings) == Counter(tuple(one[name] for name in COLUMNS) for one in listed)
    assert len(listed) > 200
    assert found.report.notes[:-1] == whole.notes
    told = replace(found.report, diagnostics=whole.diagnostics, notes=whole.notes)
    assert document(told) == document(whole)
    assert {one.rule for one in found.report.diagnostics} == {one.rule for one in whole.diagnostics}
    assert found.report.notes[-1].message.endswith("more findings are counted, and are in the table of findings")


def test_columns_of_another_log_are_known_on_all_workers(session: Any, tmp_path: Path) -> None:
    from vipps_lint.audit import spark

    one = initiate(number="+47 912 34 567")
    sent = {"verb": "POST", "where": one["request"]["url"], "what": one["request"]["body"]}
    (tmp_path / "log.jsonl").write_text(json.dumps(sent) + "\n")
    named = {"method": "verb", "url": "where", "request-body": "what", "status": "code"}
    found = spark.audit(session, [tmp_path], CATALOG, fields=Fields(named))
    whole = audit([tmp_path], CATALOG, intake=Intake(Fields(named)))
    assert found.report.diagnostics == whole.diagnostics
    assert "mobile-number-not-national" in {one.rule for one in whole.diagnostics}
    assert found.report.notes == whole.notes
    assert any("no record has `code`" in note.message for note in whole.notes)


def test_spark_submit(logs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import pyarrow.parquet

    assert main(["spark"]) == 0
    script = capsys.readouterr().out.strip()
    findings, page, report = tmp_path / "findings", tmp_path / "report.html", tmp_path / "report.json"
    command = [Path(sys.executable).with_name("spark-submit"), "--master", "local[2]", script, logs / "one.jsonl"]
    options = ["--findings", findings, "--html", page, "--json", report]
    environment = {**os.environ, "PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_IP": "127.0.0.1"}
    done = subprocess.run([*command, *options], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    data = json.loads(report.read_text())
    assert pyarrow.parquet.read_table(findings).num_rows == sum(one["count"] for one in data["health"]["findings"])
    assert page.read_text().startswith("<!doctype html>") or page.read_text().startswith("<!DOCTYPE html>")
    assert f"Looked at {data['summary']['scanned']} records" in done.stdout
