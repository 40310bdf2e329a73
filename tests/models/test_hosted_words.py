import json
from typing import Any

import pytest

from assistant.models.hosted.words import is_failure, parsed_json, server_words

WORDS = "The toy is broken"


@pytest.mark.parametrize(
    "body",
    [
        {"error": {"message": WORDS, "code": 400}},
        [{"error": {"message": WORDS, "status": "INVALID_ARGUMENT"}}],
        {"error": WORDS},
        {"detail": WORDS},
        {"detail": [{"loc": ["body", "toy"], "msg": WORDS, "type": "value_error"}]},
        {"detail": {"error": WORDS}},
        {"object": "error", "message": WORDS, "type": "BadRequestError"},
        {"message": WORDS},
        {"errors": [{"code": 7003, "message": WORDS}], "success": False},
        {"errors": [WORDS]},
        {"title": "Bad Request", "detail": WORDS},
        {"fault": {"faultstring": WORDS}},
        {"error": {"message": json.dumps({"error": {"message": WORDS}})}},
        {"error": {"message": "Provider returned error", "metadata": {"raw": json.dumps({"error": WORDS})}}},
        {"error": {"message": "Provider returned error", "metadata": {"raw": WORDS}}},
        {"choices": [{"finish_reason": "error", "error": {"message": WORDS}}]},
        {"whatever": {"this": WORDS}},
        {"whatever": [{"this": [WORDS]}]},
        {"message": {"error": WORDS}},
        {"message": [{"msg": WORDS}]},
        {"status_code": 500, "error_msg": WORDS},
        {"errorMessage": WORDS},
        {"err": WORDS},
        {"base_resp": {"status_code": 1004, "status_msg": WORDS}},
        {"errors": {"seed": [WORDS]}},
        {"errors": {"seed": WORDS}},
        {"title": "Bad Request", "errors": {"seed": [WORDS]}},
        json.dumps({"error": {"message": WORDS}}),
        WORDS,
    ],
)
def test_a_servers_words_are_found_in_any_form(body: object) -> None:
    assert WORDS in server_words(body).text
    assert "{" not in server_words(body).text


@pytest.mark.parametrize(
    "body",
    [
        *("", "<html>Sign in</html>", "\ufeff<!doctype html>", {}, [], None, 7),
        *({"error": {"message": 7}}, {"error": None}, {"error": {"request_id": 7}}),
    ],
)
def test_where_nothing_is_said_there_are_no_words(body: object) -> None:
    assert server_words(body).text == ""


def test_codes_parameter_and_status_are_read_wherever_they_stand() -> None:
    parsed = server_words([{"error": {"code": 429, "message": WORDS, "type": "Slow_Down", "param": "seed"}}])

    assert parsed.codes >= {"429", "slow_down"}
    assert (parsed.param, parsed.status) == ("seed", 429)


def test_the_place_of_a_refused_field_is_told() -> None:
    body = {"detail": [{"loc": ["body", "stream_options"], "msg": "Extra inputs are not permitted"}]}

    assert server_words(body).text == "body.stream_options: Extra inputs are not permitted"


@pytest.mark.parametrize(
    ("chunk", "failed"),
    [
        ({"error": WORDS}, True),
        ({"error": {"message": WORDS}}, True),
        ([{"error": {"message": WORDS}}], True),
        ({"object": "error", "message": WORDS}, True),
        ({"detail": WORDS}, True),
        ({"message": WORDS, "code": 500}, True),
        ({"choices": [{"delta": {"content": ""}, "finish_reason": "error"}]}, True),
        ({"message": {"error": WORDS}}, True),
        ({"err": WORDS}, True),
        ({"choices": None, "base_resp": {"status_msg": WORDS}}, True),
        ({"base_resp": {"status_code": 0, "status_msg": "success"}}, False),
        ({"message": {"role": "assistant", "content": "Toys"}}, False),
        ({"type": "ping", "message": "hi"}, False),
        ({"type": "keep-alive", "message": "hi"}, False),
        ({"choices": [{"delta": {"content": "Toys"}}], "error": None}, False),
        ({"choices": []}, False),
        ({"choices": None}, False),
        ({"usage": {"prompt_tokens": 1}}, False),
        ({"type": "ping"}, False),
        (42, False),
    ],
)
def test_a_failure_is_told_from_a_piece_of_an_answer(chunk: Any, failed: bool) -> None:
    assert is_failure(chunk) is failed


@pytest.mark.parametrize(
    ("chunk", "failed"),
    [({"title": "done"}, False), ({"message": "bye", "code": 0}, False), ({"error": WORDS}, True)],
)
def test_after_the_end_only_what_is_named_an_error_is_one(chunk: Any, failed: bool) -> None:
    assert is_failure(chunk, is_finished=True) is failed


def test_fields_that_are_refused_are_told_by_name() -> None:
    assert server_words({"errors": {"seed": ["is prohibited."]}}).text == "seed: is prohibited."


@pytest.mark.parametrize("depth", [101, 900, 3_000, 200_000])
@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"error":', "}")])
def test_json_that_is_nested_without_end_is_no_json(depth: int, opening: str, closing: str) -> None:
    text = opening * depth + "1" + closing * depth

    with pytest.raises(ValueError, match="nested too deeply"):
        parsed_json(text)
    assert isinstance(server_words(text).text, str)


def test_json_of_a_usual_depth_is_read() -> None:
    assert parsed_json("[" * 50 + "]" * 50)
    assert parsed_json(json.dumps("[" * 500)) == "[" * 500
