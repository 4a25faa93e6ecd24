"""Phone numbers, secrets and people's data made unreadable: the one place where the project does it.

What a value is, its field's name says (`phoneNumber`, `Authorization`, `firstName`); in free text its shape does
(`+47…`, `Bearer …`, an address with `@`). A phone number keeps two digits at each end, so that a reader can tell
two of them apart; of a secret or a name nothing is kept. Masking twice is the same as masking once.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import replace
from enum import Enum
from typing import Any

from vipps_lint.call import Call
from vipps_lint.checks.secrets import PLACEHOLDER, decoded, is_made
from vipps_lint.diagnostic import Diagnostic, Judgement, Obligation, Related
from vipps_lint.document import Array, Hole, Object, OneOf, Template, Value, show
from vipps_lint.report import Report


class Kind(Enum):
    """What a field holds that must not be shown."""

    PHONE = "phone"
    PRIVATE = "private"


HIDDEN = "…"

DOORS = (
    "authorization", "proxyauthorization", "cookie", "setcookie", "token", "authtoken", "accesstoken", "refreshtoken",
    "idtoken", "apikey", "xapikey", "key", "secret", "clientid", "clientsecret", "password", "ocpapimsubscriptionkey",
    "subscriptionkey", "webhooksecret", "signature", "code", "state", "cardnumber", "pan", "cvc", "cvv", "cryptogram",
    "paymenttoken", "networktoken",
)  # fmt: skip
PERSONS = (
    "name", "firstname", "lastname", "middlename", "givenname", "familyname", "fullname", "customername", "email",
    "emailaddress", "mail", "address", "addresses", "addressline1", "addressline2", "streetaddress", "street",
    "formatted", "city", "postcode", "postalcode", "zipcode", "zip", "postalplace", "birthdate", "dateofbirth", "nin",
    "ssn", "nnin", "nationalidentitynumber", "iban", "accountnumber", "bankaccount",
)  # fmt: skip
LONG = 8
"""From how many signs on a secret is hidden wherever it stands; a shorter one where it is all that is in quotes."""

PRIVATE = frozenset(DOORS + PERSONS)
"""Field names, without capitals and punctuation, whose values open doors or say who somebody is and where they live."""

PLAIN = frozenset({"code", "state", "name", "key"})
"""Names that hide something in a URL or about a person, and are everyday words elsewhere in an API's answers."""

ENDINGS = ("token", "secret", "password", "authorization")
"""How other names end whose values open doors."""

PEOPLE = frozenset({"userdetails", "userinfo", "customer", "customerinfo", "shippingdetails", "user", "recipient"})
"""Names of objects that hold the data of a person."""

OF_A_PERSON = frozenset({"givenname", "familyname", "firstname", "lastname", "birthdate", "dateofbirth", "nin"})
"""Fields that only the data of a person has."""

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_CREDENTIALS = re.compile(r"(?<=://)[^/\s:@`]+:[^/\s@`]*(?=@)")
_SCHEME = re.compile(r"\b(Bearer|Basic)\s+[\w.~+/=-]{4,}", re.IGNORECASE)
_TOKEN = re.compile(r"\beyJ[\w-]{3,}\.[\w-]*(?:\.[\w-]*)?")
_PHONE = re.compile(r"(?<![\w+-])(?:\+|00)[1-9](?:[ -]?\d){7,13}(?![\w-])|(?<!\w)47 ?[49](?: ?\d){7}(?!\w)")
_SCHEMES = re.compile(r"\A(?:bearer|basic)(?:\s+|\Z)", re.IGNORECASE)
_OPERATION = re.compile(r"[A-Z]+ /")
_DOOR = re.compile("secret|token|password|authorization|(?:subscription|api).?key", re.IGNORECASE)
_LITERAL = re.compile(r"""(?<=(["'`]))(?:(?!\1)[^\\\n]|\\.)+(?=\1)""")
_PAIR = re.compile(r"(?<![^?&;])([\w.-]+)=([^&;\s`\"'<>]+)")
_QUOTED = re.compile(r"`([^`\n]*)`")
_DIGITS = re.compile(r"\d")


def masked(diagnostic: Diagnostic) -> Diagnostic:
    """The finding; what its field or its own shape betrays as private is unreadable in all its texts."""
    kind = _kind_of_path(diagnostic.pointer.split("."))
    plain = {_bare(step) for step in diagnostic.pointer.split(".")}

    def text(raw: str) -> str:
        return masked_text(_QUOTED.sub(lambda found: f"`{_quoted(found[1], kind, plain)}`", raw))

    return replace(
        diagnostic,
        message=text(diagnostic.message),
        help=text(diagnostic.help),
        instead=None if diagnostic.instead is None else _scalar(diagnostic.instead, kind),
        operation=masked_text(diagnostic.operation),
        related=tuple(replace(one, message=text(one.message)) for one in diagnostic.related),
        chain=tuple(replace(one, message=masked_text(one.message)) for one in diagnostic.chain),
    )


def secrets(call: Call) -> Iterator[str]:
    """The texts in a request that open doors; code that is shown must be shown without them."""
    for name, part in call.document.fields.items():
        for text in _keys(part, False) if name != "response" else ():
            credentials = _SCHEMES.sub("", text)
            found = (credentials, decoded(credentials).partition(":")[2])
            yield from (one for one in found if len(one) >= LONG or (one and not PLACEHOLDER.search(one)))


def hidden(text: str, known: Collection[str]) -> str:
    """Words about source, with a star for each sign of the `known` secrets, of tokens and of credentials in URLs."""
    if long := [re.escape(one) for one in sorted(known, key=len, reverse=True) if len(one) >= LONG]:
        text = re.sub("|".join(long), _starred, text)
    for shape in (_CREDENTIALS, _TOKEN):
        text = shape.sub(_starred, text)
    return _LITERAL.sub(lambda found: _starred(found) if _is_piece(found[0], known) else found[0], text)


def hidden_line(text: str, known: Collection[str]) -> str:
    """A line of source, in which literals beside the name of a secret may look like one, too."""
    if _DOOR.search(text):
        text = _LITERAL.sub(lambda found: _starred(found) if is_made(found[0]) else found[0], text)
    return hidden(text, known)


def concealed(report: Report) -> Report:
    """The report with none of its secrets in its words; lines of source and calls are masked where they are shown."""
    return replace(
        report,
        diagnostics=[_told(one, report.secrets) for one in report.diagnostics],
        notes=[replace(one, message=hidden(one.message, report.secrets)) for one in report.notes],
        judgements=[replace(one, undecided=_asked(one, report.secrets)) for one in report.judgements],
    )


def masked_call(call: Call) -> Call:
    """The call with the same document, in which nothing can be read that must not be shown."""
    fields = {name: _value(part, None, part_name=name) for name, part in call.document.fields.items()}
    return replace(call, path=masked_text(call.path), document=Object(fields, call.document.open))


def masked_text(text: str) -> str:
    """Free text without e-mail addresses, credentials, tokens and phone numbers with a country code."""
    text = _CREDENTIALS.sub(HIDDEN, text)
    text = _EMAIL.sub(f"{HIDDEN}@{HIDDEN}", text)
    text = _SCHEME.sub(rf"\1 {HIDDEN}", text)
    text = _TOKEN.sub(HIDDEN, text)
    text = _PHONE.sub(lambda found: masked_phone(found[0]), text)
    return _PAIR.sub(_pair, text)


def masked_phone(number: str) -> str:
    """A phone number with two digits at each end and all that is no digit: `+47…67`, `91 … … 67`."""
    signs = [index for index, sign in enumerate(number) if sign.isalnum()]
    if HIDDEN in number or not signs:
        return number
    if len(signs) <= 5:
        return HIDDEN
    shown = {*signs[:2], *signs[-2:]}
    hidden = (sign if index in shown or not sign.isalnum() else "\0" for index, sign in enumerate(number))
    return re.sub("\0+", HIDDEN, "".join(hidden))


def _told(diagnostic: Diagnostic, known: Collection[str]) -> Diagnostic:
    def told(related: tuple[Related, ...]) -> tuple[Related, ...]:
        return tuple(replace(one, message=hidden(one.message, known)) for one in related)

    return replace(
        diagnostic,
        message=hidden(diagnostic.message, known),
        help=hidden(diagnostic.help, known),
        instead=diagnostic.instead and hidden(diagnostic.instead, known),
        related=told(diagnostic.related),
        chain=told(diagnostic.chain),
    )


def _asked(judgement: Judgement, known: Collection[str]) -> tuple[Obligation, ...]:
    return tuple(replace(one, reason=hidden(one.reason, known)) for one in judgement.undecided)


def _keys(value: Value, opens: bool) -> Iterator[str]:
    """The known pieces of text in a value that open doors."""
    match value:
        case Object(fields):
            for name, item in fields.items():
                yield from _keys(item, opens or _opens(_bare(name)))
        case Array(values) | OneOf(values) | Template(values):
            for one in values:
                yield from _keys(one, opens)
        case str() if opens:
            yield value
        case Hole(source=source) if opens:
            yield from filter(is_made, (found[0] for found in _LITERAL.finditer(source)))
        case _:
            pass


def _opens(bare: str) -> bool:
    return bare not in PLAIN and (bare in DOORS or bare.endswith(ENDINGS))


def _starred(found: re.Match[str]) -> str:
    """As long as it was, so that what stands behind it stays in its column; the scheme of a credential is none."""
    scheme = _SCHEMES.match(found[0])
    start = scheme.end() if scheme else 0
    return found[0][:start] + re.sub(r"\S", "*", found[0][start:])


def _is_piece(text: str, known: Collection[str]) -> bool:
    """Whether a literal is a secret, or a piece of one that is put together."""
    return text in known or (len(text) >= LONG - 2 and any(text in one for one in known))


def _pair(found: re.Match[str]) -> str:
    kind = Kind.PRIVATE if _bare(found[1]) in PRIVATE else _kind(found[1])
    return f"{found[1]}={_scalar(found[2], kind)}" if kind else found[0]


def _bare(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _kind(name: str, of_a_person: bool = False) -> Kind | None:
    """What a field's name says of its value; `name` is a person's only among the data of a person."""
    bare = _bare(name)
    if "phone" in bare or "msisdn" in bare or bare.endswith("mobilenumber") or bare == "mobile":
        return Kind.PHONE
    if bare in PLAIN:
        return Kind.PRIVATE if of_a_person and bare == "name" else None
    return Kind.PRIVATE if bare in PRIVATE or bare.endswith(ENDINGS) else None


def _kind_of_path(steps: list[str]) -> Kind | None:
    """What a value is that stands below all these names: the innermost name that says something decides."""
    kind: Kind | None = None
    person = False
    for step in steps:
        kind = _kind(step, person) or kind
        person = person or _bare(step) in PEOPLE
    return kind


def _quoted(text: str, kind: Kind | None, plain: set[str]) -> str:
    """What a message quotes; the field's own name, operations and the names of schemes may be read."""
    named = _bare(text.rpartition(".")[2]) in plain or _OPERATION.match(text) or _SCHEMES.fullmatch(text)
    if kind is None or named:
        return text
    if kind is Kind.PHONE:
        return masked_phone(text) if len(_DIGITS.findall(text)) > 3 else text
    return HIDDEN


def _scalar(value: object, kind: Kind | None) -> Any:
    match kind:
        case None:
            return masked_text(value) if isinstance(value, str) else value
        case Kind.PHONE:
            return masked_phone(str(value))
        case Kind.PRIVATE:
            return HIDDEN if value != "" else ""


def _value(value: Value, kind: Kind | None, person: bool = False, part_name: str = "") -> Value:
    """The same value, masked by the names around it; the parts of a call have names that say nothing."""
    match value:
        case Object(fields, is_open):
            person = person or _bare(part_name) in PEOPLE or not OF_A_PERSON.isdisjoint(map(_bare, fields))
            return Object({k: _value(v, _kind(k, person) or kind, person, k) for k, v in fields.items()}, is_open)
        case Array(items, is_open):
            return Array(tuple(_value(item, kind, person) for item in items), is_open)
        case OneOf(values):
            return OneOf(tuple(_value(one, kind, person) for one in values))
        case Template(parts) if kind is None:
            return Template(tuple(masked_text(part) if isinstance(part, str) else part for part in parts))
        case Template():
            return _scalar(show(value), kind)  # type: ignore[no-any-return]
        case str() | int() | float() if not isinstance(value, bool):
            return _scalar(value, kind)  # type: ignore[no-any-return]
        case Hole(reason=reason):
            return replace(value, reason=masked_text(reason))
        case _:
            return value
