"""The OpenAPI description says what the endpoint takes and gives, and the probes what is so."""

from __future__ import annotations

import httpx
import pytest
from jsonschema import Draft202012Validator

from page.openapi import ENDPOINT_PATH, REFUSALS, described
from tests.serving import serving

QUESTION = "what did Erdoğan tell Putin?"


def validator(*steps: str) -> Draft202012Validator:
    """What checks values against a schema of the description."""
    found = whole = described()
    for step in (*steps, "content", "application/json", "schema"):
        found = found[step]
    return Draft202012Validator({**found, "components": whole["components"]})


OPERATION = ("paths", ENDPOINT_PATH, "post")
REQUEST = validator(*OPERATION, "requestBody")


def test_every_schema_is_one():
    for schema in described()["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


def test_it_is_served_as_it_is(address):
    assert httpx.get(f"{address}/openapi.json").json() == described()


@pytest.mark.parametrize(
    "data",
    [
        [QUESTION, None, None],
        [QUESTION, [], {}],
        ["and to Aliyev?", [{"role": "user", "content": QUESTION}], {"since": "2020"}],
        ["what did Ottilie Kranz say?", None, None],
    ],
)
def test_what_is_described_is_taken_and_what_is_given_is_described(address, data):
    REQUEST.validate({"data": data})
    sent = httpx.post(address + ENDPOINT_PATH, json={"data": data}, timeout=60)
    assert sent.status_code == 200
    validator(*OPERATION, "responses", "200").validate(sent.json())


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"data": [QUESTION]}, 400),
        ({"data": [QUESTION, None, None, None]}, 400),
        ({}, 400),
        ({"data": [QUESTION, None, {"mood": "x"}]}, 500),
        ({"data": [QUESTION, None, {"since": 7}]}, 500),
        ({"data": [QUESTION, [{"role": "user"}], None]}, 500),
    ],
)
def test_what_is_not_described_is_refused_as_described(address, body, code):
    assert not REQUEST.is_valid(body)
    sent = httpx.post(address + ENDPOINT_PATH, json=body, timeout=60)
    assert sent.status_code == code
    assert code in REFUSALS
    validator(*OPERATION, "responses", str(code)).validate(sent.json())


def test_the_probes_tell_whether_it_is_up_and_can_answer(address, tmp_path):
    for path, status in (("livez", "live"), ("readyz", "ready")):
        sent = httpx.get(f"{address}/{path}")
        assert (sent.status_code, sent.json()) == (200, {"status": status, "reason": ""})
        assert httpx.head(f"{address}/{path}").status_code == 200
    with serving(tmp_path / "none", tmp_path / "uploads") as empty:
        assert httpx.get(f"{empty.address}/livez").status_code == 200
        sent = httpx.get(f"{empty.address}/readyz")
        assert sent.status_code == 503
        assert "there is no index" in sent.json()["reason"]
        validator("paths", "/readyz", "get", "responses", "503").validate(sent.json())
