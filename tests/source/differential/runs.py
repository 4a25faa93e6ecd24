"""Random programs, run by Python: what they really send, for many fillings of what is unknown."""

from __future__ import annotations

import contextlib
import copy
import itertools
import sys
import types
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

VALUES: tuple[Any, ...] = (3, "z", None)
KEYS = ("a", "q")
LISTS: tuple[Any, ...] = ([], [7], ["u", "v", "u"])
DICTS: tuple[Any, ...] = ({}, {"a": "other", "h": 1})
MOST = 30
"""After so many requests a run is ended."""
ROUNDS = 40
LONGEST = 10_000
"""After so many visits of one line, or with a text or list this long, it is ended too: a loop may feed itself."""


@dataclass
class Sent:
    """One request that was really sent: where, what, with which result, and those before it."""

    site: str
    body: Any
    succeeds: bool
    before: list[Sent] = field(default_factory=list)


@dataclass
class Run:
    """One run of a program: the arguments of its `main`, and what it sent until its end."""

    arguments: tuple[Any, ...]
    sent: list[Sent]


class HTTPError(Exception):
    """What `raise_for_status` raises."""


class Response:
    """The answer to one request."""

    def __init__(self, sent: Sent) -> None:
        self.sent = sent
        self.ok = sent.succeeds
        self.status_code = 200 if sent.succeeds else 400

    def raise_for_status(self) -> None:
        """Raises where the request failed."""
        if not self.sent.succeeds:
            raise HTTPError


class EndedError(BaseException):
    """A run has sent enough."""


class Quiet:
    """A context manager of somewhere else, which swallows what is raised in it."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, *_: object) -> bool:
        return kind is not EndedError


class Foreign:
    """A base class of somewhere else."""

    def setup(self) -> None:
        """Sets what its subclasses have set otherwise."""
        self.x = "set elsewhere"


def unseen(thing: Any) -> None:
    """Changes what it gets, all of it."""
    if isinstance(thing, dict):
        for value in thing.values():
            unseen(value)
        thing.clear()
        thing["unseen"] = 1
    elif hasattr(thing, "__dict__"):
        thing.x = "unseen"


def foreign(function: Callable[..., Any]) -> Callable[..., str]:
    """A decorator that changes what comes out."""
    return lambda *given: f"<{function(*given)}>"


def risky(fails: object) -> None:
    """May raise."""
    if fails:
        raise ValueError


ELSEWHERE: dict[str, Any] = {
    "call_back": lambda function: function(), "risky": risky, "unseen": unseen, "foreign": foreign, "Foreign": Foreign,
    "Quiet": Quiet,
}  # fmt: skip


@contextlib.contextmanager
def imported(**modules: dict[str, Any]) -> Iterator[None]:
    """Within this, modules that are made of dicts can be imported."""
    kept = {name: sys.modules.get(name) for name in modules}
    for name, contents in modules.items():
        sys.modules[name] = types.ModuleType(name)
        sys.modules[name].__dict__.update(contents)
    try:
        yield
    finally:
        for name, module in kept.items():
            del sys.modules[name]
            if module is not None:
                sys.modules[name] = module


@contextlib.contextmanager
def watched() -> Iterator[None]:
    """Within this, a program that goes round and round is ended."""
    visits: Counter[tuple[types.CodeType, int]] = Counter()

    def look(frame: types.FrameType, event: str, _: object) -> Any:
        if frame.f_code.co_filename != "program.py":
            return None
        if event == "line":
            visits[frame.f_code, frame.f_lineno] += 1
            long = any(isinstance(one, str | list) and len(one) > LONGEST for one in frame.f_locals.values())
            if long or visits[frame.f_code, frame.f_lineno] > ROUNDS:
                raise EndedError
        return look

    before = sys.gettrace()
    sys.settrace(look)
    try:
        yield
    finally:
        sys.settrace(before)


def run(program: str, arguments: tuple[Any, ...], results: tuple[bool, ...]) -> Run:
    """One run, for these arguments, when its calls succeed and fail like this; an exception ends it."""
    sent: list[Sent] = []

    def post(url: str, data: Any = None, json: Any = None, **_: Any) -> Response:
        if len(sent) > MOST:
            raise EndedError
        one = Sent(url.split("/")[-2], copy.deepcopy(json), results[len(sent) % len(results)], list(sent))
        sent.append(one)
        return Response(one)

    namespace: dict[str, Any] = {"__name__": "program"}
    with imported(requests={"post": post, "HTTPError": HTTPError}, elsewhere=ELSEWHERE, program={}):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SyntaxWarning)
            exec(compile(program, "program.py", "exec"), namespace)
        with contextlib.suppress(Exception, EndedError), watched():
            namespace["main"](*copy.deepcopy(arguments))
    return Run(arguments, sent)


def runs(program: str) -> Iterator[Run]:
    """Runs for many fillings of what is unknown."""
    looks = any(word in program.partition("def main(")[2] for word in (".ok", "raise_for", "status"))
    for index, (f0, f1, value) in enumerate(itertools.product((True, False), (True, False), VALUES)):
        key, more = KEYS[index % 2], DICTS[(index // 2) % 2]
        for results in ((True,), (False,), (False, True)) if looks else ((True,),):
            yield run(program, (f0, f1, value, key, LISTS[index % 3], more), results)
        yield run(program, (f0, f1, value, key, LISTS[(index + 1) % 3], more), (True,))
