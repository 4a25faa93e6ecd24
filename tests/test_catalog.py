"""Rule files as people write them: a mistake is one line that names file, key and what is allowed there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from rule_files import RULE, folder_of, written

from vipps_lint.call import Call
from vipps_lint.catalog import Catalog, catalog
from vipps_lint.diagnostic import Severity
from vipps_lint.document import MAYBE, Hole, Object, from_json
from vipps_lint.rulefiles import RuleFileError


@pytest.fixture
def rules(tmp_path: Path) -> Iterator[Path]:
    yield from folder_of(tmp_path)


def test_a_right_file_is_a_rule(rules: Path) -> None:
    rule = written(rules, RULE)
    assert rule.name == "sample" and rule.operations == ("ecom.cancel-payment",)
    assert rule.otherwise == rule.help


@pytest.mark.parametrize(
    ("wrong", "right", "sentence"),
    [
        pytest.param("mesage = ", "message = ", "mesage: unknown key; did you mean `message`?", id="a key with a typo"),
        pytest.param(
            "colour = 1\nmessage = ",
            "message = ",
            "colour: unknown key (this table knows check, field, help,",
            id="no such key",
        ),
        pytest.param("", 'help = "send `true`"\n', "help: missing", id="a key is missing"),
        pytest.param(
            'severity = "eror"',
            'severity = "error"',
            "timeline.0.severity: input should be 'info', 'warning'",
            id="no such severity",
        ),
        pytest.param(
            "form = 2022", "from = 2022", "timeline.0.form: unknown key; did you mean `from`?", id="a typo in a table"
        ),
        pytest.param("from = 2022-13-01", "from = 2022-04-01", "not valid TOML", id="no such month"),
        pytest.param(
            'from = "soon"', "from = 2022-04-01", "timeline.0.from: input should be a valid date", id="no date"
        ),
        pytest.param(
            'use = "typ"',
            'use = "type"',
            "check.use: unknown check `typ`; allowed are again, answer-fields, answer-types,",
            id="no such check",
        ),
        pytest.param(
            'typ = "boolean"',
            'type = "boolean"',
            "check.typ: unknown key; did you mean `type`? ('type' knows type)",
            id="a typo in the check",
        ),
        pytest.param(
            "type = 7",
            'type = "boolean"',
            "check.type: input should be a valid string (found 7)",
            id="a wrong type in the check",
        ),
        pytest.param(
            "{valu}",
            "{value}",
            "message: unknown word `{valu}`; allowed are instead, operation, value",
            id="no such word",
        ),
        pytest.param(
            "ecom.cancel-order",
            "ecom.cancel-payment",
            "on: no operation is called `ecom.cancel-order`",
            id="no such operation",
        ),
        pytest.param(
            '[[invalid]]\noperation = "ecom.cancel"\n',
            "[[invalid]]\n",
            "invalid.0.operation: no operation is called `ecom.cancel`",
            id="no such operation in an example",
        ),
        pytest.param(
            '[[invalid]]\nhots = "x"\n',
            "[[invalid]]\n",
            "invalid.0.hots: unknown key; did you mean `host`?",
            id="a typo in an example",
        ),
        pytest.param(
            "",
            '\n[[invalid]]\nbody.shouldReleaseRemainingFunds = "true"\n',
            "invalid: missing",
            id="no invalid example",
        ),
        pytest.param("message = message\n", 'message = "`{value}` is no boolean"\n', "not valid TOML", id="no TOML"),
        pytest.param(
            "on = 7",
            'on = ["ecom.cancel-payment"]',
            "on: input should be a valid array (found 7)",
            id="on is a list or a table",
        ),
    ],
)
def test_a_mistake_is_one_line(rules: Path, wrong: str, right: str, sentence: str) -> None:
    assert RULE.count(right) >= 1
    with pytest.raises(RuleFileError) as caught:
        written(rules, RULE.replace(right, wrong, 1))
    text = str(caught.value)
    assert text.startswith(f"rules/sample.toml: {sentence}"), text
    assert "\n" not in text


@pytest.mark.parametrize(
    ("wrong", "right", "sentence"),
    [
        pytest.param(
            "rout = ", "route = ", "rules/api/ecom.toml: operations.initiate-payment.rout: unknown key", id="a typo"
        ),
        pytest.param(
            'method = "FETCH"',
            'method = "POST"',
            "rules/api/ecom.toml: operations.initiate-payment.method:",
            id="no method",
        ),
        pytest.param(
            'kind = "start"',
            'kind = "initiate"',
            "rules/api/ecom.toml: operations.initiate-payment.effects.0.kind:",
            id="no effect",
        ),
    ],
)
def test_a_mistake_in_an_operation_file_is_one_line(rules: Path, wrong: str, right: str, sentence: str) -> None:
    path = rules / "api" / "ecom.toml"
    path.write_text(path.read_text().replace(right, wrong, 1))
    with pytest.raises(RuleFileError) as caught:
        catalog(rules)
    assert str(caught.value).startswith(sentence) and "\n" not in str(caught.value)


def test_a_folder_without_operations_is_no_catalog(tmp_path: Path) -> None:
    with pytest.raises(RuleFileError, match="no operation files"):
        catalog(tmp_path)


def test_a_file_that_is_no_text_is_one_line(rules: Path) -> None:
    (rules / "sample.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(RuleFileError, match=r"^rules/sample\.toml: not valid TOML"):
        catalog(rules)


def cancel(body: dict[str, object] | Hole) -> Call:
    whole = catalog()
    operation = whole.operations["ecom.cancel-payment"]
    document = Object({"body": body if isinstance(body, Hole) else from_json(body)})
    return Call(operation.api, operation, operation.method, operation.route, document, succeeded=MAYBE)


STAGES = """timeline = [
    { from = 2022-01-01, severity = "warning" },
    { from = 2022-06-01, severity = "error" },
    { from = 2022-06-01, severity = "info", when = { "body.small" = true } },
    { from = 2022-09-01, severity = "off", when = { "body.exempt" = true } },
    { from = 2022-12-01, severity = "warning", help = "it is late" },
]"""


@pytest.mark.parametrize(
    ("day", "body", "severity"),
    [
        pytest.param("2021-12-31", {}, None, id="before it begins"),
        pytest.param("2022-01-01", {}, Severity.WARNING, id="on its first day"),
        pytest.param("2022-05-31", {}, Severity.WARNING, id="until the next stage"),
        pytest.param("2022-06-01", {}, Severity.ERROR, id="the next stage"),
        pytest.param("2022-06-01", {"small": True}, Severity.INFO, id="of two stages of one day the later listed"),
        pytest.param("2022-06-01", Hole(), Severity.ERROR, id="what is not known does not fit a condition"),
        pytest.param("2022-09-01", {"exempt": True}, None, id="switched off for some calls"),
        pytest.param("2022-09-01", {"exempt": False}, Severity.ERROR, id="and not for others"),
        pytest.param("2022-09-01", Hole(), None, id="a call that may be exempt is not judged"),
        pytest.param("2022-12-01", {}, Severity.WARNING, id="down again"),
    ],
)
def test_severity_is_a_matter_of_time(
    rules: Path, day: str, body: dict[str, object] | Hole, severity: Severity | None
) -> None:
    rule = written(rules, RULE.replace('timeline = [{ from = 2022-04-01, severity = "error" }]', STAGES))
    assert rule.severity(cancel(body), date.fromisoformat(day)) is severity


def test_a_stage_may_have_a_help_of_its_own(rules: Path) -> None:
    rule = written(rules, RULE.replace('timeline = [{ from = 2022-04-01, severity = "error" }]', STAGES))
    helps = [
        stage.help for day in ("2022-11-30", "2022-12-01") if (stage := rule.stage(cancel({}), date.fromisoformat(day)))
    ]
    assert helps == [None, "it is late"]


@pytest.mark.parametrize(
    ("on", "spots"),
    [
        pytest.param('["ecom.*-payment"]', 6, id="a pattern is spelled out"),
        pytest.param('["ecom.cancel-payment", "ecom.cancel-*"]', 1, id="twice the same spot is one"),
        pytest.param('["*"]', 1, id="a star is every call"),
    ],
)
def test_patterns_of_operations(rules: Path, on: str, spots: int) -> None:
    example = 'operation = "ecom.cancel-payment"\n'
    text = RULE.replace('["ecom.cancel-payment"]', on).replace("[[valid]]\n", f"[[valid]]\n{example}")
    rule = written(rules, text.replace("[[invalid]]\n", f"[[invalid]]\n{example}"))
    assert sum(map(len, rule.spots.values())) == spots


@pytest.fixture(scope="module")
def whole() -> Catalog:
    return catalog()


def test_the_catalog_that_ships(whole: Catalog) -> None:
    assert len(whole.operations) >= 113
    assert {"mobile-number-not-national", "cancel-without-release", "charge-above-interval-limit"} <= set(whole.rules)
    assert all(operation.api is whole.apis[operation.api.id] for operation in whole.operations.values())


def test_every_fact_of_an_effect_is_one_that_the_ledger_knows(whole: Catalog) -> None:
    from vipps_lint.ledger.agreement import TERMS

    amounts = {
        "amount",
        "captured",
        "remaining",
        "refunded",
        "refundable",
        "reserved",
        "cancelled",
        "status",
        "release",
        "plus",
    }
    for operation in whole.operations.values():
        for effect in operation.effects:
            allowed = {*TERMS, "start", "amount", "due", "charge"} if effect.entity == "agreement" else amounts
            assert set(effect.facts) <= allowed, operation.id
            assert {one[0] for one in effect.facts.values()} <= {"path", "query", "body", "response"}, operation.id


def test_no_rule_for_a_path_that_is_no_operation_but_the_general_ones(whole: Catalog) -> None:
    assert all("*" in rule.operations for rule, _ in whole.spots(None))
    assert "operation-unknown" in {rule.name for rule, _ in whole.spots(None)}
