"""The OpenAPI 3.1 description of the validator service, for /openapi.json."""

from __future__ import annotations

from typing import Any

from wasl.service.limits import Limits

_WORDS = {
    "description": "Words in the language asked for; with lang=both an object of both.",
    "oneOf": [
        {"type": "string"},
        {"type": "object", "properties": {"ar": {"type": "string"}, "en": {"type": "string"}}, "required": ["ar", "en"]},
    ],
}
_FINDING = {
    "type": "object",
    "required": ["rule", "severity", "term", "where", "xpath", "official", "message", "fix"],
    "properties": {
        "rule": {"type": "string", "examples": ["BR-CO-15", "XSD"]},
        "severity": {"enum": ["fatal", "warning", "information"]},
        "term": {"type": "string", "examples": ["BT-112"]},
        "where": {"type": "string"},
        "xpath": {"type": "string"},
        "line": {"type": "integer", "minimum": 1},
        "column": {"type": "integer", "minimum": 1, "description": "counts characters from 1"},
        "official": {"type": "string", "description": "the rule's own text"},
        "message": _WORDS,
        "fix": _WORDS,
        "unevaluable": {"type": "boolean", "description": "the rule could not be evaluated on this document"},
    },
}
_FILE = {
    "type": "object",
    "required": ["file"],
    "properties": {
        "file": {"type": "string"},
        "syntax": {"enum": ["ubl", "cii"]},
        "profile": {"type": "string"},
        "inside": {"type": "string", "description": "the attachment of a PDF that was checked"},
        "picked": _WORDS,
        "sets": {"type": "array", "items": {"type": "string"}},
        "valid": {"type": ["boolean", "null"], "description": "null: not fully checked"},
        "schema_valid": {"type": "boolean"},
        "findings": {"type": "array", "items": {"$ref": "#/components/schemas/Finding"}},
        "more": {
            "type": "array",
            "description": "findings beyond the 2,000 that are listed, counted by rule",
            "items": {
                "type": "object",
                "properties": {"rule": {"type": "string"}, "severity": {"type": "string"}, "count": {"type": "integer"}},
            },
        },
        "unchecked": {
            "type": "array",
            "items": {"type": "object", "properties": {"set": {"type": "string"}, "reason": {"type": "string"}}},
        },
        "error": _WORDS,
    },
}
_ERROR = {
    "type": "object",
    "properties": {
        "error": {
            "type": "object",
            "properties": {"code": {"type": "string"}, "ar": {"type": "string"}, "en": {"type": "string"}},
            "required": ["code", "ar", "en"],
        }
    },
}


def description(limits: Limits, profiles: list[str], version: str) -> dict[str, Any]:
    binary = {"schema": {"type": "string", "format": "binary"}}
    form = {
        "schema": {
            "type": "object",
            "properties": {"file": {"type": "array", "items": {"type": "string", "format": "binary"}}, "profile": {"enum": profiles}},
            "required": ["file"],
        }
    }
    refusal = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Refusal"}}}}
    reports = {
        "content": {
            "application/json": {"schema": {"type": "array", "items": {"$ref": "#/components/schemas/File"}}},
            "application/sarif+json": {"schema": {"type": "object"}},
            "text/html": {"schema": {"type": "string"}},
        }
    }
    codes = {
        "400": "a form, a packed body or a parameter that cannot be read",
        "408": f"the body did not arrive within {limits.body_seconds} s",
        "413": f"more than {limits.bytes_max} bytes or {limits.documents_max} documents",
        "415": "a Content-Encoding other than gzip or deflate",
        "503": "too much to do; see Retry-After",
    }
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Wasl validator",
            "version": version,
            "description": "Official e-invoice rules: POST a document, get findings in Arabic and English. Nothing of it is stored or logged.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": {
            "/": {
                "get": {"operationId": "page", "summary": "A page to drop a file on", "responses": {"200": {"description": "the page"}}},
                "post": {
                    "operationId": "check",
                    "summary": "Check a document, or all documents of a ZIP or a form",
                    "parameters": [
                        {"name": "profile", "in": "query", "schema": {"enum": profiles, "default": "auto"}},
                        {"name": "lang", "in": "query", "schema": {"enum": ["ar", "en", "both"], "default": "en"}},
                        {"name": "format", "in": "query", "schema": {"enum": ["json", "sarif", "html"]}, "description": "instead of Accept"},
                        {"name": "file", "in": "query", "schema": {"type": "string"}, "description": "the document's name in the report"},
                    ],
                    "requestBody": {
                        "required": True,
                        "description": f"At most {limits.bytes_max} bytes, before and after unpacking (Content-Encoding: gzip, deflate).",
                        "content": {"application/xml": binary, "application/pdf": binary, "application/json": binary,
                                    "application/zip": binary, "multipart/form-data": form},
                    },
                    "responses": {
                        "200": {"description": "checked, valid or not", **reports},
                        "422": {"description": "no document could be read", **reports},
                        **{code: {"description": what, **refusal} for code, what in codes.items()},
                    },
                },
            },
            "/health": {"get": {"operationId": "health", "summary": "Whether the rules are loaded", "responses": {"200": {"description": "ready"}}}},
        },
        "components": {"schemas": {"File": _FILE, "Finding": _FINDING, "Refusal": _ERROR}},
    }  # fmt: skip
