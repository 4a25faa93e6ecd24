"""The maintainers' script that fetches the official files, from a server of our own."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from functools import partial
from hashlib import sha256
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from types import ModuleType

import pytest

SCRIPT = Path(__file__).parents[1] / "tools" / "fetch_specs.py"
CONTENT = b"openapi: 3.0.0\n"


@pytest.fixture(scope="module")
def script() -> ModuleType:
    if not SCRIPT.exists():
        pytest.skip("an installed package has no tools")
    specification = importlib.util.spec_from_file_location("fetch_specs", SCRIPT)
    assert specification and specification.loader
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


@pytest.fixture
def home(tmp_path: Path) -> Iterator[str]:
    place = tmp_path / "home" / "vipps" / "shop" / "c0ffee"
    place.mkdir(parents=True)
    (place / "swagger.yaml").write_bytes(CONTENT)
    handler = partial(SimpleHTTPRequestHandler, directory=str(tmp_path / "home"))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def decided(folder: Path, path: str = "swagger.yaml", digest: str = sha256(CONTENT).hexdigest()) -> Path:
    place = folder / "decided.toml"
    place.write_text(f'[files]\n"shop.yaml" = {{ home = "vipps/shop/c0ffee/{path}", sha256 = "{digest}" }}\n')
    return place


def test_what_is_missing_is_fetched_and_what_is_there_is_not(script: ModuleType, tmp_path: Path, home: str) -> None:
    script.main(tmp_path / "specs", decided(tmp_path), home)
    assert (tmp_path / "specs" / "shop.yaml").read_bytes() == CONTENT
    script.main(tmp_path / "specs", decided(tmp_path), "http://127.0.0.1:1")


@pytest.mark.parametrize(
    ("path", "digest", "sentence"),
    [
        pytest.param("gone.yaml", "0" * 64, "gone.yaml: File not found; fetch it by hand", id="no such file"),
        pytest.param("swagger.yaml", "0" * 64, "not the file that tools/decided.toml knows", id="another file"),
    ],
)
def test_a_file_that_cannot_be_had_is_one_sentence(
    script: ModuleType, tmp_path: Path, home: str, path: str, digest: str, sentence: str
) -> None:
    with pytest.raises(SystemExit, match=sentence):
        script.main(tmp_path / "specs", decided(tmp_path, path, digest), home)
    assert not list((tmp_path / "specs").iterdir())
