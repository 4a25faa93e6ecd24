"""URLs to operations and back, whole and in pieces."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vipps_lint.call import Operation
from vipps_lint.catalog import catalog
from vipps_lint.document import MAYBE, NO, YES, Hole, Object, Template, Value
from vipps_lint.examples import good_request
from vipps_lint.read.routes import Match, Routes

CATALOG = catalog()
ROUTES = Routes(CATALOG.operations.values())
OPERATIONS = list(CATALOG.operations.values())

BASE = Hole(symbol="base", source="base")
ID = Hole(symbol="id", source="order.id")
ANY = Hole(source="path")
API = "https://api.vipps.no"


def found(method: str | None, url: Value) -> Match:
    match = ROUTES.match(method, url)
    assert match is not None
    return match


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.id)
def test_good_request_is_its_operation(operation: Operation) -> None:
    request = good_request(CATALOG, operation.id)
    match = found(operation.method, request.url)
    assert match.operation is operation and match.known is YES
    assert set(match.parameters) <= set(request.parameters)
    assert all(request.parameters[name] == value for name, value in match.parameters.items())


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.id)
def test_route_with_unknown_parameters_is_its_operation(operation: Operation) -> None:
    pieces = [part for step in operation.route.split("{") for part in step.split("}")]
    parts = tuple(Hole(symbol=part) if number % 2 else part for number, part in enumerate(pieces) if part)
    match = found(operation.method, Template((BASE, *parts)))
    assert match.operation is operation
    assert all(value == Hole(symbol=name) for name, value in match.parameters.items())


@pytest.mark.parametrize(
    ("method", "url", "operation"),
    [
        pytest.param("PUT", f"{API}/ecomm/v2/payments/1/cancel", "ecom.cancel-payment", id="a whole URL"),
        pytest.param("PUT", "/ecomm/v2/payments/1/cancel", "ecom.cancel-payment", id="a path"),
        pytest.param("PUT", "ecomm/v2/payments/1/cancel", "ecom.cancel-payment", id="a path without its first slash"),
        pytest.param("PUT", f"{API}/ecomm/v2/payments/1/cancel/", "ecom.cancel-payment", id="a slash at the end"),
        pytest.param(
            "GET", f"{API}/ecomm/v2/payments/1/details?x=1#y", "ecom.get-payment-details", id="query and fragment"
        ),
        pytest.param("POST", f"{API}/accessToken/get", "access-token.get-token", id="capitals do not count"),
        pytest.param(
            "PUT", Template((BASE, "/ecomm/v2/payments/", ID, "/cancel")), "ecom.cancel-payment", id="an unknown base"
        ),
        pytest.param(
            "PUT", Template((BASE, "ecomm/v2/payments/1/cancel")), "ecom.cancel-payment", id="a base with its slash"
        ),
        pytest.param(
            "PUT", Template(("/ecomm/v2/payments/acme-", ID, "/cancel")), "ecom.cancel-payment", id="half an id"
        ),
        pytest.param(
            "POST", f"{API}/recurring/v3/agreements/charges", "recurring-v3.create-charges", id="a word beats an id"
        ),
        pytest.param("GET", "http://localhost:8080/epayment/v1/payments/1", "epayment.get-payment", id="a stand-in"),
        pytest.param("GET", "https://proxy.example/vipps/epayment/v1/payments/1", "epayment.get-payment", id="a proxy"),
    ],
)
def test_recognised(method: str, url: Value, operation: str) -> None:
    match = found(method, url)
    assert match.operation is CATALOG.operations[operation]


@pytest.mark.parametrize(
    ("method", "url", "nearest"),
    [
        pytest.param(
            "POST", f"{API}/ecom/v2/payments", "POST /ecomm/v2/payments", id="a prefix that people write wrongly"
        ),
        pytest.param("POST", f"{API}/ecomm/v2/payment", "POST /ecomm/v2/payments", id="a missing letter"),
        pytest.param(
            "POST", f"{API}/ecomm/v2/payments/1/cancel", "PUT /ecomm/v2/payments/{orderId}/cancel", id="a wrong method"
        ),
        pytest.param(
            "PUT",
            f"{API}/recurring/v3/agreements/agr_1",
            "PATCH /recurring/v3/agreements/{agreementId}",
            id="a wrong method that sends a body is another that sends one",
        ),
        pytest.param(
            "GET", "/ecomm/v2/payments/1/detail", "GET /ecomm/v2/payments/{orderId}/details", id="a path only"
        ),
        pytest.param(
            "POST",
            Template((BASE, "/ecomm/v2/payment/", ID, "/capture")),
            "POST /ecomm/v2/payments/{orderId}/capture",
            id="a typing error around an unknown id",
        ),
        pytest.param("GET", f"{API}/recurring/v3/invoices/1/lines", None, id="nothing is near"),
        pytest.param("GET", f"{API}/webhooks/v1/orders", None, id="a common prefix at Vipps itself"),
        pytest.param(
            "GET", f"{API}/ecomm/v2/payments//details", "GET /ecomm/v2/payments/{orderId}/details", id="an empty id"
        ),
    ],
)
def test_certainly_no_operation(method: str, url: Value, nearest: str | None) -> None:
    match = found(method, url)
    assert (match.operation, match.known, match.nearest) == (None, NO, nearest)


@pytest.mark.parametrize(
    ("method", "url"),
    [
        pytest.param("GET", Template((BASE, "/ecomm/v2", ANY)), id="the path goes on with something unknown"),
        pytest.param("POST", Template((BASE, "/ecomm/v2/", ANY)), id="a step that is not known"),
        pytest.param("POST", Template((BASE, "/epayment/v1/payments/", ANY)), id="an id that may be an id and a verb"),
        pytest.param("PUT", Template((BASE, "/ecomm/v2/payments/", ID, "/", ANY)), id="an unknown verb"),
        pytest.param("PUT", Template((BASE, "/ecomm/v2/payments/", ID, "/cancel", ANY)), id="something after the verb"),
        pytest.param(
            "GET", Template((BASE, "/ecomm/v2/payments/", ID, ANY, "x=1")), id="a piece that may begin the query"
        ),
        pytest.param(None, f"{API}/ecomm/v2/payments/1/cancel", id="an unknown method"),
        pytest.param("OPTIONS", f"{API}/ecomm/v2/payments", id="a preflight"),
    ],
)
def test_undecided(method: str | None, url: Value) -> None:
    match = found(method, url)
    assert (match.operation, match.known) == (None, MAYBE)


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("https://api.github.com/repos", id="another API"),
        pytest.param("/my/ecomm/v2beta/payments", id="a longer word"),
        pytest.param("https://shop.example/webhooks/v1/orders", id="a common prefix elsewhere"),
        pytest.param(Template((BASE, "/webhooks/v1/orders")), id="a common prefix who knows where"),
        pytest.param("https://shop.example/ecomm/v2/payments/1", id="the shop's own callback"),
        pytest.param("https://shop.example/webhooks/v1/webhooks", id="a common path elsewhere"),
        pytest.param(BASE, id="nothing is known"),
        pytest.param(7, id="no text"),
        pytest.param("", id="nothing"),
    ],
)
def test_none_of_vipps(url: Value) -> None:
    assert ROUTES.match("GET", url) is None


@pytest.mark.parametrize(
    ("url", "scheme", "host"),
    [
        pytest.param("https://api.vipps.no/qr/v1", "https", "api.vipps.no", id="written out"),
        pytest.param("HTTP://api.vipps.no:8080/qr/v1", "http", "api.vipps.no:8080", id="scheme and port"),
        pytest.param(Template(("https://", BASE, "/qr/v1")), "https", BASE, id="an unknown host"),
        pytest.param(
            Template(("https://", BASE, ".vipps.no/qr/v1")),
            "https",
            Template((BASE, ".vipps.no")),
            id="an unknown part",
        ),
    ],
)
def test_host(url: Value, scheme: str, host: Value) -> None:
    match = found("POST", url)
    assert (match.url.scheme, match.url.host) == (scheme, host)


def test_two_urls_on_one_unknown_base_have_one_host() -> None:
    one = found("POST", Template((BASE, "/epayment/v1/payments")))
    other = found("GET", Template((BASE, "/epayment/v1/payments/1")))
    assert isinstance(one.url.host, Hole) and one.url.host.symbol is not None
    assert one.url.host == other.url.host


@pytest.mark.parametrize(
    ("url", "query"),
    [
        pytest.param("/qr/v1?a=1&b=", Object({"a": "1", "b": ""}), id="fields"),
        pytest.param("/qr/v1?a=%2B47%2591", Object({"a": "+47%91"}), id="decoded once"),
        pytest.param(Template(("/qr/v1?a=", ID)), Object({"a": ID}), id="an unknown value"),
        pytest.param(Template(("/qr/v1?a=1&", ANY)), Object({"a": "1"}, open=True), id="unknown fields"),
        pytest.param("/qr/v1#?a=1", Object({}), id="a fragment is no query"),
    ],
)
def test_query(url: Value, query: Object) -> None:
    assert found("POST", url).url.query == query


def test_what_the_user_sees_of_a_path() -> None:
    assert found("GET", Template((BASE, "/ecomm/v2/payments/", ID, "/x"))).url.path == "/ecomm/v2/payments/{order.id}/x"


PIECES = st.sampled_from(
    ["/", "ecomm", "/ecomm/v2", "/payments", "https://", "api.vipps.no", "?", "#", "%2", "é", "\U000f0001", "1"]
)


@given(
    st.lists(PIECES | st.text(max_size=3) | st.just(ANY), min_size=1, max_size=12),
    st.sampled_from(["GET", "PUT", None]),
)
def test_a_url_is_never_too_strange(pieces: list[str | Hole], method: str | None) -> None:
    match = ROUTES.match(method, Template(tuple(pieces)))
    assert match is None or (match.operation is not None) == (match.known is YES)


@given(st.sampled_from(OPERATIONS), st.data())
def test_hiding_a_piece_of_a_url_never_makes_it_unknown(operation: Operation, data: st.DataObject) -> None:
    url = good_request(CATALOG, operation.id).url
    prefix = next(prefix for prefix in operation.api.prefixes if operation.route.startswith(prefix))
    start = url.index("/", 8) + len(prefix)
    cut = sorted(data.draw(st.integers(start, len(url))) for _ in range(2))
    match = ROUTES.match(operation.method, Template((url[: cut[0]], Hole(), url[cut[1] :])))
    assert match is None or match.known is not NO


def test_a_very_long_path_is_read_too() -> None:
    assert found("GET", "/ecomm/v2/" + "y/" * 20_000).known is NO


HOSTS = ["api.vipps.no", "apitest.vipps.no", "ece46ec4-6f9c-489b-8fe5-146a89e11635.tech-02.net", "api.vipps.no:443", "qr.vipps.no"]
STEP = st.text("aZ09._-", min_size=1, max_size=4) | st.sampled_from(["payments", "v2", "qr", "%20", "", "ecomm", "a?b=c", "x#y", "\U000f0000"])


@given(st.sampled_from(OPERATIONS), st.sampled_from(["GET", "POST", "PUT", None]), st.sampled_from(HOSTS), st.lists(STEP, min_size=4, max_size=4), st.data())
def test_the_quick_look_at_a_url_sees_what_a_closer_one_sees(
    operation: Operation, method: str | None, host: str, steps: list[str], data: st.DataObject
) -> None:
    written = operation.route.strip("/").split("/")
    filled = [steps[index % 4] if one.startswith("{") else one for index, one in enumerate(written)]
    if data.draw(st.booleans()):
        filled[data.draw(st.integers(0, len(filled) - 1))] = steps[0]
    asked = operation.method if data.draw(st.booleans()) else method
    url = f"https://{host}/{'/'.join(filled)}"
    quick = ROUTES._plain_match(asked, url)
    assert quick is None or quick == ROUTES._match(asked, url)


@pytest.mark.parametrize("operation", [one for one in OPERATIONS if not one.api.hosts], ids=lambda one: one.id)
def test_most_urls_need_no_closer_look(operation: Operation) -> None:
    path = re.sub(r"\{[^}]*\}", "acme-42", operation.route)
    assert ROUTES._plain_match(operation.method, f"{API}{path}") is not None
