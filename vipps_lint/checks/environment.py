"""Hosts and environments: where an operation exists, and which host is none of Vipps'."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from difflib import SequenceMatcher
from functools import lru_cache
from typing import ClassVar

from vipps_lint.call import Api, Call, How
from vipps_lint.checks.base import NO_WORDS, REQUEST, STRICT, Evidence
from vipps_lint.diagnostic import Undecided, Violation
from vipps_lint.document import Pointer, Value, alternatives
from vipps_lint.immutable import immutable
from vipps_lint.ledger import Ledger

HOSTS = {"api.vipps.no": "production", "apitest.vipps.no": "test"}
"""One pair of hosts for all APIs (developer resources, "Servers"); an operation file may name others."""

DOMAINS = ("vipps.no", "vipps.com", "vippsmobilepay.com", "vippsbedrift.no")


ASIDE = re.compile(
    r"(?:^|/)(?:tests?|testing|examples?|samples?|demos?|docs?|scripts?|fixtures?|notebooks?|mocks?)/|"
    r"(?:^|/)(?:conftest|test_[^/]*|[^/]*_tests?)\.py$"
)
"""Files that stand beside a product: its tests, its examples, what is run by hand."""


def is_aside(path: str) -> bool:
    """Whether a file is no part of what runs in production, as far as its path says."""
    return ASIDE.search(path) is not None


def environment(call: Call) -> str | None:
    """The environment whose host the call goes to; None where the host is not known or not one of Vipps'."""
    return environment_of(call.api, call.host)


def environment_of(api: Api, host: Value) -> str | None:
    """The environment that a host is for an API; None for any other host, and for one that is not known."""
    return hosts(api).get(host.lower().partition(":")[0]) if isinstance(host, str) else None


def hosts(api: Api) -> dict[str, str]:
    """The hosts of an API, each with the environment that it is."""
    return {host: name for name, host in api.hosts.items()} if api.hosts else HOSTS


def _host(call: Call) -> str:
    """The host, if there is only one that it can be."""
    return _names(call)[0] if isinstance(call.host, str) else ""


def _names(call: Call) -> list[str]:
    """The names that the host may have, as far as they are known."""
    return [one.lower().partition(":")[0] for one in alternatives(call.host) if isinstance(one, str)]


@immutable(frozen=True)
class Host:
    """A host that is meant to be Vipps' and is not (a typing error, another machine), or `http` to one that is.

    Of a host that may be one of a few, all that are known must be wrong.
    """

    needs: ClassVar[frozenset[Evidence]] = REQUEST
    words: ClassVar[frozenset[str]] = frozenset({"host"})
    __pydantic_config__: ClassVar = STRICT

    def violations(self, call: Call, history: Ledger, at: Pointer, today: date) -> Iterator[Violation | Undecided]:
        names, known = _names(call), hosts(call.api)
        if _host(call) in known:
            if call.scheme == "http":
                yield Violation(("host",), {"host": f"http://{_host(call)}"}, instead=f"https://{_host(call)}")
            yield Undecided(("scheme",))
        elif names and all(name not in known and _meant(name, known) for name in names):
            yield Violation(("host",), {"host": names[0]}, instead=_meant(names[0], known))
        yield Undecided(("host",))


@lru_cache(1024)
def is_no_slip(host: str, known: frozenset[tuple[str, str]]) -> bool:
    """Whether a host is one of those that are known, or has nothing to do with Vipps."""
    name = host.lower().partition(":")[0]
    return name in dict(known) or _meant(name, dict(known)) is None


def _meant(host: str, known: dict[str, str]) -> str | None:
    """The Vipps host that is meant by one that is not; None for hosts that have nothing to do with Vipps."""
    nearest = max(known, key=lambda right: SequenceMatcher(None, host, right).ratio())
    of_vipps = any(host == domain or host.endswith(f".{domain}") for domain in DOMAINS)
    if of_vipps:
        test = any(word in host for word in ("test", "-mt", "mt."))
        return next(right for right, name in known.items() if (name == "test") is test)
    return nearest if _one_slip(host, nearest) else None


def _one_slip(host: str, right: str) -> bool:
    """Whether one letter is missing, doubled, wrong or swapped with its neighbour."""
    if abs(len(host) - len(right)) > 1:
        return False
    start = next((i for i, (a, b) in enumerate(zip(host, right, strict=False)) if a != b), min(len(host), len(right)))
    one, other = host[start:], right[start:]
    return one[1:] == other or one == other[1:] or one[1:] == other[1:] or _swapped(one, other)


def _swapped(one: str, other: str) -> bool:
    return len(one) > 1 and len(other) > 1 and one[:2] == other[1] + other[0] and one[2:] == other[2:]


@immutable(frozen=True)
class ExistsInEnvironment:
    """An operation that does not exist (or did not yet exist) in the environment that it is called in."""

    needs: ClassVar[frozenset[Evidence]] = REQUEST
    words: ClassVar[frozenset[str]] = frozenset({"environment", "api", "since"})
    __pydantic_config__: ClassVar = STRICT

    def violations(self, call: Call, history: Ledger, at: Pointer, today: date) -> Iterator[Violation | Undecided]:
        if call.operation is None or call.operation.only:
            return
        lacking = {name: since for name, since in self._environments(call) if since is None or today < since}
        name = environment(call)
        if name in lacking:
            when = f"before {lacking[name]}" if lacking[name] else "at all"
            yield Violation(at, {"environment": name, "api": call.api.title, "since": when})
        elif lacking and name is None:
            yield Undecided(("host",))

    def _environments(self, call: Call) -> Iterator[tuple[str, date | None]]:
        """The environments of the API, and since when each has the operation."""
        for name in hosts(call.api).values():
            yield name, call.operation.environments.get(name) if call.operation else None


@immutable(frozen=True)
class AlwaysTest:
    """Code that goes to the test environment: always, or (`default`) where nobody says otherwise.

    Said of what runs in production, and of operations that both environments have.
    """

    default: bool = False
    needs: ClassVar[frozenset[Evidence]] = frozenset({Evidence.CODE})
    words: ClassVar[frozenset[str]] = frozenset({"host"})
    __pydantic_config__: ClassVar = STRICT

    def violations(self, call: Call, history: Ledger, at: Pointer, today: date) -> Iterator[Violation | Undecided]:
        written, names = call.origins.get(("host",)), _names(call)
        if written is None or any(hosts(call.api).get(name) != "test" for name in names or [""]):
            return
        if is_aside(written.place.path) or (call.place and is_aside(call.place.path)) or not _in_both(call, today):
            return
        only = isinstance(call.host, str)
        if (not only and written.how is How.DEFAULT) if self.default else only:
            yield Violation(("host",), {"host": names[0]})


def _in_both(call: Call, today: date) -> bool:
    """Whether the operation is there to stay, in production and in the test environment."""
    operation = call.operation
    if operation is None or operation.only or (operation.retired and operation.retired.removed):
        return False
    return all(name in operation.environments and operation.environments[name] <= today for name in HOSTS.values())


@immutable(frozen=True)
class TestOnly:
    """A test operation (force approve and the like) that is called in production."""

    needs: ClassVar[frozenset[Evidence]] = REQUEST
    words: ClassVar[frozenset[str]] = NO_WORDS
    __pydantic_config__: ClassVar = STRICT
    __test__: ClassVar = False  # pytest: a check, not a test

    def violations(self, call: Call, history: Ledger, at: Pointer, today: date) -> Iterator[Violation | Undecided]:
        if not call.operation or call.operation.only != "test":
            return
        if environment(call) == "production":
            yield Violation(at)
        elif environment(call) is None:
            yield Undecided(("host",))
