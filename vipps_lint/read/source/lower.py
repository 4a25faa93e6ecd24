"""libcst's tree to the IR. The only module that knows libcst's nodes, with `places` beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import libcst as cst

from vipps_lint.read.source import ir
from vipps_lint.read.source.lower_statements import StatementLowering

BINARY = {
    cst.Add: "+", cst.Subtract: "-", cst.Multiply: "*", cst.Divide: "/", cst.FloorDivide: "//", cst.Modulo: "%",
    cst.Power: "**", cst.BitOr: "|",
}  # fmt: skip
COMPARE = {
    cst.Equal: "==", cst.NotEqual: "!=", cst.LessThan: "<", cst.LessThanEqual: "<=", cst.GreaterThan: ">",
    cst.GreaterThanEqual: ">=", cst.In: "in", cst.NotIn: "not in", cst.Is: "is", cst.IsNot: "is not",
}  # fmt: skip


class Lowering(StatementLowering):
    """Lowers one module and remembers which libcst node has which number."""

    def expression(self, node: cst.BaseExpression) -> ir.Expression:
        """The IR of one expression; what has no form of its own becomes `Other` with its parts."""
        lower = _EXPRESSIONS.get(type(node))
        return lower(self, node) if lower else self._other(node)

    def _other(self, node: cst.CSTNode) -> ir.Other:
        number = self.number(node)
        return ir.Other(number, tuple(self.expression(part) for part in _parts(node)))

    def name(self, node: cst.Name) -> ir.Expression:
        constants: dict[str, bool | None] = {"True": True, "False": False, "None": None}
        if node.value in constants:
            return ir.Constant(self.number(node), constants[node.value])
        return ir.Name(self.number(node), node.value)

    def integer(self, node: cst.Integer) -> ir.Expression:
        text = node.value
        if len(text) > 4000:  # Python refuses to read longer ones too
            return ir.Constant(self.number(node), None, known=False)
        return ir.Constant(self.number(node), node.evaluated_value)

    def number_literal(self, node: cst.Float) -> ir.Expression:
        return ir.Constant(self.number(node), node.evaluated_value)

    def unknown_literal(self, node: cst.BaseExpression) -> ir.Expression:
        return ir.Constant(self.number(node), None, known=False)

    def string(self, node: cst.SimpleString) -> ir.Expression:
        number = self.number(node)
        try:
            value = node.evaluated_value
        except (SyntaxError, ValueError):
            value = b""
        return ir.Constant(number, value) if isinstance(value, str) else ir.Constant(number, None, known=False)

    def concatenated(self, node: cst.ConcatenatedString) -> ir.Expression:
        number = self.number(node)
        left, right = self.expression(node.left), self.expression(node.right)
        match left, right:
            case ir.Constant(value=str() as one), ir.Constant(value=str() as other):
                return ir.Constant(number, one + other)
        parts = [*_pieces(left), *_pieces(right)]
        return ir.Format(number, tuple(part for part, _ in parts), tuple(one for _, one in parts))

    def formatted(self, node: cst.FormattedString) -> ir.Expression:
        number = self.number(node)
        parts: list[str | ir.Expression] = []
        formats: list[str | None] = []
        for part in node.parts:
            if isinstance(part, cst.FormattedStringText):
                parts.append(_text(part.value, node.prefix))
                formats.append("")
            else:
                assert isinstance(part, cst.FormattedStringExpression)
                parts.append(self.expression(part.expression))
                formats.append(_format(part))
        return ir.Format(number, tuple(parts), tuple(formats))

    def attribute(self, node: cst.Attribute) -> ir.Expression:
        number = self.number(node)
        return ir.Attribute(number, self.expression(node.value), node.attr.value)

    def subscript(self, node: cst.Subscript) -> ir.Expression:
        number = self.number(node)
        value = self.expression(node.value)
        match node.slice:
            case [cst.SubscriptElement(slice=cst.Index(value=index))]:
                return ir.Subscript(number, value, self.expression(index))
            case [cst.SubscriptElement(slice=cst.Slice() as piece)]:
                ends = [self.expression(one) if one else None for one in (piece.lower, piece.upper, piece.step)]
                return ir.Subscript(number, value, ir.Slice(number, (ends[0], ends[1], ends[2])))
        return ir.Subscript(number, value, None)

    def call(self, node: cst.Call) -> ir.Expression:
        number = self.number(node)
        arguments = tuple(
            ir.Argument(self.expression(one.value), one.keyword.value if one.keyword else None, one.star)
            for one in node.args
        )
        return ir.CallOf(number, self.expression(node.func), arguments)

    def binary(self, node: cst.BinaryOperation) -> ir.Expression:
        number = self.number(node)
        operator = BINARY.get(type(node.operator), "?")
        return ir.Binary(number, self.expression(node.left), operator, self.expression(node.right))

    def logical(self, node: cst.BooleanOperation) -> ir.Expression:
        number = self.number(node)
        operator = "and" if isinstance(node.operator, cst.And) else "or"
        return ir.Logical(number, operator, self.expression(node.left), self.expression(node.right))

    def unary(self, node: cst.UnaryOperation) -> ir.Expression:
        number = self.number(node)
        names: dict[type, str] = {cst.Not: "not", cst.Minus: "-", cst.Plus: "+"}
        return ir.Unary(number, names.get(type(node.operator), "?"), self.expression(node.expression))

    def comparison(self, node: cst.Comparison) -> ir.Expression:
        number = self.number(node)
        left = self.expression(node.left)
        whole: ir.Expression | None = None
        for target in node.comparisons:
            right = self.expression(target.comparator)
            pair = ir.Compare(number, left, COMPARE[type(target.operator)], right)
            whole = pair if whole is None else ir.Logical(number, "and", whole, pair)
            left = right
        assert whole is not None
        return whole

    def conditional(self, node: cst.IfExp) -> ir.Expression:
        number = self.number(node)
        return ir.Conditional(
            number, self.expression(node.test), self.expression(node.body), self.expression(node.orelse)
        )

    def dictionary(self, node: cst.Dict) -> ir.Expression:
        number = self.number(node)
        items: list[tuple[ir.Expression | None, ir.Expression]] = []
        for element in node.elements:
            key = self.expression(element.key) if isinstance(element, cst.DictElement) else None
            items.append((key, self.expression(element.value)))
        return ir.DictDisplay(number, tuple(items))

    def sequence(self, node: cst.List | cst.Tuple | cst.Set) -> ir.Expression:
        number = self.number(node)
        items = tuple(self.expression(element.value) for element in node.elements)
        spreads = tuple(isinstance(one, cst.StarredElement) for one in node.elements)
        return ir.ListDisplay(number, items, spreads, isinstance(node, cst.Tuple))

    def comprehension(self, node: cst.ListComp | cst.SetComp | cst.GeneratorExp) -> ir.Expression:
        number = self.number(node)
        kinds: dict[type, str] = {cst.ListComp: "list", cst.SetComp: "set", cst.GeneratorExp: "generator"}
        clauses = tuple(self._clauses(node.for_in))
        return ir.Comprehension(number, kinds[type(node)], None, self.expression(node.elt), clauses)

    def dict_comprehension(self, node: cst.DictComp) -> ir.Expression:
        number = self.number(node)
        clauses = tuple(self._clauses(node.for_in))
        return ir.Comprehension(number, "dict", self.expression(node.key), self.expression(node.value), clauses)

    def _clauses(
        self, node: cst.CompFor | None
    ) -> Iterable[tuple[ir.Expression, ir.Expression, tuple[ir.Expression, ...]]]:
        while node is not None:
            tests = tuple(self.expression(one.test) for one in node.ifs)
            yield self.expression(node.target), self.expression(node.iter), tests
            node = node.inner_for_in

    def lambda_(self, node: cst.Lambda) -> ir.Expression:
        number = self.number(node)
        parameters = self.parameters(node.params)
        self.yielding.append(False)
        body = self.expression(node.body)
        self.yielding.pop()
        return ir.Lambda(number, parameters, body, self.first + len(self.nodes) - 1)

    def await_(self, node: cst.Await) -> ir.Expression:
        return ir.Await(self.number(node), self.expression(node.expression))

    def walrus(self, node: cst.NamedExpr) -> ir.Expression:
        number = self.number(node)
        value = self.expression(node.value)
        return ir.Walrus(number, node.target.value if isinstance(node.target, cst.Name) else "", value)

    def yield_(self, node: cst.Yield) -> ir.Expression:
        number = self.number(node)
        self.yielding[-1] = True
        value = node.value.item if isinstance(node.value, cst.From) else node.value
        return ir.Yield(number, self.expression(value) if value else None)


def _text(value: str, prefix: str) -> str:
    """The text of a piece of an f-string, escapes and doubled braces resolved."""
    value = value.replace("{{", "{").replace("}}", "}")
    if "r" in prefix.lower() or "\\" not in value:
        return value
    try:
        # the blank keeps a quote at the end of the text from ending the literal
        return str(cst.ensure_type(cst.parse_expression(f'"""{value} """'), cst.SimpleString).evaluated_value)[:-1]
    except (cst.ParserSyntaxError, SyntaxError, ValueError, TypeError):
        return value


def _format(part: cst.FormattedStringExpression) -> str | None:
    """The format of a piece of an f-string; None for one that is itself computed, and for `{x=}`."""
    spec = part.format_spec or ()
    if part.equal is not None or not all(isinstance(one, cst.FormattedStringText) for one in spec):
        return None
    written = "".join(one.value for one in spec if isinstance(one, cst.FormattedStringText))
    conversion = part.conversion if part.conversion != "s" or written else None
    return f"{conversion or ''}:{written}" if conversion or written else ""


def _pieces(expression: ir.Expression) -> Sequence[tuple[str | ir.Expression, str | None]]:
    match expression:
        case ir.Format(parts=parts, formats=formats):
            return list(zip(parts, formats, strict=True))
        case ir.Constant(value=str() as text):
            return [(text, "")]
        case _:
            return [(expression, "")]


def _parts(node: cst.CSTNode) -> Iterable[cst.BaseExpression]:
    """The expressions directly inside a node that has no form of its own."""
    for child in node.children:
        if isinstance(child, cst.BaseExpression):
            yield child
        elif not isinstance(child, cst.BaseStatement):
            yield from _parts(child)


_EXPRESSIONS: dict[type, Callable[[Any, Any], ir.Expression]] = {
    cst.Name: Lowering.name,
    cst.Integer: Lowering.integer,
    cst.Float: Lowering.number_literal,
    cst.Imaginary: Lowering.unknown_literal,
    cst.Ellipsis: Lowering.unknown_literal,
    cst.SimpleString: Lowering.string,
    cst.ConcatenatedString: Lowering.concatenated,
    cst.FormattedString: Lowering.formatted,
    cst.Attribute: Lowering.attribute,
    cst.Subscript: Lowering.subscript,
    cst.Call: Lowering.call,
    cst.BinaryOperation: Lowering.binary,
    cst.BooleanOperation: Lowering.logical,
    cst.UnaryOperation: Lowering.unary,
    cst.Comparison: Lowering.comparison,
    cst.IfExp: Lowering.conditional,
    cst.Dict: Lowering.dictionary,
    cst.List: Lowering.sequence,
    cst.Tuple: Lowering.sequence,
    cst.Set: Lowering.sequence,
    cst.ListComp: Lowering.comprehension,
    cst.SetComp: Lowering.comprehension,
    cst.GeneratorExp: Lowering.comprehension,
    cst.DictComp: Lowering.dict_comprehension,
    cst.Lambda: Lowering.lambda_,
    cst.Await: Lowering.await_,
    cst.NamedExpr: Lowering.walrus,
    cst.Yield: Lowering.yield_,
}
