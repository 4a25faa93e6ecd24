"""Values that come from other modules, from settings and from the environment."""

from __future__ import annotations

from typing import Any

import pytest
from forms import Either, sent

FORMS = [
    pytest.param({"settings.py": "KEY = 'k'"}, "from shop.settings import KEY", "KEY", "k", id="a name of another module"),
    pytest.param({"vipps/__init__.py": "", "vipps/keys.py": "KEY = 'k'"}, "import vipps.keys", "vipps.keys.KEY", "k", id="the dotted name of a module"),
    pytest.param({"settings.py": "KEY = 'k'"}, "import shop.settings as s", "s.KEY", "k", id="another name for a module"),
    pytest.param({"settings.py": "KEY = 'k'"}, "from .settings import KEY as K", "K", "k", id="a relative import"),
    pytest.param({"settings.py": "KEY = 'k'"}, "from . import settings", "settings.KEY", "k", id="a module of the same folder"),
    pytest.param({"../conf.py": "KEY = 'k'"}, "from ..conf import KEY", "KEY", "k", id="a module of the folder above"),
    pytest.param(
        {"vipps/__init__.py": "from .keys import KEY", "vipps/keys.py": "KEY = 'k'"}, "from .vipps import KEY", "KEY", "k",
        id="a package that hands on a name",
    ),
    pytest.param(
        {"vipps/__init__.py": "from .keys import *", "vipps/keys.py": "KEY = 'k'"}, "from .vipps import KEY", "KEY", "k",
        id="a package that hands on all names",
    ),
    pytest.param({"settings.py": "KEY = 'k'"}, "from .settings import *", "KEY", "k", id="a star import"),
    pytest.param({"settings.py": "KEY = 'k'"}, "from .settings import *\nKEY = 'own'", "KEY", "own", id="a star import before a name"),
    pytest.param({}, "KEY = 'k'\nfrom .nowhere import *", "KEY", Either("k", ...), id="a star import of what is not seen may set a name again"),
    pytest.param({}, "from .nowhere import KEY", "KEY", ..., id="a module that is not seen"),
    pytest.param({"settings.py": "OTHER = 1"}, "from .settings import KEY", "KEY", ..., id="a name that a module does not set"),
    pytest.param(
        {"a.py": "from . import b\nX = 1\ndef f():\n    return b.Y", "b.py": "from .a import X\nY = X"}, "from .a import f", "f()", 1,
        id="modules that import each other",
    ),
    pytest.param({"a.py": "from .b import X", "b.py": "from .a import X"}, "from .a import X", "X", ..., id="a name that goes in a circle"),
    pytest.param({"keys.py": "def key(n):\n    return f'k{n}'"}, "from .keys import key", "key(1)", "k1", id="a function of another module"),
    pytest.param({"keys.py": "BASE = 'b'\ndef key():\n    return BASE"}, "from .keys import key\nBASE = 'own'", "key()", "b", id="a function sees its own module's names"),
    pytest.param({"s.py": "KEY = 1\ndef change():\n    global KEY\n    KEY = 2"}, "from . import s", "s.KEY", Either(1, ...), id="a name that a function sets"),
    pytest.param({"s.py": "KEYS = {}\ndef change(v):\n    KEYS['a'] = v\nKEYS['a'] = 1"}, "from .s import KEYS", "KEYS['a']", Either(1, ...), id="a dict that a function changes"),
    pytest.param({"s.py": "KEYS = {'a': 1}"}, "from .s import KEYS", "KEYS['a']", 1, id="a dict that nothing changes"),
    pytest.param({"s.py": "try:\n    from .local import KEY\nexcept ImportError:\n    KEY = 1"}, "from .s import KEY", "KEY", Either(1, ...), id="a module that may not be there"),
    pytest.param({"s.py": "if DEBUG:\n    KEY = 1\nelse:\n    KEY = 2"}, "from .s import KEY", "KEY", Either(1, 2), id="a branch in a module"),
    pytest.param({"settings.py": "KEY = 'k'"}, "from django.conf import settings", "settings.KEY", ..., id="settings of Django may come from any module"),
    pytest.param({}, "import os", "os.environ['KEY']", ..., id="the environment"),
    pytest.param({}, "import os", "os.environ.get('KEY')", ..., id="the environment without a default"),
    pytest.param({}, "import os", "os.environ.get('KEY', 'k')", Either("k", ...), id="the environment with a default"),
    pytest.param({}, "import os", "os.getenv('KEY', default='k')", Either("k", ...), id="getenv with a default by name"),
    pytest.param({}, "import os", "os.environ.get('KEY') or 'k'", Either("k", ...), id="a default behind `or`"),
    pytest.param({}, "from os import environ", "environ.get('KEY', 'k')", Either("k", ...), id="environ by its own name"),
    pytest.param({}, "from decouple import config", "config('KEY', default='k')", Either("k", ...), id="decouple"),
    pytest.param({}, "from environ import Env\nenv = Env()", "env('KEY', default='k')", Either("k", ...), id="django-environ"),
    pytest.param({}, "import os\nclass Config:\n    KEY = os.getenv('KEY', 'k')\nconfig = Config()", "config.KEY", Either("k", ...), id="a config object of one's own"),
    pytest.param({"conf.py": "class Config:\n    KEY = 'k'\nconfig = Config()"}, "from .conf import config", "config.KEY", "k", id="a config object that nothing changes"),
    pytest.param({"conf.py": "class Config:\n    KEY = 'k'\nconfig = Config()\ndef load(c):\n    c.KEY = 1"}, "from .conf import config", "config.KEY", Either("k", ...), id="a config object that something changes"),
    pytest.param(
        {"conf.py": "from pydantic_settings import BaseSettings\nclass Settings(BaseSettings):\n    key: str = 'k'\nsettings = Settings()"},
        "from .conf import settings", "settings.key", Either("k", ...), id="settings of pydantic are read from the environment",
    ),
    pytest.param(
        {"conf.py": "from pydantic_settings import BaseSettings\nclass Settings(BaseSettings):\n    key: str\nsettings = Settings()"},
        "from .conf import settings", "settings.key", ..., id="settings of pydantic without a default",
    ),
    pytest.param(
        {"conf.py": "from functools import lru_cache\nclass S:\n    key = 'k'\n@lru_cache\ndef get():\n    return S()"},
        "from .conf import get", "get().key", "k", id="a cached function that gives the settings",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("files", "setup", "expression", "expected"), FORMS)
def test_form(files: dict[str, str], setup: str, expression: str, expected: Any) -> None:
    assert sent(setup, expression, files=files) == expected
