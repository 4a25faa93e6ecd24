"""The audit on Apache Spark: the same two halves and the same rules, with Spark's shuffle in the place of files.

    spark-submit "$(vipps-lint spark)" logs/ --findings findings.parquet --html report.html

The workers need vipps-lint, and the recordings under the same paths as here. A partition has many shelves, one behind
the other; a shelf is as much as one process of an audit without Spark has in memory.
"""

from __future__ import annotations

import pickle
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache, partial
from itertools import chain, groupby
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vipps_lint.audit.mapping import ALL, Chosen, Mapper, Setting, decidable
from vipps_lint.audit.reducing import Outcome, Recording, Reducer
from vipps_lint.audit.rows import Row, shelf
from vipps_lint.audit.running import SHELF
from vipps_lint.audit.whole import Whole
from vipps_lint.catalog import Catalog, catalog
from vipps_lint.diagnostic import Diagnostic, Note
from vipps_lint.immutable import changed, immutable
from vipps_lint.read.fields import Fields
from vipps_lint.report import Report

if TYPE_CHECKING:
    from pyarrow import RecordBatch
    from pyspark.sql import DataFrame, SparkSession

ROWS = "shelf int, row binary"
"""What the first half gives: rows, or the account of a portion (`ACCOUNT`), or a row for every shelf (`EVERY`)."""

ACCOUNT, EVERY = -1, -2
FINDINGS = (
    "rule string, severity string, message string, help string, path string, record long, operation string, "
    "pointer string, instead string, outcome binary"
)
"""What the second half gives: findings, and behind those of a shelf its `outcome`."""

BATCH = 2000
"""How many rows are handed on at once."""

KEPT = 100
"""How many findings of a rule the report itself has; the table has all, and all are counted."""


@immutable(frozen=True, slots=True)
class Audited:
    """The `report`, in which each rule has its first findings and all are counted, and a table of all `findings`.

    Its columns are called as in the JSON report: rule, severity, message, help, path, record, operation, pointer and
    instead.
    """

    report: Report
    findings: DataFrame


def audit(  # noqa: PLR0913 - what the embedded one is told, and the session
    spark: SparkSession,
    paths: Sequence[Path | str],
    rules: Catalog | None = None,
    *,
    as_of: date | None = None,
    fields: Fields | None = None,
    chosen: Chosen = list,
    horizon: int = 90,
) -> Audited:
    """Judge recorded calls as `vipps_lint.audit.audit` does, with the same findings to the last one.

    The paths must be those of files that each worker can read (not the standard input). Raises what Spark raises where
    a worker fails.
    """
    known = rules or catalog()
    setting = Setting(decidable(known), as_of or datetime.now(UTC).date(), fields or Fields(), chosen)
    whole = Whole(paths, setting, horizon)
    shelves = sum(one.size for one in whole.work) // SHELF + 1
    packed = pickle.dumps(setting)
    work = [(pickle.dumps(one),) for one in whole.work]
    portions = spark.createDataFrame(work, "portion binary").repartition(max(len(work), 1))
    rows = portions.mapInArrow(partial(_mapped, packed, shelves), ROWS).persist()
    told = rows.where("shelf < 0").collect()
    accounts = sorted((pickle.loads(one.row) for one in told if one.shelf == ACCOUNT), key=lambda one: one.portion)
    every = [bytes(one.row) for one in told if one.shelf == EVERY]
    recording = whole.read(accounts)
    partitions = max(min(shelves, spark.sparkContext.defaultParallelism * 4), 1)
    judge = partial(_reduced, packed, pickle.dumps((recording, every)))
    sorted_rows = rows.where("shelf >= 0").repartition(partitions, "shelf").sortWithinPartitions("shelf")
    found = sorted_rows.mapInArrow(judge, FINDINGS).persist()
    for one in found.where("outcome is not null").select("outcome").toLocalIterator():
        whole.take(pickle.loads(one.outcome))
    report = whole.finished(known)
    rows.unpersist()
    return Audited(_shortened(report), found.where("outcome is null").drop("outcome"))


def _mapped(packed: bytes, shelves: int, batches: Iterable[RecordBatch]) -> Iterator[RecordBatch]:
    """The first half, on a worker: the rows of some portions."""
    mapper = _mapper(packed)
    for batch in batches:
        for portion in batch.column(0).to_pylist():
            rows = (
                (EVERY if thread is ALL else shelf(thread, shelves), pickle.dumps(tuple(row)))
                for thread, row in mapper.rows(pickle.loads(portion))
            )
            account = ((ACCOUNT, pickle.dumps(mapper.account)) for _ in range(1))  # complete when the rows are taken
            yield from _batches(chain(rows, account), ("int32", "binary"), ("shelf", "row"))


def _reduced(packed: bytes, about: bytes, batches: Iterable[RecordBatch]) -> Iterator[RecordBatch]:
    """The second half, on a worker: what the rows of some shelves tell, which come one shelf behind the other."""
    recording, every = _about(about)
    reducer = Reducer(_setting(packed), recording)
    told = ((one["shelf"], one["row"]) for batch in batches for one in batch.to_pylist())
    shelved = (chain((row for _, row in rows), every) for _, rows in groupby(told, key=itemgetter(0)))
    outcomes = (reducer.outcome(Row(*pickle.loads(row)) for row in rows) for rows in shelved)
    columns = [part.split() for part in FINDINGS.split(", ")]
    types = tuple({"long": "int64"}.get(kind, kind) for _, kind in columns)
    yield from _batches(_table(outcomes), types, tuple(name for name, _ in columns))


def _table(outcomes: Iterable[Outcome]) -> Iterator[tuple[Any, ...]]:
    """The findings of some shelves, then what those tell beside them, with the first findings of each rule."""
    total = Outcome()
    for outcome in outcomes:
        for one in outcome.diagnostics:
            yield (*_columns(one), None)
        total.add(outcome)
        total.diagnostics = _first(total.diagnostics)
    yield (*(None,) * 9, pickle.dumps(total))


def _first(found: Iterable[Diagnostic]) -> list[Diagnostic]:
    """The first findings of each rule."""
    counts, kept = Counter[str](), []
    for one in found:
        counts[one.rule] += 1
        kept += [one] if counts[one.rule] <= KEPT else []
    return kept


def _columns(one: Diagnostic) -> tuple[Any, ...]:
    place = one.place
    said = (one.rule, one.severity.value, one.message, one.help)
    return (*said, place.path, place.record, one.operation, one.pointer, one.instead)


def _batches(rows: Iterable[tuple[Any, ...]], types: Sequence[str], names: Sequence[str]) -> Iterator[RecordBatch]:
    import pyarrow

    def made(held: list[tuple[Any, ...]]) -> RecordBatch:
        columns = [pyarrow.array(column, kind) for column, kind in zip(zip(*held, strict=True), types, strict=True)]
        return pyarrow.RecordBatch.from_arrays(columns, names=list(names))

    held: list[tuple[Any, ...]] = []
    for row in rows:
        held.append(row)
        if len(held) == BATCH:
            yield made(held)
            held = []
    if held:
        yield made(held)


@lru_cache(1)
def _setting(packed: bytes) -> Setting:
    """Unpacked once in each worker, not once for each partition."""
    setting: Setting = pickle.loads(packed)
    return setting


@lru_cache(1)
def _mapper(packed: bytes) -> Mapper:
    return Mapper(_setting(packed))


@lru_cache(1)
def _about(packed: bytes) -> tuple[Recording, list[bytes]]:
    about: tuple[Recording, list[bytes]] = pickle.loads(packed)
    return about


def _shortened(report: Report) -> Report:
    """The report with the first findings of each rule."""
    kept = _first(report.diagnostics)
    found = sum(breach.count for breach in report.health.breaches.values()) if report.health else 0
    more = found - len(kept)
    note = [Note("", f"{more} more findings are counted, and are in the table of findings")] if more else []
    return changed(report, diagnostics=kept, notes=[*report.notes, *note])
