"""The OpenAPI description of the page's public endpoint, and of its two probes."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field, create_model
from pydantic.json_schema import models_json_schema

from page.server.calls import ENDPOINT_PATH
from rag.json_form import AnswerForm
from rag.requests import FILTER_HELP

LIVE_PATH = "/livez"
READY_PATH = "/readyz"
DESCRIPTION_PATH = "/openapi.json"

ENDPOINT_ABOUT = (
    "What somebody is on record as saying in the indexed articles. Served on this machine only. "
    "The endpoint is Gradio's: arguments stand in a list, in order, and so does the answer."
)

REFUSALS = {
    400: "the request has not this form",
    403: "the request comes from a page of another origin",
    413: "the request is too large",
    415: "the request is no application/json",
    500: "the question cannot be answered; the error says what was expected",
    503: "too many requests wait; try again in a moment",
}
"""What the endpoint answers instead, each with an object that has an ``error``."""


class HistoryTurn(BaseModel):
    """One turn before the question."""

    role: str = Field(json_schema_extra={"enum": ["user", "assistant"]})
    content: str


AskedFilters = create_model(
    "AskedFilters",
    __config__=ConfigDict(extra="forbid"),
    __doc__="What holds whatever the question says; every part may be left out.",
    **{name: (str, Field("", description=about)) for name, about in FILTER_HELP.items()},  # type: ignore[call-overload]
)


class Probe(BaseModel):
    """What a probe answers."""

    status: str
    reason: str = ""


class Failed(BaseModel):
    """Why there is no answer."""

    error: str


def described() -> dict[str, Any]:
    """The description, as OpenAPI 3.1."""
    forms = (AnswerForm, HistoryTurn, AskedFilters, Probe, Failed)
    _, schemas = models_json_schema(
        [(form, "serialization" if form is AnswerForm else "validation") for form in forms],
        ref_template="#/components/schemas/{model}",
    )
    return {
        "openapi": "3.1.0",
        "info": {"title": "OnRecord", "version": "1", "description": ENDPOINT_ABOUT},
        "paths": {
            ENDPOINT_PATH: {"post": _answering()},
            LIVE_PATH: {"get": _probe("live", "The server is up.")},
            READY_PATH: {"get": _probe("ready", "There is an index, and it can be read.")},
        },
        "components": {"schemas": schemas["$defs"]},
    }


def _answering() -> dict[str, Any]:
    nothing = {"type": "null"}
    asked: list[dict[str, Any]] = [
        {"type": "string", "description": "the question, in plain English"},
        {"anyOf": [{"type": "array", "items": _schema_reference("HistoryTurn")}, nothing]},
        {"anyOf": [_schema_reference("AskedFilters"), nothing]},
    ]
    refused = {
        str(code): _response(why, _schema_reference("Failed")) for code, why in REFUSALS.items()
    }
    return {
        "operationId": "answer",
        "summary": "Answer a question, with citations",
        "requestBody": {"required": True, "content": _json(_data(asked))},
        "responses": {
            "200": _response("an answer", _data([_schema_reference("AnswerForm")])),
            **refused,
        },
    }


def _probe(name: str, about: str) -> dict[str, Any]:
    found = {"200": _response("yes", _schema_reference("Probe"))}
    if name == "ready":
        found["503"] = _response("not yet", _schema_reference("Probe"))
    return {"operationId": name, "summary": about, "responses": found}


def _data(items: list[dict[str, Any]]) -> dict[str, Any]:
    """An object whose ``data`` is a list of just these."""
    listed = {
        "type": "array",
        "prefixItems": items,
        "items": False,
        "minItems": len(items),
        "maxItems": len(items),
    }
    return {"type": "object", "required": ["data"], "properties": {"data": listed}}


def _schema_reference(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


def _json(schema: dict[str, Any]) -> dict[str, Any]:
    return {"application/json": {"schema": schema}}


def _response(about: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": about, "content": _json(schema)}
