"""What a project says in `[tool.vipps-lint]` of its `pyproject.toml`, joined with the command line.

Most projects say nothing, so what reads and validates settings is imported only where there are some.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import field, replace
from datetime import date
from difflib import get_close_matches
from fnmatch import fnmatchcase
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vipps_lint.catalog import Catalog
from vipps_lint.diagnostic import Diagnostic, Severity
from vipps_lint.immutable import immutable
from vipps_lint.report import Report
from vipps_lint.report.rules import severity
from vipps_lint.scan.excluding import Exclusion, relative
from vipps_lint.suppress import suppress

if TYPE_CHECKING:
    from vipps_lint.settings import Table

TABLE = "tool.vipps-lint"


class ConfigError(Exception):
    """A setting that cannot be used; the text is one line that names file and key."""


@immutable(frozen=True)
class Config:
    """The settings of one run. Every rule name in it exists; `base` is the folder that globs start from.

    `rules` are those that are asked at all, `severity` what replaces a rule's own, `per_file` the rules that are not
    wanted in files that match a glob, `fields` where the logs of the project have the parts of a call.
    """

    rules: frozenset[str]
    severity: dict[str, Severity] = field(default_factory=dict)
    exclude: tuple[str, ...] = ()
    as_of: date | None = None
    per_file: dict[str, frozenset[str]] = field(default_factory=dict)
    base: Path = field(default_factory=Path.cwd)
    fields: dict[str, str] = field(default_factory=dict)

    def catalog(self, whole: Catalog) -> Catalog:
        """The catalog without the rules that are not asked."""
        wanted = {name: rule for name, rule in whole.rules.items() if name in self.rules}
        return Catalog(whole.operations, wanted, whole.good, whole.apis)

    def wants(self, path: str, rule: str) -> bool:
        """Whether a rule may speak about a file."""
        unwanted = (
            names
            for pattern, names in self.per_file.items()
            if rule in names and _matches(relative(path, str(self.base)), pattern)
        )
        return rule in self.rules and not any(unwanted)

    @cached_property
    def exclusion(self) -> Exclusion:
        """The files, and the folders with all that is in them, that the project does not want to be read."""
        return Exclusion(self.exclude, str(self.base))

    def apply(self, diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
        """The findings that the project wants to see, as severe as it says; a crash of a rule always stays."""
        return [
            replace(one, severity=self.severity.get(one.rule, one.severity))
            for one in diagnostics
            if one.internal or self.wants(one.place.path, one.rule)
        ]

    def silence(self, report: Report, whole: Catalog, day: date, unread: Collection[str]) -> None:
        """Take out of a report what the project and its comments do not want to see, and note idle comments.

        A comment is not idle in an `unread` file, and not for a rule that is not in force on the day.
        """
        in_force = {name for name, rule in whole.rules.items() if severity(rule, day) != "off"}

        def decided(path: str, rule: str) -> bool:
            return path not in unread and rule in in_force and self.wants(path, rule)

        outcome = suppress(self.apply(report.diagnostics), report.sources, whole.rules.keys(), decided)
        report.diagnostics, report.suppressed = outcome.diagnostics, outcome.suppressed
        report.notes.extend(outcome.notes)


def _matches(relative: str, pattern: str) -> bool:
    """Whether a glob names the path from the folder of the settings, or its last name."""
    return any(fnmatchcase(one, pattern) for one in (relative, relative.rpartition("/")[2]))


def find(start: Path) -> Path | None:
    """The nearest `pyproject.toml` with our table, from `start` upwards. One that does not name us is passed by."""
    place = Path(os.path.abspath(start))  # noqa: PTH100 - a link's own folder counts, not the folder it leads to
    for folder in (place, *place.parents):
        path = folder / "pyproject.toml"
        if path.is_file() and _mentions(path) and _table(path) is not None:
            return path
    return None


def _mentions(path: Path) -> bool:
    """A file that does not name us is no business of ours, broken or not."""
    try:
        return re.search(rb"""vipps-lint["']?\s*[\].=]""", path.read_bytes()) is not None
    except OSError:
        return False


def _table(path: Path) -> dict[str, Any] | None:
    import tomllib

    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: not valid TOML: {error}") from None
    tool = data.get("tool", {})
    found = tool.get("vipps-lint") if isinstance(tool, dict) else None
    if found is not None and not isinstance(found, dict):
        raise ConfigError(f"{path}: {TABLE}: must be a table")
    return found


def read(path: Path, known: Collection[str]) -> Config:
    """The settings in one file. Raises `ConfigError` for what cannot be used."""
    data = _table(path)
    if data is None:
        raise ConfigError(f"{path}: has no [{TABLE}] table")
    from vipps_lint.settings import validated

    try:
        table = validated(data)
    except ValueError as error:
        raise ConfigError(f"{path}: {TABLE}.{error}") from None
    return _config(table, path, known)


def _config(table: Table, path: Path, known: Collection[str]) -> Config:
    def resolved(key: str, written: Iterable[str]) -> frozenset[str]:
        return frozenset(names(written, known, f"{path}: {TABLE}.{key}"))

    off = {name for name, level in table.severity.items() if level == "off"}
    selected = resolved("select", table.select) or frozenset(known)
    severity = {
        name: Severity(level)
        for written, level in table.severity.items()
        for name in resolved("severity", [written])
        if level != "off"
    }
    return Config(
        rules=selected - resolved("ignore", table.ignore) - resolved("severity", off),
        severity=severity,
        exclude=tuple(table.exclude),
        as_of=table.as_of,
        per_file={glob: resolved(f"per-file-ignores.{glob}", rules) for glob, rules in table.per_file_ignores.items()},
        base=path.parent,
        fields=table.audit.fields.model_dump(by_alias=True, exclude_none=True),
    )


def combine(
    config: Config, known: Collection[str], select: Iterable[str], ignore: Iterable[str], as_of: date | None
) -> Config:
    """The settings as the command line changes them: it replaces the selection and the day, and ignores more."""
    selected = frozenset(names(select, known, "--select")) or config.rules
    ignored = frozenset(names(ignore, known, "--ignore"))
    return replace(config, rules=selected - ignored, as_of=as_of or config.as_of)


def names(written: Iterable[str], known: Collection[str], where: str) -> Iterator[str]:
    """The rules that are named, comma lists and `charge-*` spelled out. Raises `ConfigError` for one that is none."""
    for name in (part.strip() for text in written for part in text.split(",")):
        matching = [rule for rule in known if fnmatchcase(rule, name)]
        if name and not matching:
            raise ConfigError(f"{where}: {unknown(name, known)}")
        yield from matching


def unknown(name: str, known: Collection[str]) -> str:
    """The sentence for a name that is no rule's."""
    close = get_close_matches(name, known, 1)
    hint = f"did you mean `{close[0]}`?" if close else "`vipps-lint rules` lists them"
    return f"no rule is called `{name}`; {hint}"
