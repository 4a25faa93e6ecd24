"""What a project's classes say of their fields: models of Django and SQLAlchemy, pydantic models, dataclasses.

A value that nobody knows may still be known to be an instance of a class: by an annotation, by a query, as the other
end of a relation. Its fields are then what the class declares. The class is looked for only when a field is read.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import replace

from vipps_lint.document import Hole, Nature
from vipps_lint.read.source import expressions, ir
from vipps_lint.read.source.machine import Machine
from vipps_lint.read.source.text import joined
from vipps_lint.read.source.values import (
    Class,
    Data,
    External,
    Function,
    Known,
    Pending,
    Ref,
    Scope,
    each,
    hole_of,
    unknown,
)

ONE = frozenset({"get", "first", "last", "create", "latest", "earliest", "aget", "afirst", "alast", "acreate"})
"""Methods of a query of Django that give one instance."""

MANY = frozenset({
    "all", "filter", "exclude", "order_by", "reverse", "distinct", "using", "select_related", "prefetch_related",
    "select_for_update", "defer", "only",
})  # fmt: skip
"""Methods of a query of Django that give a query of the same model."""

INTEGERS = frozenset(f"{size}IntegerField" for size in ("", "Big", "Small", "Positive", "PositiveBig", "PositiveSmall"))
DJANGO_MODEL = "models.Model"
PHONE_FIELD = "modelfields.PhoneNumberField"
RELATIONS = ("models.ForeignKey", "models.OneToOneField", "related.ForeignKey", "related.OneToOneField")
COLUMNS = (".Column", ".mapped_column")
FLOATS = (".Float", ".Double", ".REAL", ".Float()", ".Double()", ".REAL()")
USER_MODEL = "AUTH_USER_MODEL"
PHONE_FORMAT = "PHONENUMBER_DEFAULT_FORMAT"


def annotate(machine: Machine, value: Known, annotation: str | None, scope: Scope) -> None:
    """Believe the author that an unknown value is an instance of the class that an annotation names."""
    for one in each(value) if annotation is not None else ():
        if isinstance(one, Data) and isinstance(one.value, Hole) and one.value.symbol is not None:
            machine.memory.declared.setdefault(one.value.symbol, (annotation, scope))  # type: ignore[arg-type]


def class_of(machine: Machine, symbol: Hashable) -> Class | None:
    """The class that an unknown value is an instance of, where something says so."""
    match machine.memory.declared.get(symbol):
        case Class() as of:
            return of
        case (str() as annotation, Scope() as scope):
            found = _named(machine, annotation, scope)
            if found is None:
                del machine.memory.declared[symbol]
            else:
                machine.memory.declared[symbol] = found
            return found
        case _:
            return None


def _named(machine: Machine, dotted: str, scope: Scope) -> Class | None:
    """The class that a dotted name means in a scope."""
    first, *rest = dotted.split(".")
    if not first.isidentifier():
        return None
    value = machine.lookup(scope, first, 0)
    for name in rest:
        value = expressions.attribute_of(machine, value, ir.Attribute(0, ir.Name(0, first), name), dotted)
    return value if isinstance(value, Class) else None


def attribute(machine: Machine, of: Hole, name: str, found: Data) -> Known:
    """The attribute of something unknown, with what is declared of it."""
    if of.nature is Nature.PHONE:
        return _of_phone(of, name, found)
    owner = class_of(machine, of.symbol)
    return found if owner is None else field(machine, owner, name, found)


def field(machine: Machine, of: Class, name: str, found: Known) -> Known:
    """A field of an instance, with what its class declares; what is declared holds whatever was assigned."""
    declared = next(_declarations(machine, of, name), None)
    match declared:
        case (_, ir.Declaration(annotation="float")) | (_, ir.Assign(annotation="float")):
            return _typed(found)
        case (scope, ir.Declaration(annotation=str() as annotation)):
            annotate(machine, found, annotation, scope)
            return found
        case (scope, ir.Assign(value=ir.CallOf() as call)):
            return _of_call(machine, of, call, found, scope)
        case None if name in ("pk", "id") and _counts(machine, of):
            return _typed(found, "integer")
        case _:
            return found


def _counts(machine: Machine, of: Class) -> bool:
    """Whether Django gives the instances of a model numbers: it is one, and says nothing else of its key."""
    bases = list(_bases(of))
    if not bases or not all(isinstance(base, External) and base.name.endswith(DJANGO_MODEL) for base in bases):
        return False
    return not any(_is_key(statement) for owner in _line(of) for statement in owner.definition.body)


def _is_key(statement: ir.Statement) -> bool:
    match statement:
        case ir.Assign(value=ir.CallOf(arguments=arguments)):
            return any(one.keyword == "primary_key" or one.star for one in arguments)
        case _:
            return False


def _line(of: Class) -> Iterator[Class]:
    """A class and those of the project that it comes from."""
    yield of
    for base in of.bases:
        if isinstance(base, Class):
            yield from _line(base)


def is_seen(machine: Machine, annotation: str | None, scope: Scope) -> bool:
    """Whether an annotation says nothing that code outside of the project would check."""
    return annotation in (None, "str", "dict", "Request") or _named(machine, annotation, scope) is not None


def validates(machine: Machine, of: Hole, name: str) -> bool:
    """Whether the class of an unknown value may check a field of it: by its type, its declaration, or a validator."""
    owner = class_of(machine, of.symbol)
    if owner is None:
        return False
    methods = [one for one in owner.attributes.values() if isinstance(one, Function)]
    decorators = [one for method in methods for one in getattr(method.definition, "decorators", ())]
    plain = [statement for _, statement in _declarations(machine, owner, name)]
    match plain[:1]:
        case [ir.Declaration(annotation="str") | ir.Assign(annotation="str", value=ir.Constant())]:
            return bool(decorators) or any(isinstance(base, Class) for base in owner.bases)
        case _:
            return True


def _declarations(machine: Machine, of: Class, name: str) -> Iterator[tuple[Scope, ir.Statement]]:
    """The statements of a class and its known bases that declare a field, the one that counts first."""
    known = machine.memory.fields
    if of.definition.node not in known:
        known[of.definition.node] = _fields(of.definition.body)
    yield from ((of.scope, statement) for statement in known[of.definition.node].get(name, ()))
    for base in of.bases:
        if isinstance(base, Class):
            yield from _declarations(machine, base, name)


def _fields(body: ir.Block) -> dict[str, list[ir.Statement]]:
    """The statements that declare each field, the last one first."""
    found: dict[str, list[ir.Statement]] = {}
    for statement in reversed(body):
        match statement:
            case ir.Declaration(name=name) | ir.FunctionDefinition(name=name):
                found.setdefault(name, []).append(statement)
            case ir.Assign(targets=(ir.Name(id=name),)):
                found.setdefault(name, []).append(statement)
    return found


def _of_call(machine: Machine, of: Class, call: ir.CallOf, found: Known, scope: Scope) -> Known:
    """What a field holds that is declared by a call: `models.FloatField()`, `Column(Float)`."""
    maker = expressions.evaluate(machine, call.function, scope)
    kind = maker.name if isinstance(maker, External) else ""
    if kind.endswith(PHONE_FIELD) and machine.setting(PHONE_FORMAT) is None:
        return _fresh(machine, found, Nature.PHONE)
    if kind.endswith("models.FloatField"):
        return _typed(found)
    if kind.rpartition("models.")[2] in INTEGERS and not any(one.keyword == "null" for one in call.arguments):
        return _typed(found, "integer")
    if kind.endswith(RELATIONS):
        target = _target(machine, of, call, scope)
        return found if target is None else related(machine, found, target)
    if kind.endswith(COLUMNS):
        types = [expressions.evaluate(machine, one.value, scope) for one in call.arguments if one.star == ""]
        if any(isinstance(one, External) and f".{one.name}".endswith(FLOATS) for one in types):
            return _typed(found)
    return found


def _typed(found: Known, kind: str = "number") -> Known:
    """A number (that may be a float, or of some kind), unless more is known of it."""
    match found:
        case Data(Hole(type=None) as hole):
            return replace(found, value=replace(hole, type=kind))
        case _:
            return found


def _fresh(machine: Machine, found: Known, nature: Nature | None) -> Data:
    """A value of its own in the place of one that a field converts when it is set."""
    hole = found.value if isinstance(found, Data) and isinstance(found.value, Hole) else Hole()
    symbol = hole.symbol if hole.symbol is not None else ("field", machine.number())
    return Data(replace(hole, symbol=symbol, nature=nature), found.node if isinstance(found, Data) else None)


def related(machine: Machine, found: Known, of: Class) -> Known:
    """An instance of a class, as an unknown one where none is known."""
    if all(isinstance(one, Ref) for one in each(found)):
        return found
    instance = _fresh(machine, found, None)
    assert isinstance(instance.value, Hole)
    machine.memory.declared[instance.value.symbol] = of
    return instance


def _target(machine: Machine, of: Class, call: ir.CallOf, scope: Scope) -> Class | None:
    """The model at the other end of a relation: a class, its name, or the user model of the settings."""
    given = next((one.value for one in call.arguments if one.keyword in (None, "to") and one.star == ""), None)
    if given is None:
        return None
    match expressions.evaluate(machine, given, scope):
        case Class() as target:
            return target
        case External(name) if name.endswith((f"settings.{USER_MODEL}", "auth.get_user_model()")):
            user = machine.setting(USER_MODEL)
            return _by_label(machine, user.value, scope) if isinstance(user, Data) else None
        case Data("self"):
            return of
        case Data(str() as label):
            return _by_label(machine, label, scope)
        case _:
            return None


def _by_label(machine: Machine, label: object, scope: Scope) -> Class | None:
    """The model that Django calls `app.Model`, or `Model` in the same module."""
    app, _, name = str(label).rpartition(".")
    if not app:
        return _named(machine, name, scope)
    found = machine.resolve(Pending(f"{app}.models.{name}", machine.origin(scope)))
    return found if isinstance(found, Class) else None


def _of_phone(of: Hole, name: str, found: Data) -> Known:
    """The spellings of a number that phonenumbers has read."""
    match name:
        case "as_e164":
            return joined([of], found.node)
        case "national_number" | "country_code":
            return replace(found, value=Hole("integer", source=f"{of.source}.{name}"))
        case _:
            return found


def manager(machine: Machine, of: Class, name: str, node: int) -> Data | None:
    """`Order.objects`: a query of the instances of a model."""
    if name != "objects" or not any(isinstance(base, External) for base in _bases(of)):
        return None
    symbol = ("query", machine.number())
    machine.memory.queries[symbol] = of
    return unknown(f"{of.definition.name}.objects", symbol, node)


def _bases(of: Class) -> Iterator[Known]:
    for base in of.bases:
        yield from _bases(base) if isinstance(base, Class) else (base,)


def queried(machine: Machine, receiver: Known | None, name: str, result: Data) -> Data:
    """The result of a method of a query: an instance of its model, or a further query."""
    asked, given = (hole_of(one) if one is not None else None for one in (receiver, result))
    of = machine.memory.queries.get(asked.symbol) if asked is not None else None
    if of is not None and given is not None and name in ONE:
        machine.memory.declared[given.symbol] = of
    elif of is not None and given is not None and name in MANY:
        machine.memory.queries[given.symbol] = of
    return result
