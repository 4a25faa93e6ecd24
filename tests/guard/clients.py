"""Every client that the guard watches, each as one function: `client("POST", url, json=..., headers=...)`.

It gives the status and the body, follows redirects, and lets errors of the network through.
"""

from __future__ import annotations

import asyncio
import http.client
import json as jsons
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

import aiohttp
import httpx
import httpx2
import requests
import urllib3

Client = Callable[..., tuple[int, bytes]]

def with_requests(method: str, url: str, **options: Any) -> tuple[int, bytes]:
    response = requests.request(method, url, timeout=5, **options)
    return response.status_code, response.content


def with_requests_session(method: str, url: str, **options: Any) -> tuple[int, bytes]:
    with requests.Session() as session:
        response = session.request(method, url, timeout=5, **options)
        return response.status_code, response.content


def _with_httpx(module: Any) -> Client:
    def send(method: str, url: str, **options: Any) -> tuple[int, bytes]:
        with module.Client(follow_redirects=True) as client:
            response = client.request(method, url, **options)
            return response.status_code, response.content

    return send


def _with_httpx_async(module: Any) -> Client:
    def send(method: str, url: str, **options: Any) -> tuple[int, bytes]:
        async def run() -> tuple[int, bytes]:
            async with module.AsyncClient(follow_redirects=True) as client:
                response = await client.request(method, url, **options)
                return response.status_code, response.content

        return asyncio.run(run())

    return send


def with_aiohttp(method: str, url: str, **options: Any) -> tuple[int, bytes]:
    async def run() -> tuple[int, bytes]:
        async with aiohttp.ClientSession() as session, session.request(method, url, **options) as response:
            return response.status, await response.read()

    return asyncio.run(run())


def with_urllib3(method: str, url: str, **options: Any) -> tuple[int, bytes]:
    body, headers = _message(**options)
    with urllib3.PoolManager(retries=urllib3.Retry(total=None, connect=0, read=0, redirect=5)) as pool:
        response = pool.request(method, url, body=body, headers=headers)
        return response.status, response.data


def with_urllib(method: str, url: str, **options: Any) -> tuple[int, bytes]:
    body, headers = _message(**options)
    request = urllib.request.Request(url, body, headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=5) as response:
            return response.status, response.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def with_http_client(method: str, url: str, **options: Any) -> tuple[int, bytes]:
    body, headers = _message(**options)
    whole = urlsplit(url)
    kind = http.client.HTTPSConnection if whole.scheme == "https" else http.client.HTTPConnection
    connection = kind(whole.netloc, timeout=5)
    try:
        connection.request(method, whole._replace(scheme="", netloc="").geturl(), body, headers)
        response = connection.getresponse()
        content = response.read()
    finally:
        connection.close()
    onward = response.headers.get("Location")
    return with_http_client(method, urljoin(url, onward), **options) if onward else (response.status, content)


def _message(json: Any = None, data: Any = None, headers: dict[str, str] | None = None) -> tuple[Any, dict[str, str]]:
    """Body and headers, for clients that do not write JSON and forms themselves."""
    if json is not None:
        return jsons.dumps(json).encode(), {"Content-Type": "application/json", **(headers or {})}
    if isinstance(data, dict):
        return urlencode(data).encode(), {"Content-Type": "application/x-www-form-urlencoded", **(headers or {})}
    return data, headers or {}


CLIENTS: dict[str, Client] = {
    "requests": with_requests,
    "a requests session": with_requests_session,
    "httpx": _with_httpx(httpx),
    "httpx async": _with_httpx_async(httpx),
    "httpx2": _with_httpx(httpx2),
    "httpx2 async": _with_httpx_async(httpx2),
    "aiohttp": with_aiohttp,
    "urllib3": with_urllib3,
    "urllib.request": with_urllib,
    "http.client": with_http_client,
}
