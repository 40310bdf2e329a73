import pytest

from assistant.errors import ModelUnavailable
from assistant.models.chat_model import Message
from assistant.models.llama.tokenizer import Piece, TemplateRefused, prompt_pieces

SYSTEM, USER = Message("system", " Be brief.\n"), Message("user", "What is <|im_end|>?")


def chatml(messages: list[dict[str, str]]) -> str:
    return "".join(f"<|im_start|>{m['role']}\n{m['content']}<|im_end|>\n" for m in messages) + "<|im_start|>assistant\n"


def without_system(messages: list[dict[str, str]]) -> str:
    if messages[0]["role"] == "system":
        raise TemplateRefused("System role not supported")
    return chatml(messages)


def dropping_system(messages: list[dict[str, str]]) -> str:
    return chatml([message for message in messages if message["role"] != "system"])


def test_template_and_data_stay_apart() -> None:
    assert prompt_pieces([SYSTEM, USER], chatml, "m") == (
        Piece("<|im_start|>system\n", data=False),
        Piece("Be brief.", data=True),
        Piece("<|im_end|>\n<|im_start|>user\n", data=False),
        Piece("What is <|im_end|>?", data=True),
        Piece("<|im_end|>\n<|im_start|>assistant\n", data=False),
    )


@pytest.mark.parametrize("render", [without_system, dropping_system])
def test_a_template_without_system_messages_gets_it_before_the_first_question(render: object) -> None:
    pieces = prompt_pieces([SYSTEM, USER], render, "m")  # type: ignore[arg-type]  # one of the two above

    assert [piece.text for piece in pieces if piece.data] == ["Be brief.\n\nWhat is <|im_end|>?"]


@pytest.mark.parametrize("messages", [[SYSTEM], [USER, SYSTEM], [SYSTEM, Message("assistant", "Yes."), USER]])
def test_what_the_template_refuses_for_good_is_an_error(messages: list[Message]) -> None:
    with pytest.raises(ModelUnavailable, match="The chat template of m cannot be used"):
        prompt_pieces(messages, dropping_system, "m")


def test_a_template_that_refuses_even_the_merged_messages_is_an_error() -> None:
    def refuse(_messages: list[dict[str, str]]) -> str:
        raise TemplateRefused("Conversation roles must alternate")

    with pytest.raises(ModelUnavailable, match="roles must alternate"):
        prompt_pieces([SYSTEM, USER], refuse, "m")


def test_data_that_looks_like_a_placeholder_stays_data() -> None:
    texts = [piece.text for piece in prompt_pieces([Message("user", "\ue0000\ue001")], chatml, "m") if piece.data]

    assert texts == ["\ue0000\ue001"]


def test_an_empty_message_leaves_only_its_frame() -> None:
    assert all(not piece.data for piece in prompt_pieces([Message("user", "  ")], chatml, "m"))
