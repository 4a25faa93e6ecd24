"""What the errors of the APIs mean, and what to do: `rules/errors/`, read when somebody asks for one.

The same number means different things in different groups, and in different APIs. What is not listed has no meaning.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from vipps_lint.cache import Cache, default_folder, stamp
from vipps_lint.catalog import CODE, folder
from vipps_lint.diagnostic import Failure
from vipps_lint.immutable import immutable
from vipps_lint.packing import packed, unpacked

if TYPE_CHECKING:
    from vipps_lint.rulefiles import ErrorFile, MeaningFile

KIND = "errors"
ANY = "*"


@immutable(frozen=True, slots=True)
class Meaning:
    """What an error means, what to do (empty where Vipps does not say), and who says so."""

    meaning: str
    cure: str
    source: str


Key = tuple[str, str, str, int]
"""API, group, code and status; what does not count is empty or 0."""

NOTHING = Meaning("", "", "")


def meaning(failure: Failure) -> Meaning:
    """What an error means; `NOTHING` for one that is not listed."""
    known = meanings()
    found = next((known[key] for key in _keys(failure) if key in known), NOTHING)
    if "{code}" not in found.meaning + found.cure:
        return found
    words, cure = (text.replace("{code}", failure.code) for text in (found.meaning, found.cure))
    return Meaning(words, cure, found.source)


def _keys(failure: Failure) -> Iterator[Key]:
    """Where to look, the most exact first: one that has a code is never explained by its status."""
    api, group, code = failure.api, failure.group.casefold(), failure.code
    if not api:
        return
    if code:
        yield from ((api, group, code, 0), (api, group, ANY, 0))
    else:
        yield from ((one, "", "", failure.status) for one in (api, ANY))


@cache
def meanings(rules: Path | None = None, kept: Cache | None = None) -> Mapping[Key, Meaning]:
    """All that is listed in a folder of rule files, by default the one that ships with vipps-lint.

    The files are validated when one of them has changed. Raises `RuleFileError` for the first that cannot be used.
    """
    place = (rules or folder()) / "errors"
    store = kept or Cache(default_folder())
    key = _stamp(place)
    if entry := store.get(KIND, key):
        try:
            return dict(unpacked(entry))
        except ValueError:
            pass
    made = dict(_read(place))
    store.put(KIND, key, packed(made))
    return made


def _stamp(place: Path) -> str:
    package = Path(__file__).parents[1]
    return stamp(str(place), str(place.parent / "api"), *(str(package / part) for part in CODE))


def _read(place: Path) -> Iterator[tuple[Key, Meaning]]:
    from vipps_lint.rulefiles import ErrorFile, RuleFileError, load

    apis = {path.stem for path in (place.parent / "api").glob("*.toml")} | {ANY}
    for path in sorted(place.glob("*.toml")):
        shown = f"rules/errors/{path.name}"
        file = load(path, ErrorFile, shown)
        for api in file.on:
            if api not in apis:
                raise RuleFileError(f"{shown}: on: no API is called `{api}`; rules/api has them all")
            for (group, code, status), one in _listed(file):
                yield (api, group, code, status), Meaning(one.meaning, one.cure, file.source)


def _listed(file: ErrorFile) -> Iterator[tuple[tuple[str, str, int], MeaningFile]]:
    """The errors of a file, each with its group, code and status."""
    for group, codes in file.group.items():
        yield from (((group.casefold(), code, 0), one) for code, one in codes.items())
    yield from ((("", code, 0), one) for code, one in file.code.items())
    yield from ((("", "", status), one) for status, one in file.status.items())
