"""CSV files and files of JSON lines."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from armoire.command.console import UsageError
from armoire.command.importing.columns import columns_of
from armoire.command.importing.product_rows import RowReader
from armoire.command.importing.source_row import SourceRow

_DELIMITERS = ",;\t|"
_MAX_CELL_CHARS = 1_000_000
_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


@dataclass(frozen=True, slots=True)
class TableOptions:
    """How a table is read; `delimiter` and `encoding` are found out where they are "" """

    mapped: Sequence[str] = ()
    currency: str = "EUR"
    photos: Path | None = None
    delimiter: str = ""
    encoding: str = ""
    decimal_comma: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a file, and the columns that nothing is taken from."""

    rows: Sequence[SourceRow]
    ignored: Sequence[str]


def read_csv(path: Path, options: TableOptions) -> Table:
    """A table with a header.

    Raises:
        UsageError: it cannot be read, or lacks a header.
    """
    text = read_text(path, options.encoding)
    delimiter = options.delimiter or _delimiter_of(text)
    csv.field_size_limit(_MAX_CELL_CHARS)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        header = [name.strip() for name in next(lines, [])]
        if not any(header):
            raise UsageError(f"{path} is empty: its first line must name the columns")
        twice = sorted({name for name in header if name and header.count(name) > 1})
        if twice:
            raise UsageError(f"{path} has two columns {twice[0]!r}")
        columns = columns_of(header, options.mapped)
        reader = RowReader(columns, options.currency, options.photos or path.parent, options.decimal_comma)
        return Table(list(_csv_rows(path, lines, header, reader)), columns.ignored)
    except csv.Error as error:
        raise UsageError(f"{path}, line {lines.line_num}: {error}") from None


def _csv_rows(path: Path, lines: Any, header: Sequence[str], reader: RowReader) -> Iterator[SourceRow]:
    end = lines.line_num
    for cells in lines:
        start, end = end + 1, lines.line_num
        source = f"{path.name}, line {start}"
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) > len(header):
            problem = f"it has {len(cells)} cells, and the table {len(header)} columns"
            yield SourceRow(source, problems=(problem,))
            continue
        yield reader.read(source, dict(zip(header, cells, strict=False)))


def read_jsonl(path: Path, options: TableOptions) -> Table:
    """An object a line.

    Raises:
        UsageError: it cannot be read.
    """
    objects = list(_objects(path, read_text(path, options.encoding)))
    names = list(dict.fromkeys(name for _, each in objects if isinstance(each, dict) for name in each))
    columns = columns_of([name for name in names if name != "attributes"], options.mapped)
    reader = RowReader(columns, options.currency, options.photos or path.parent, options.decimal_comma)
    rows = [
        reader.read(source, each) if isinstance(each, dict) else SourceRow(source, problems=(str(each),))
        for source, each in objects
    ]
    return Table(rows, columns.ignored)


def _objects(path: Path, text: str) -> Iterator[tuple[str, dict[str, Any] | str]]:
    """Each line as an object, or what is wrong with it."""
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        source = f"{path.name}, line {number}"
        try:
            value = json.loads(line)
        except (ValueError, RecursionError) as error:
            yield source, f"it is not JSON: {error}"
            continue
        yield source, value if isinstance(value, dict) else "it is no JSON object"


def read_text(path: Path, encoding: str = "") -> str:
    """The text of a file: UTF-8, or UTF-16 with a byte order mark, unless an encoding is given.

    Raises:
        UsageError: it cannot be read.
    """
    try:
        content = path.read_bytes()
        found = next((name for mark, name in _MARKS.items() if content.startswith(mark)), "utf-8")
        return content.decode(encoding or found)
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}") from None
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise UsageError(
            f"cannot read {path}, line {line}: it is not {error.encoding}; name another --encoding, such as "
            "cp1252"
        ) from None
    except LookupError:
        raise UsageError(f"--encoding {encoding}: it is not known") from None


def _delimiter_of(text: str) -> str:
    """The delimiter that parts the first line into most columns."""
    first = text.lstrip("\r\n").split("\n", 1)[0]
    return max(_DELIMITERS, key=lambda each: len(next(csv.reader([first], delimiter=each), [])))
