"""Fields that classes declare: what is certain of a value because of the model it comes from."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from vipps_lint.catalog import catalog
from vipps_lint.check import check_paths

PAY = """
import dataclasses
import requests
from django.db import models
from django.contrib.auth import get_user_model
from django.conf import settings
from phonenumber_field.modelfields import PhoneNumberField
from phonenumber_field import formfields
from pydantic import BaseModel
from sqlalchemy import Column, Float, Numeric
from sqlalchemy.orm import Mapped, mapped_column

{classes}

def pay(order{annotation}, headers):
{steps}
    body = {{
        "customerInfo": {{"mobileNumber": {phone}}},
        "transaction": {{"orderId": "acme-1042", "amount": {amount}, "transactionText": "Wool socks"}},
    }}
    response = requests.post("https://api.vipps.no/ecomm/v2/payments", json=body, headers=headers, timeout=10)
    response.raise_for_status()
"""

USERS = """
from django.contrib.auth.models import AbstractUser
from phonenumber_field.modelfields import PhoneNumberField

class User(AbstractUser):
    phone = PhoneNumberField(blank=True)
    note = "x"
"""


def found(folder: Path, classes: str, steps: str = "pass", settings: str = "", **changes: str) -> dict[str, str]:
    """What is said of amount and phone number, by rule, in a project with a user model."""
    plain = {"annotation": "", "amount": "49900", "phone": "'91234567'"}
    indented = "\n".join("    " + line for line in steps.splitlines())
    files = {
        "shop/__init__.py": "",
        "shop/pay.py": PAY.format_map({**plain, **changes, "classes": classes, "steps": indented}),
        "users/__init__.py": "",
        "users/models.py": USERS,
        "settings.py": settings,
    }
    for path, text in files.items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    report = check_paths([folder], catalog(), today=date(2026, 11, 22))
    assert not report.notes and not any(one.internal for one in report.diagnostics)
    return {one.rule: one.message for one in report.diagnostics if "amount" in one.rule or "mobile" in one.rule}


ORDER = "class Order(models.Model):\n    phone = PhoneNumberField()\n    def __str__(self):\n        return 'x'"
OWNED = "class Order(models.Model):\n    user = models.ForeignKey({}, on_delete=models.CASCADE)"
KNOWN_USER = "AUTH_USER_MODEL = 'users.User'"
ANNOTATED = ": Order"


@pytest.mark.parametrize(
    ("classes", "steps", "phone", "annotation"),
    [
        pytest.param(ORDER, "pass", "str(order.phone)", ANNOTATED, id="the text of a number of an annotated order"),
        pytest.param(ORDER, "pass", "f'{order.phone}'", ": 'Order'", id="in an f-string, the annotation in quotes"),
        pytest.param(ORDER, "pass", "order.phone.as_e164", ANNOTATED, id="E.164 asked for"),
        pytest.param(ORDER, "order = Order.objects.get(pk=1)", "str(order.phone)", "", id="an order from a query"),
        pytest.param(
            ORDER, "order = Order.objects.select_related().filter(pk=1).first()", "str(order.phone)", "", id="a longer query"
        ),
        pytest.param(ORDER, "order = Order()\norder.phone = headers", "str(order.phone)", "", id="a new order, set"),
        pytest.param(ORDER, "order = Order()\norder.save()", "str(order.phone)", "", id="a new order, saved"),
        pytest.param(
            ORDER + "\ndef text(of):\n    return str(of.phone)", "pass", "text(order)", ANNOTATED, id="a helper that is given the order"
        ),
        pytest.param(
            ORDER + "\ndef text(of: Order):\n    return str(of.phone)", "pass", "text(order)", "", id="a helper that says what it is given"
        ),
        pytest.param(
            ORDER + "\nclass Gift(Order):\n    pass", "pass", "str(order.phone)", ": Gift", id="an inherited field"
        ),
        pytest.param(OWNED.format("settings.AUTH_USER_MODEL"), "pass", "str(order.user.phone)", ANNOTATED, id="the settings' user model"),
        pytest.param(OWNED.format("get_user_model()"), "pass", "str(order.user.phone)", ANNOTATED, id="the user model, asked for"),
        pytest.param(OWNED.format("'users.User'"), "pass", "str(order.user.phone)", ANNOTATED, id="a user by label"),
        pytest.param(OWNED.format("to='users.User'"), "pass", "str(order.user.phone)", ANNOTATED, id="a user by name"),
        pytest.param(
            ORDER + "\nclass Line(models.Model):\n    order = models.ForeignKey(Order)", "pass", "str(order.order.phone)", ": Line",
            id="an order by class",
        ),
        pytest.param(
            ORDER + "\nclass Line(models.Model):\n    order = models.ForeignKey('Order')", "order = Line()\norder.order = headers",
            "str(order.order.phone)", "", id="a relation decides what is set",
        ),
    ],
)  # fmt: skip
def test_a_phone_number_is_e164(tmp_path: Path, classes: str, steps: str, phone: str, annotation: str) -> None:
    said = found(tmp_path, classes, steps, KNOWN_USER, phone=phone, annotation=annotation)
    assert said.keys() == {"mobile-number-not-national"}


def test_what_is_said_of_a_phone_number(tmp_path: Path) -> None:
    said = found(tmp_path, ORDER, phone="str(order.phone)", annotation=ANNOTATED)
    assert said == {"mobile-number-not-national": "mobile number `+{order.phone}` is not eight digits"}


@pytest.mark.parametrize(
    ("classes", "phone", "annotation", "settings"),
    [
        pytest.param(ORDER, "str(order.phone)", "", "", id="an order that may be anything"),
        pytest.param(ORDER, "str(order.phone)", ": Unknown", "", id="an order of a class that is not seen"),
        pytest.param(ORDER, "str(order.phone)", ": list[Order]", "", id="several orders"),
        pytest.param(ORDER, "str(order.phone.national_number)", ANNOTATED, "", id="the national number"),
        pytest.param(ORDER, "str(order.phone)[3:]", ANNOTATED, "", id="cut"),
        pytest.param(ORDER, "str(order.phone).replace('+47', '')", ANNOTATED, "", id="the country code replaced"),
        pytest.param(ORDER, "national(order.phone)", ANNOTATED, "", id="given to code that is not seen"),
        pytest.param(ORDER, "order.phone.as_national", ANNOTATED, "", id="in another format"),
        pytest.param(ORDER, "str(order.phone)", ANNOTATED, "PHONENUMBER_DEFAULT_FORMAT = 'NATIONAL'", id="the settings say another format"),
        pytest.param(ORDER, "str(order.telephone)", ANNOTATED, "", id="another field"),
        pytest.param("class Order(models.Model):\n    phone = models.CharField()", "str(order.phone)", ANNOTATED, "", id="plain text"),
        pytest.param("class Order:\n    phone = formfields.PhoneNumberField()", "str(order.phone)", ANNOTATED, "", id="the field of a form"),
        pytest.param(OWNED.format("settings.AUTH_USER_MODEL"), "str(order.user.phone)", ANNOTATED, "", id="no user model in the settings"),
        pytest.param(OWNED.format("'staff.User'"), "str(order.user.phone)", ANNOTATED, "", id="a model that is not there"),
        pytest.param(OWNED.format("models"), "str(order.user.phone)", ANNOTATED, "", id="a relation to something unknown"),
    ],
)  # fmt: skip
def test_what_may_be_right_is_not_reported(
    tmp_path: Path, classes: str, phone: str, annotation: str, settings: str
) -> None:
    assert found(tmp_path, classes, settings=settings, phone=phone, annotation=annotation) == {}


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        pytest.param("(models.Model):\n    price = models.FloatField()", True, id="a FloatField"),
        pytest.param("(BaseModel):\n    price: float", True, id="a field of pydantic"),
        pytest.param("(BaseModel):\n    price: float = 0.0", True, id="a field of pydantic with a default"),
        pytest.param(":\n    price: float", True, id="an annotated attribute"),
        pytest.param("(Base):\n    price = Column(Float, nullable=False)", True, id="a column"),
        pytest.param("(Base):\n    price: Mapped[float] = mapped_column()", True, id="a mapped column"),
        pytest.param("(Base):\n    price = mapped_column(Float())", True, id="a mapped column of a type"),
        pytest.param("(models.Model):\n    price = models.DecimalField(decimal_places=2)", False, id="a DecimalField"),
        pytest.param("(Base):\n    price = Column(Numeric(10, 2))", False, id="a numeric column"),
        pytest.param("(BaseModel):\n    price: 'Decimal'", False, id="an annotated Decimal"),
        pytest.param("(BaseModel):\n    price: int", False, id="an annotated int"),
        pytest.param("(Base):\n    cost = Column(Float)", False, id="another column"),
        pytest.param(":\n    price: float\n    @property\n    def price(self):\n        return 1", False, id="a property of that name"),
    ],
)  # fmt: skip
def test_a_float_field_times_100(tmp_path: Path, field: str, expected: bool) -> None:
    said = found(tmp_path, f"class Order{field}", amount="int(order.price * 100)", annotation=ANNOTATED)
    assert ("amount-float-arithmetic" in said) is expected
