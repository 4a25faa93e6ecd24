"""The plugin where nobody asks for it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent


def test_the_plugin_imports_nothing_where_it_is_not_asked_for(tmp_path):
    (tmp_path / "test_nothing.py").write_text("def test_nothing(): pass\n")
    (tmp_path / "conftest.py").write_text(
        "import sys\ndef pytest_unconfigure():\n"
        "    print('loaded', 'vipps_lint.guard.plugin' in sys.modules, sorted({'pydantic', 'phonenumbers', 'requests',"
        " 'httpx', 'vipps_lint.catalog', 'vipps_lint.call'} & set(sys.modules)))\n"
    )
    command = [sys.executable, "-m", "pytest", "-q", "-p", "vipps_lint.guard.plugin", "--rootdir", str(tmp_path)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert "loaded True []" in done.stdout, done.stdout + done.stderr
