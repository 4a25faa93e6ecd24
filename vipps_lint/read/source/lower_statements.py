"""Statements of libcst's tree to the IR; the base of `lower.Lowering`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst
from libcst.helpers import get_full_name_for_node

from vipps_lint.read.source import ir, lower_match

AUGMENTED = {
    cst.AddAssign: "+", cst.SubtractAssign: "-", cst.MultiplyAssign: "*", cst.DivideAssign: "/",
    cst.FloorDivideAssign: "//", cst.BitOrAssign: "|",
}  # fmt: skip


class StatementLowering:
    """Lowers statements; expressions are left to the subclass."""

    def __init__(self, first: int = 0) -> None:
        self.first = first
        self.nodes: list[cst.CSTNode] = []
        self.yielding = [False]
        """Whether the functions, lambdas and classes that are being lowered have yielded so far, the innermost last."""

    def number(self, node: cst.CSTNode) -> int:
        """The number of a node, which is its place in the order of lowering."""
        self.nodes.append(node)
        return self.first + len(self.nodes) - 1

    def expression(self, node: cst.BaseExpression) -> ir.Expression:
        """The IR of an expression."""
        raise NotImplementedError

    def module(self, module: cst.Module) -> ir.Block:
        """The IR of a whole module."""
        return tuple(self._statements(module.body))

    def _block(self, body: cst.BaseSuite) -> ir.Block:
        if isinstance(body, cst.SimpleStatementSuite):
            return tuple(self._small(body.body))
        assert isinstance(body, cst.IndentedBlock)
        return tuple(self._statements(body.body))

    def _body(self, body: cst.BaseSuite) -> tuple[ir.Block, bool]:
        """The body of a function or class, and whether it yields itself."""
        self.yielding.append(False)
        return self._block(body), self.yielding.pop()

    def _statements(self, statements: Sequence[cst.BaseStatement | cst.BaseSmallStatement]) -> Iterator[ir.Statement]:
        for statement in statements:
            if isinstance(statement, cst.SimpleStatementLine):
                yield from self._small(statement.body)
            else:
                yield from self._compound(statement)

    def _small(self, statements: Sequence[cst.BaseSmallStatement]) -> Iterator[ir.Statement]:
        for statement in statements:
            yield from self._one(statement)

    def _one(self, statement: cst.BaseSmallStatement) -> Iterator[ir.Statement]:
        match statement:
            case cst.Expr(value=value):
                yield ir.Do(self.expression(value))
            case cst.Assign(targets=targets, value=value):
                right = self.expression(value)
                yield ir.Assign(tuple(self.expression(one.target) for one in targets), right)
            case cst.AnnAssign(target=cst.Name(value=name), annotation=annotation, value=None):
                yield ir.Declaration(name, _declared(annotation))
            case cst.AnnAssign(target=target, annotation=annotation, value=value) if value is not None:
                right = self.expression(value)
                yield ir.Assign((self.expression(target),), right, _declared(annotation))
            case cst.AugAssign(target=target, operator=operator, value=value):
                number = self.number(statement)
                symbol = AUGMENTED.get(type(operator), "?")
                yield ir.Augment(self.expression(target), symbol, self.expression(value), number)
            case cst.Return(value=value):
                yield ir.Return(self.expression(value) if value else None)
            case cst.Raise(exc=exception, cause=cause):
                origin = self.expression(cause.item) if cause else None
                yield ir.Raise(self.expression(exception) if exception else None, origin)
            case cst.Break():
                yield ir.Jump("break")
            case cst.Continue():
                yield ir.Jump("continue")
            case cst.Del(target=target):
                yield ir.Delete((self.expression(target),))
            case cst.Assert(test=test, msg=message):
                wrong = ir.Unary(self.number(statement), "not", self.expression(test))
                text = self.expression(message) if message else None
                yield ir.If(wrong, (ir.Raise(text, None, asserted=True),), ())
            case cst.Import() | cst.ImportFrom():
                yield ir.Import(tuple(_bindings(statement)))
            case cst.Global(names=names) | cst.Nonlocal(names=names):
                yield ir.Shared(tuple(one.name.value for one in names))

    def _compound(self, statement: cst.BaseStatement | cst.BaseSmallStatement) -> Iterator[ir.Statement]:
        match statement:
            case cst.If():
                yield self._if(statement)
            case cst.For(target=target, iter=iterable, body=body, orelse=otherwise):
                over = self.expression(iterable)
                yield ir.For(self.expression(target), over, self._block(body), self._else(otherwise))
            case cst.While(test=test, body=body, orelse=otherwise):
                yield ir.While(self.expression(test), self._block(body), self._else(otherwise))
            case cst.Try() | cst.TryStar():
                yield self._try(statement)
            case cst.With(items=items, body=body):
                bound = tuple(self._item(one) for one in items)
                yield ir.With(bound, self._block(body))
            case cst.FunctionDef():
                yield self._function(statement)
            case cst.ClassDef():
                number = self.number(statement.name)
                bases = tuple(self.expression(one.value) for one in statement.bases)
                decorators = tuple(self.expression(one.decorator) for one in statement.decorators)
                yield ir.ClassDefinition(number, statement.name.value, bases, self._body(statement.body)[0], decorators)
            case cst.Match(subject=subject, cases=cases):
                yield from self._match(subject, cases)

    def _if(self, statement: cst.If) -> ir.If:
        test = self.expression(statement.test)
        body = self._block(statement.body)
        otherwise: ir.Block = ()
        if isinstance(statement.orelse, cst.If):
            otherwise = (self._if(statement.orelse),)
        elif statement.orelse is not None:
            otherwise = self._block(statement.orelse.body)
        return ir.If(test, body, otherwise)

    def _try(self, statement: cst.Try | cst.TryStar) -> ir.Try:
        handlers = tuple(self._handler(one) for one in statement.handlers)
        final = self._block(statement.finalbody.body) if statement.finalbody else ()
        return ir.Try(self._block(statement.body), handlers, self._else(statement.orelse), final)

    def _else(self, otherwise: cst.Else | None) -> ir.Block:
        return self._block(otherwise.body) if otherwise else ()

    def _handler(self, handler: cst.ExceptHandler | cst.ExceptStarHandler) -> ir.Handler:
        number = self.number(handler.type if handler.type is not None else handler)
        name = handler.name.name if handler.name else None
        bound = name.value if isinstance(name, cst.Name) else None
        return ir.Handler(number, tuple(_classes(handler.type)), bound, self._block(handler.body))

    def _item(self, item: cst.WithItem) -> tuple[ir.Expression, ir.Expression | None]:
        value = self.expression(item.item)
        return value, self.expression(item.asname.name) if item.asname else None

    def _function(self, node: cst.FunctionDef) -> ir.FunctionDefinition:
        number = self.number(node.name)
        decorators = tuple(self.expression(one.decorator) for one in node.decorators)
        parameters = self.parameters(node.params)
        body, yields = self._body(node.body)
        last = self.first + len(self.nodes) - 1
        return ir.FunctionDefinition(number, node.name.value, parameters, body, decorators, yields, last)

    def parameters(self, node: cst.Parameters) -> tuple[ir.Parameter, ...]:
        """The parameters in order, with their kinds."""
        found = [self._parameter(one, "") for one in (*node.posonly_params, *node.params)]
        if isinstance(node.star_arg, cst.Param):
            found.append(self._parameter(node.star_arg, "*"))
        found += [self._parameter(one, "keyword") for one in node.kwonly_params]
        if node.star_kwarg:
            found.append(self._parameter(node.star_kwarg, "**"))
        return tuple(found)

    def _parameter(self, node: cst.Param, kind: str) -> ir.Parameter:
        number = self.number(node.name)
        annotation = _annotation(node.annotation) if node.annotation else None
        default = self.expression(node.default) if node.default else None
        return ir.Parameter(number, node.name.value, annotation, default, kind)

    def _match(self, subject: cst.BaseExpression, cases: Sequence[cst.MatchCase]) -> Iterator[ir.Statement]:
        held = ir.Name(self.number(subject), ir.SUBJECT)
        yield ir.Assign((held,), self.expression(subject))
        guards = [self.expression(one.guard) if one.guard else None for one in cases]
        found = [(one.pattern, guard, self._block(one.body)) for one, guard in zip(cases, guards, strict=True)]
        yield from lower_match.tests(held, found, self.expression)


def _annotation(node: cst.Annotation) -> str | None:
    """The annotation where it is a plain name, also in quotes, or one that may be None; None for anything more."""
    match node.annotation:
        case cst.SimpleString() as quoted:
            return quoted.raw_value
        case cst.Name() | cst.Attribute():
            return get_full_name_for_node(node.annotation)
        case cst.Subscript(value=cst.Name(value="Mapped"), slice=[cst.SubscriptElement(slice=cst.Index(value=inner))]):
            return get_full_name_for_node(inner) if isinstance(inner, cst.Name | cst.Attribute) else None
        case cst.Subscript(value=of, slice=[cst.SubscriptElement(slice=cst.Index(value=inner)), *_]):
            return _class_in(of, inner)
        case _:
            return None


def _class_in(of: cst.BaseExpression, inner: cst.BaseExpression) -> str | None:
    """The class in `Optional[Shop]` and `Annotated[Shop, Depends(shop)]`; types that may be checked there are none."""
    wrapper = (get_full_name_for_node(of) or "").rpartition(".")[2]
    name = get_full_name_for_node(inner) if isinstance(inner, cst.Name | cst.Attribute) else None
    return name if wrapper in ("Optional", "Annotated") and name and name.rpartition(".")[2][:1].isupper() else None


def _declared(node: cst.Annotation) -> str:
    """The annotation of a variable or field: as above, with `?` for one that may be None, empty for anything more."""
    match node.annotation:
        case cst.Subscript(value=base, slice=[cst.SubscriptElement(slice=cst.Index(value=inner))]):
            name = (get_full_name_for_node(base) or "").rpartition(".")[2]
            if name == "Optional" and isinstance(inner, cst.Name | cst.Attribute):
                return f"{get_full_name_for_node(inner)}?"
            return name if name in ("ClassVar", "InitVar") else _annotation(node) or ""
        case cst.BinaryOperation(left=cst.Name(value=name), operator=cst.BitOr(), right=cst.Name(value="None")):
            return f"{name}?"
        case _:
            return _annotation(node) or ""


def _classes(node: cst.BaseExpression | None) -> Iterator[str]:
    match node:
        case None:
            return
        case cst.Tuple(elements=elements):
            for element in elements:
                yield from _classes(element.value)
        case _:
            yield get_full_name_for_node(node) or "?"


def _bindings(node: cst.Import | cst.ImportFrom) -> Iterator[tuple[str, str]]:
    package = ""
    if isinstance(node, cst.ImportFrom):
        package = "." * len(node.relative) + (get_full_name_for_node(node.module) or "" if node.module else "")
    if isinstance(node.names, cst.ImportStar):
        yield "*", package
        return
    for alias in node.names:
        name = get_full_name_for_node(alias.name) or ""
        if isinstance(node, cst.ImportFrom):
            joined = f"{package}.{name}" if package and not package.endswith(".") else package + name
            yield alias.evaluated_alias or name, joined
        else:
            # ``import a.b`` binds ``a``; ``import a.b as c`` binds the module itself
            yield (alias.evaluated_alias, name) if alias.evaluated_alias else (name.partition(".")[0],) * 2
