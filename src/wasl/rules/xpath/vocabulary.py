"""The words of XPath 2.0 that the parser knows: axes, node tests, comparisons, functions with their numbers of arguments."""

from __future__ import annotations

FN = "http://www.w3.org/2005/xpath-functions"
XS = "http://www.w3.org/2001/XMLSchema"
AXES = frozenset(
    {
        "child", "descendant", "descendant-or-self", "attribute", "self", "parent", "ancestor", "ancestor-or-self",
        "preceding-sibling", "following-sibling", "preceding", "following",
    }
)  # fmt: skip
KIND_TESTS = {
    "node": "node", "text": "text", "comment": "comment", "processing-instruction": "pi", "element": "element", "attribute": "attribute",
}  # fmt: skip
VALUE_SIGNS = {"eq": "=", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}
GENERAL_SIGNS = frozenset({"=", "!=", "<", "<=", ">", ">="})
# name -> (least, most) number of arguments
FUNCTIONS: dict[str, tuple[int, int]] = {
    "true": (0, 0), "false": (0, 0), "not": (1, 1), "boolean": (1, 1), "exists": (1, 1), "empty": (1, 1),
    "count": (1, 1), "sum": (1, 2), "min": (1, 1), "max": (1, 1), "avg": (1, 1), "abs": (1, 1), "round": (1, 1), "floor": (1, 1),
    "ceiling": (1, 1), "number": (0, 1), "string": (0, 1), "data": (1, 1), "concat": (2, 99), "string-join": (2, 2),
    "string-length": (0, 1), "normalize-space": (0, 1), "upper-case": (1, 1), "lower-case": (1, 1), "contains": (2, 2),
    "starts-with": (2, 2), "ends-with": (2, 2), "substring": (2, 3), "substring-before": (2, 2), "substring-after": (2, 2),
    "translate": (3, 3), "name": (0, 1), "local-name": (0, 1), "namespace-uri": (0, 1), "position": (0, 0), "last": (0, 0),
    "distinct-values": (1, 1), "xs:decimal": (1, 1), "xs:integer": (1, 1), "xs:double": (1, 1), "xs:string": (1, 1),
    "xs:boolean": (1, 1), "xs:date": (1, 1), "exactly-one": (1, 1), "zero-or-one": (1, 1), "index-of": (2, 2), "root": (0, 1),
    "matches": (2, 3), "replace": (3, 4), "tokenize": (1, 3), "string-to-codepoints": (1, 1), "codepoints-to-string": (1, 1),
    "reverse": (1, 1), "subsequence": (2, 3), "remove": (2, 2), "insert-before": (3, 3), "one-or-more": (1, 1), "compare": (2, 2),
    "round-half-to-even": (1, 2), "xs:untypedAtomic": (1, 1), "xs:int": (1, 1), "xs:long": (1, 1), "xs:nonNegativeInteger": (1, 1),
    "xs:positiveInteger": (1, 1), "current": (0, 0), "document": (1, 1),
}  # fmt: skip
CURRENT = "current()"  # the name under which the interpreter keeps the node that an expression started from
TYPES = frozenset(name for name in FUNCTIONS if name.startswith("xs:")) | {"xs:anyAtomicType"}
