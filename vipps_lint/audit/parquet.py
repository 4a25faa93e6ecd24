"""Parquet files to records: one row a call, in the columns of our own record, in those of another log, or as JSON text.

A value that is null is one that was not recorded.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, BinaryIO

from vipps_lint.audit.unpacking import NoRecordingError, UnreadableFileError
from vipps_lint.call import Place
from vipps_lint.read.fields import Fields
from vipps_lint.read.jsonl import read_line, read_row
from vipps_lint.read.record import Reading

MAGIC = b"PAR1"
ENCRYPTED = b"PARE"
BATCH = 1024
"""How many rows are held at once."""


def is_parquet(first: bytes) -> bool:
    """Whether a file with these first bytes is Parquet."""
    return first.startswith((MAGIC, ENCRYPTED))


def read_parquet(file: BinaryIO, path: str, fields: Fields) -> Reading:
    """The records of a file, numbered from 1. Raises `UnreadableFileError` for one that cannot be read at all."""
    for number, row in enumerate(_rows(file), 1):
        place = Place(path, record=number)
        text = _text(row)
        if text is not None:
            yield from read_line(text, place, fields)
        else:
            yield from read_row(row, place, json.dumps(row, sort_keys=True), fields)


def _rows(file: BinaryIO) -> Iterator[dict[str, Any]]:
    """Each row as JSON could hold it, without what is null."""
    if not file.seekable():
        raise UnreadableFileError("a Parquet file must be named: it cannot be read from the standard input")
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        cure = "`pip install 'vipps-lint[parquet]'` installs what reads it"
        raise UnreadableFileError(f"the file is Parquet; {cure}, or write JSON Lines") from None
    if file.read(4) == ENCRYPTED:
        raise UnreadableFileError("the Parquet file is encrypted; decrypt it first")
    try:
        opened = pyarrow.parquet.ParquetFile(file)
        if not opened.schema_arrow.names:
            raise NoRecordingError("the Parquet file has no columns; a record needs a `request`")
        for batch in opened.iter_batches(BATCH):
            for row in _in_microseconds(batch).to_pylist():
                yield _plain(row)
    except (pyarrow.ArrowException, OSError) as error:
        first = str(error).split("\n")[0].rstrip(".")
        raise UnreadableFileError(f"the Parquet file is damaged, or breaks off ({first}); write it again") from None


def _in_microseconds(batch: Any) -> Any:
    """The rows with times as fine as Python knows them."""
    import pyarrow

    columns = [
        column.cast(pyarrow.timestamp("us", column.type.tz), safe=False)
        if pyarrow.types.is_timestamp(column.type)
        else column
        for column in batch.columns
    ]
    return pyarrow.RecordBatch.from_arrays(columns, names=batch.schema.names)


def _plain(value: Any) -> Any:
    """A value as JSON could hold it. Times without a zone are UTC, as everywhere; a map is a list of pairs."""
    match value:
        case Mapping():
            return {str(name): _plain(item) for name, item in value.items() if item is not None}
        case list() | tuple():
            return [_plain(item) for item in value]
        case datetime() | date():
            return value.isoformat()
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case bytes():
            return value.decode("utf-8", "replace")
        case bool() | int() | float() | str() | None:
            return value
        case _:
            return str(value)


def _text(row: Mapping[str, Any]) -> str | None:
    """The record, where it is the one text of JSON in a row that is no record itself."""
    texts = (value for value in row.values() if isinstance(value, str) and value.lstrip().startswith("{"))
    records = [text for text in texts if '"request"' in text]
    return records[0] if len(records) == 1 and "request" not in row else None
