"""What is built is what is used: wheel, source distribution and editable install carry all data files."""

from __future__ import annotations

import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent
DATA = {f"rules/{path.relative_to(ROOT / 'rules').as_posix()}" for path in (ROOT / "rules").rglob("*.toml")}


def run(*command: str | Path, cwd: Path) -> str:
    done = subprocess.run([str(part) for part in command], cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the source distribution and the wheel that is built from it."""
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--outdir", folder, ROOT, cwd=folder)
    return folder


def python_of(folder: Path, *arguments: str | Path) -> Path:
    """The Python of a fresh environment with one package; its dependencies are those of the running Python."""
    venv.create(folder, with_pip=True)
    python = next(path for path in (folder / "bin" / "python", folder / "Scripts" / "python.exe") if path.exists())
    site = run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=folder).strip()
    ours = [path for path in sys.path if path.endswith("site-packages")]
    run(python, "-m", "pip", "install", "-q", "--no-deps", "--disable-pip-version-check", *arguments, cwd=folder)
    # behind the environment's own packages, so that what was just installed is what runs
    (Path(site) / "zz-dependencies.pth").write_text("\n".join(ours))
    return python


def test_the_wheel_has_the_rules_and_the_schema(built: Path) -> None:
    with zipfile.ZipFile(next(built.glob("*.whl"))) as wheel:
        names = set(wheel.namelist())
    assert {f"vipps_lint/{name}" for name in DATA} <= names
    assert any(name.startswith("vipps_lint/") and name.endswith("record.schema.json") for name in names)
    assert "vipps_lint/py.typed" in names
    assert {f"vipps_lint/report/html/{name}" for name in ("page.html.j2", "parts.html.j2", "style.css")} <= names
    assert not {name.split("/")[0] for name in names} - {"vipps_lint", "vipps_lint-0.1.0.dist-info"}


def test_the_source_distribution_has_everything_to_test_with(built: Path) -> None:
    with tarfile.open(next(built.glob("*.tar.gz"))) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert names >= DATA
    assert {"pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md", ".pre-commit-hooks.yaml", ".ci/run"} <= names
    assert {"vipps_lint/cli/options.py", "tests/test_packaging.py"} <= names


def test_the_wheel_runs_in_a_fresh_environment(built: Path, tmp_path: Path) -> None:
    python = python_of(tmp_path / "env", next(built.glob("*.whl")))
    where = run(python, "-c", "import vipps_lint; print(vipps_lint.__file__)", cwd=tmp_path)
    assert str(tmp_path / "env") in where
    shown = run(python, "-m", "vipps_lint", "rules", cwd=tmp_path)
    assert {path.stem for path in (ROOT / "rules").glob("*.toml")} <= {line.split()[0] for line in shown.splitlines()}
    assert '"$schema"' in run(python.parent / "vipps-lint", "audit", "--schema", cwd=tmp_path)


def test_an_editable_install_reads_the_rules_of_the_checkout(tmp_path: Path) -> None:
    python = python_of(tmp_path / "env", "-e", ROOT)
    folder = run(python, "-c", "from vipps_lint.catalog import folder; print(folder())", cwd=tmp_path)
    assert Path(folder.strip()) == ROOT / "rules"
    assert "mobile-number-not-national" in run(python, "-m", "vipps_lint", "rules", cwd=tmp_path)
