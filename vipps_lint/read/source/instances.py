"""Instances of classes that fill their fields by themselves: dataclasses, attrs, pydantic, named tuples; and enums."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from vipps_lint.document import Hole
from vipps_lint.read.source import classes, functions, ir
from vipps_lint.read.source.arguments import Arguments
from vipps_lint.read.source.machine import Machine
from vipps_lint.read.source.things import copied
from vipps_lint.read.source.values import (
    Class,
    Data,
    Dict,
    External,
    Function,
    Instance,
    Known,
    List,
    Prepared,
    Ref,
    choose,
    each,
    unknown,
)

BASES = {
    "pydantic.BaseModel": "pydantic", "pydantic.main.BaseModel": "pydantic", "pydantic.v1.BaseModel": "pydantic",
    "pydantic.BaseSettings": "settings", "pydantic_settings.BaseSettings": "settings",
    "pydantic.v1.BaseSettings": "settings", "typing.NamedTuple": "tuple", "typing.TypedDict": "dict",
    "typing_extensions.TypedDict": "dict", "enum.Enum": "enum", "enum.IntEnum": "enum of numbers",
    "enum.StrEnum": "enum of text",
}  # fmt: skip
DECORATORS = {
    "dataclasses.dataclass": "dataclass", "attrs.define": "attrs", "attrs.frozen": "attrs", "attrs.mutable": "attrs",
    "attr.s": "attrs", "attr.define": "attrs", "attr.attrs": "attrs", "attr.frozen": "attrs",
}  # fmt: skip
FIELDS = frozenset({
    "dataclasses.field", "pydantic.Field", "pydantic.fields.Field", "pydantic.v1.Field", "attrs.field", "attr.ib",
    "attr.field", "attr.attrib",
})  # fmt: skip
FILLED = frozenset({"dataclass", "attrs", "pydantic", "settings", "tuple"})
VALIDATORS = ("field_validator", "validator", "model_validator", "root_validator")
CONFIGURATION = ("model_config", "Config", "model_post_init")
KEPT = {"str": str, "int": int, "float": float, "bool": bool}
"""Values of these types are not converted for a field of the type."""


def kind(bases: tuple[Known, ...], decorators: tuple[Known, ...]) -> str:
    """What fills the fields of a class; "?" for a decorator that is not known, nothing for a class like any other."""
    for one in decorators:
        name = one.name.removesuffix("()") if isinstance(one, External) else ""
        if name in DECORATORS:
            return DECORATORS[name]
    if decorators:
        return "?"
    kinds = [one.kind if isinstance(one, Class) else BASES.get(getattr(one, "name", ""), "") for one in bases]
    found = next((one for one in kinds if one), "")
    if found == "enum":
        mixed = [one.name for one in bases if isinstance(one, External)]
        return "enum like text" if "builtins.str" in mixed else "enum of numbers" if "builtins.int" in mixed else found
    return found


@dataclass
class Field:
    """One field: its default (a function or class that makes one, if it is `made`), and how it is called outside."""

    name: str
    annotation: str | None
    default: Known | None = None
    made: bool = False
    given: bool = True
    alias: str | None = None
    output: str | None = None
    converted: bool = False


def fields(of: Class) -> list[Field]:
    """The fields of a class in order, those of its bases first."""
    found: dict[str, Field] = {}
    for one in reversed((of, *of.ancestors)):
        for field in _own(one) if isinstance(one, Class) else ():
            found[field.name] = field
    return list(found.values())


def _own(of: Class) -> Iterator[Field]:
    for statement in of.definition.body:
        match statement:
            case ir.Declaration(name=name, annotation=annotation) if not _is_no_field(annotation):
                yield Field(name, annotation)
            case ir.Assign(targets=(ir.Name(id=name),), annotation=annotation) if not _is_no_field(annotation):
                value = of.attributes.get(name, unknown(name))
                if isinstance(value, Prepared):
                    yield _described(name, annotation, value)
                elif annotation is not None:
                    yield Field(name, annotation, value)


def _is_no_field(annotation: str | None) -> bool:
    return annotation is not None and annotation.rpartition(".")[2] in ("ClassVar", "InitVar")


def _described(name: str, annotation: str | None, by: Prepared) -> Field:
    """A field that a call describes: `field(default=1)`, `Field(alias="orderId")`."""
    given = dict(by.arguments)
    default = given.get("default", given.get(0) if by.name.startswith("pydantic") else None)
    factory = given.get("default_factory", given.get("factory"))
    alias = _text(given.get("alias") or given.get("validation_alias"))
    return Field(
        name,
        annotation,
        factory if factory is not None else default,
        factory is not None,
        not (isinstance(given.get("init"), Data) and given["init"].value is False),  # type: ignore[union-attr]
        alias,
        _text(given.get("serialization_alias")) or alias,
        "converter" in given,
    )


def _text(value: Known | None) -> str | None:
    return value.value if isinstance(value, Data) and isinstance(value.value, str) else None


def made(machine: Machine, of: Class, arguments: Arguments, node: int) -> Ref:
    """A new instance with its fields filled, as far as is known what fills them."""
    ref = machine.new(Instance(of, {}, functions.has_unknown_parts(of)))
    declared = fields(of)
    in_order = [one.name for one in declared if one.given]
    named = {**dict(zip(in_order, arguments.positional, strict=False)), **arguments.named}
    hidden = arguments.open or arguments.shifted
    doubtful = of.kind in ("pydantic", "settings") and _is_adjusted(of)
    attributes: dict[str, Known] = {}
    for field in declared:
        given = named.get(field.alias or field.name, named.get(field.name))
        value = _default(machine, field, of.kind) if given is None else _kept(machine, field, given, of.kind)
        if given is None and field.default is not None and (hidden or of.kind == "settings"):
            value = choose((value, _missing(machine, field, of.kind)))
        attributes[field.name] = unknown(field.name) if doubtful or field.converted else value
    thing = machine.thing(ref)
    assert isinstance(thing, Instance)
    machine.put(ref, replace(thing, attributes=attributes))
    for name in ("__post_init__", "__attrs_post_init__"):
        after = classes.attribute(machine, of, name, ref)
        if isinstance(after, Function):
            functions.inline(machine, after, Arguments(), node)
    return ref


def _is_adjusted(of: Class) -> bool:
    """Whether something of a model's own may change what it is given."""
    own = [one for one in (of, *of.ancestors) if isinstance(one, Class)]
    methods = [value for one in own for value in one.attributes.values() if isinstance(value, Function)]
    configured = any(name in one.attributes for one in own for name in CONFIGURATION)
    return configured or any(classes.decorated(method, *VALIDATORS) for method in methods)


def _missing(machine: Machine, field: Field, kind: str) -> Data:
    if kind == "settings":
        return unknown(field.name, ("field", field.name), reason=f"`{field.name}` is read from the environment")
    return unknown(field.name, ("field", field.name, machine.number()))


def _default(machine: Machine, field: Field, kind: str) -> Known:
    match field.default:
        case None:
            return _missing(machine, field, kind)
        case External("builtins.list") if field.made:
            return machine.new(List(()))
        case External("builtins.dict") if field.made:
            return machine.new(Dict({}))
        case Function() as function if field.made:
            return functions.inline(machine, function, Arguments(), function.definition.node)
        case _ if field.made:
            return unknown(field.name)
        case value:
            return copied(machine, value, deep=True) if kind in ("pydantic", "settings") else value


def _kept(machine: Machine, field: Field, value: Known, kind: str) -> Known:
    """What a field holds that is given a value: models of pydantic may convert it, and copy dicts and lists."""
    if kind not in ("pydantic", "settings"):
        return value
    return choose(_validated(machine, field, one) for one in each(value))


def _validated(machine: Machine, field: Field, value: Known) -> Known:
    plain = (field.annotation or "").removesuffix("?")
    match value, machine.thing(value):
        case _, Dict() | List() if plain in ("dict", "list", "Any"):
            return copied(machine, value)
        case _, Instance():
            return value
        case Data(Hole() as hole, node), _:
            return Data(replace(hole, type=None), node)
        case Data(None), _ if field.annotation != plain:
            return value
        case Data(known), _ if type(known) is KEPT.get(plain):
            return value
        case _:
            machine.escape(value)
            return unknown(field.name)
