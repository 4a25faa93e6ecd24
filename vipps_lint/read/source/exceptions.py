"""The exceptions of the known clients: which classes there are, and whose errors a handler gets."""

from __future__ import annotations

EVERYTHING = frozenset({"builtins.Exception", "builtins.BaseException"})
OF_THE_SYSTEM = frozenset({"builtins.OSError", "builtins.IOError", "builtins.EnvironmentError"})

ALIASES = {
    "requests.exceptions.": "requests.", "requests.models.": "requests.", "aiohttp.client_exceptions.": "aiohttp.",
    "aiohttp.client.": "aiohttp.", "urllib.request.HTTPError": "urllib.error.HTTPError",
    "urllib.request.URLError": "urllib.error.URLError", "urllib3.exceptions.": "urllib3.",
}  # fmt: skip
"""Other places that the classes are imported from."""

CLIENTS = {
    "requests.": "requests", "httpx.": "httpx", "aiohttp.": "aiohttp", "urllib.error.": "urllib", "urllib3.": "urllib3",
}  # fmt: skip
"""Whose classes begin with what."""

GENERAL = {
    "requests": EVERYTHING | OF_THE_SYSTEM | {"requests.RequestException"},
    "httpx": EVERYTHING | {"httpx.HTTPError"},
    "aiohttp": EVERYTHING | {"aiohttp.ClientError"},
    "urllib": EVERYTHING | OF_THE_SYSTEM | {"urllib.error.URLError"},
    "urllib3": EVERYTHING | {"urllib3.HTTPError"},
}  # fmt: skip
"""The classes that stand for all errors of a client; a `requests.RequestException` is an `IOError`."""

OF_STATUS = {
    "requests": "requests.HTTPError", "httpx": "httpx.HTTPStatusError", "aiohttp": "aiohttp.ClientResponseError",
    "urllib": "urllib.error.HTTPError",
}  # fmt: skip
"""The class that says that an answer has the status of an error."""


def known_as(name: str) -> str:
    """The name of a class without the place that it was imported from."""
    for prefix, short in ALIASES.items():
        if name.startswith(prefix):
            return short + name.removeprefix(prefix)
    return name


def client_of(name: str) -> str | None:
    """Whose class it is; None where it is of no known client."""
    return next((client for prefix, client in CLIENTS.items() if name.startswith(prefix)), None)


def is_general(name: str, client: str) -> bool:
    """Whether the class stands for all errors of a client, of one that is not known too."""
    if client in GENERAL:
        return name in GENERAL[client]
    return any(name in classes for classes in GENERAL.values())


def is_of_status(name: str, client: str) -> bool:
    """Whether the class stands for answers with the status of an error."""
    return name == OF_STATUS[client] if client in OF_STATUS else name in OF_STATUS.values()
