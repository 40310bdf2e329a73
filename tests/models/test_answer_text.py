from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.models.answer_text import AnswerFilter, answer_in, is_answer
from assistant.models.chat_model import TextDelta, TextWithdrawn

ANSWER = "ToyNet folds 1,200 toys a day [1]. It is twice as fast as ToyHand [2]."
ALOUD = "Okay, source 1 says 1,200. So the user wants the speed. But maybe 900? No, wait."
QUIET = "Source one has 1,200 toys. The speed is asked for."
FINAL = "<|start|>assistant<|channel|>final<|message|>"

MARKED = {
    "nothing": ANSWER,
    "think": f"<think>\n{ALOUD}\n</think>\n\n{ANSWER}",
    "glued": f"<think>{ALOUD}</think>{ANSWER}",
    "upper case": f"<THINK>{ALOUD}</Think> {ANSWER}",
    "thinking": f"<thinking>\n{ALOUD}\n</thinking>\n{ANSWER}",
    "reasoning and answer": f"<reasoning>{ALOUD}</reasoning>\n<answer>{ANSWER}</answer>",
    "with an attribute": f'<think duration="3">{ALOUD}</think>{ANSWER}',
    "Magistral": f"[THINK]{ALOUD}[/THINK]{ANSWER}",
    "begin of thought": f"<|begin_of_thought|>{ALOUD}<|end_of_thought|>"
    f"\n<|begin_of_solution|>{ANSWER}<|end_of_solution|>",
    "Seed": f"<seed:think>{ALOUD}</seed:think>{ANSWER}",
    "Kimi": f"◁think▷{ALOUD}◁/think▷{ANSWER}",
    "Command A": f"<|START_THINKING|>{ALOUD}<|END_THINKING|><|START_RESPONSE|>{ANSWER}<|END_RESPONSE|>",
    "Gemma": f"<|channel>thought\n{ALOUD}<channel|>{ANSWER}<turn|>",
    "empty": f"<think>\n\n</think>\n\n{ANSWER}",
    "twice": f"<think>{ALOUD}</think>\n<think>{QUIET}</think>\n{ANSWER}",
    "nested": f"<think>\n<think>\n{ALOUD}\n</think>\nMore.\n</think>\n{ANSWER}",
    "speaks of its mark": f"<think>\nThe `</think>` token. It is </think> in text.\n</think>\n\n{ANSWER}",
    "no opening": f"{ALOUD}\n</think>\n\n{ANSWER}",
    "no opening, quiet": f"{QUIET}\n</think>\n\n{ANSWER}",
    "no opening, quiet, glued": f"{QUIET}</think>{ANSWER}",
    "no opening, one line": f"{QUIET} </think> {ANSWER}",
    "only the end": f"</think>\n\n{ANSWER}",
    "harmony": f"<|channel|>analysis<|message|>{ALOUD}<|end|>{FINAL}{ANSWER}<|return|>",
    "harmony, commentary": f"<|start|>assistant<|channel|>analysis<|message|>{ALOUD}<|end|>"
    f"<|start|>assistant<|channel|>commentary<|message|>{QUIET}<|end|>{FINAL}{ANSWER}",
    "harmony without marks": f"analysisWe look. {QUIET}assistantfinal{ANSWER}",
    "ChatML": f"<|im_start|>assistant\n{ANSWER}<|im_end|>\n<|im_start|>user\nAnd then?<|im_end|>",
    "ChatML, thinking": f"<|im_start|>assistant\n<think>\n{ALOUD}\n</think>\n{ANSWER}<|im_end|>",
    "Llama 3": f"{ANSWER}<|eot_id|><|start_header_id|>user<|end_header_id|>\n\nAnd then?",
    "Llama 2": f"[/INST] {ANSWER}</s><s>[INST] And then? [/INST]",
    "Gemma turns": f"{ANSWER}<end_of_turn>\n<start_of_turn>user\nAnd then?",
    "Zephyr": f"<|assistant|>\n{ANSWER}</s>\n<|user|>\nAnd then?",
    "DeepSeek": f"{ANSWER}<｜end▁of▁sentence｜><｜User｜>And then?",
    "Alpaca": f"{ANSWER}\n\n### Instruction:\nAnd then?",
    "GLM's box": f"<|begin_of_box|>{ANSWER}<|end_of_box|>",
    "EXAONE": f"[|assistant|]{ANSWER}[|endofturn|]\n[|user|]And then?",
    "Command A's text": f"<|START_RESPONSE|><|START_TEXT|>{ANSWER}<|END_TEXT|><|END_RESPONSE|>",
    "Phi": f"<|im_start|>assistant<|im_sep|>{ANSWER}<|im_end|>",
    "padding": f"<unk>{ANSWER}<pad><pad>",
    "end of a message": f"{ANSWER}<|eom|>",
    "reserved": f"<|reserved_special_token_5|>{ANSWER}<|reserved_special_token_7|>",
    "DeepSeek's role": f"<｜Assistant｜>{ANSWER}<｜toy▁token｜>",
    "Mistral's next turn": f"{ANSWER} [INST] what else? [/INST] more",
    "Open WebUI": f'<details type="reasoning" done="true" duration="3">\n<summary>Hm</summary>\n> {QUIET}\n</details>'
    f"\n{ANSWER}",
    "antThinking": f"<antThinking>{ALOUD}</antThinking>{ANSWER}",
    "inner monologue": f"<inner_monologue>{ALOUD}</inner_monologue>\n{ANSWER}",
    "scratch pad": f"<scratch_pad>{ALOUD}</scratch_pad>\n<final_answer>{ANSWER}</final_answer>",
    "reason": f"<reason>{ALOUD}</reason>{ANSWER}",
    "role in plain words": f"assistant\n\n{ANSWER}",
    "Gemma's role in plain words": f"model\n{ANSWER}",
    "harmony without marks, with blanks": f"analysis We need to look. {QUIET} assistant final {ANSWER}",
    "a thought that begins like prose": f"<think> in order to answer, we count…</think>{ANSWER}",
    "a thought that begins with a verb": f"<think> can we answer? yes.</think>\n{ANSWER}",
    "a thought that begins with a quote": f'<think>"how many toys" is asked</think>{ANSWER}',
    "a thought that begins with a colon": f"<think>: {QUIET}</think> {ANSWER}",
    "a thought that begins like prose on its line": f"<think>\nto answer, we count.\n</think>\n{ANSWER}",
    "cut end of a turn": f"{ANSWER}<|im_en",
    "cut end of a thought": f"{ANSWER}</thi",
    "cut end of harmony": f"{ANSWER}<|end|",
    "cut instruction": f"{ANSWER} [/IN",
    "plain turns": f"{ANSWER}\n\nUser: And then?\nAssistant: Nothing.",
}  # fmt: skip


def read(text: str, size: int, reading: AnswerFilter | None = None, *, truncated: bool = False) -> str:
    """The answer in a text that comes in pieces of a size."""
    reading = reading or AnswerFilter()
    events = [event for at in range(0, len(text), size) for event in reading.feed(text[at : at + size])]
    answer = ""
    for event in (*events, *reading.close(truncated=truncated)):
        answer = answer + event.text if isinstance(event, TextDelta) else ""
    return answer.strip()


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
@pytest.mark.parametrize("text", MARKED.values(), ids=MARKED.keys())
def test_the_answer_is_found_however_its_text_is_cut(text: str, size: int) -> None:
    assert read(text, size) == ANSWER


@pytest.mark.parametrize("size", [1, 5, 1000])
@pytest.mark.parametrize(
    "text",
    [
        f"<think>\n{ALOUD}",
        f"<think>{QUIET}",
        "<think>",
        "<thinking>",
        f"[THINK]{QUIET}",
        f"<|channel|>analysis<|message|>{QUIET}",
        "<|channel|>",
        "<|channel|>anal",
        "<thin",
        f"analysisWe look. {QUIET}",
        "<|im_end|>",
        "<|im_start|>user\nAnd then?",
    ],
)
def test_where_nothing_follows_there_is_no_answer(text: str, size: int) -> None:
    assert read(text, size) == ""


@pytest.mark.parametrize("size", [1, 3, 1000])
@pytest.mark.parametrize(
    "text",
    [
        "The <think> token opens a thought [1].",
        "Toys write <think> and </think> around thoughts [1]. They learn it.",
        "<think> tokens delimit the thought [1].",
        "<think> and </think> delimit the thought [1].",
        "The reward wants `<think>` first.\nThen `</think>` ends it [1].",
        "Thoughts stand between <think> and </think>\nand answers behind [1].",
        "- <think>: opens.\n- </think>: closes [1].",
        "We append the </s> token to each toy [1]. The <|im_end|> mark too.",
        "Analysis of toys is done in shops [1].",
        "analysis of toys is done in shops [1].",
        "First, ToyNet is large [1]. Second, it is new [2].",
        "User studies show that toys help [1].",
        "Two groups stand out.\n### User studies\nToys help [1].\n### Input lengths\nToys are long [2].",
        "They prompt:\nUser: how many?\nThe model says 7 [1].",
        "They prompt:\n\nUser: how many?\n\nThe model says 7 [1].",
        "<|im_end|> is the end token of ChatML [1].",
        "A turn is opened by <|im_start|> [1]. Then it goes on.",
        "The format is <|user|>Q<|assistant|>A [1].",
        "1. <|im_start|> opens a turn.\n2. <|im_end|> ends it [1].",
        "Padding is marked. <pad> stands for nothing, e.g. <unk> (a toy) [1].",
        "<answer> tags hold the answer [1].",
        "HTML ends it so:\n</details>\nas toys do [1].",
        "<think> is opened first. </think> is written last [1].",
        "<think> is opened first and then </think> is written [1].",
        "Assistant toys finish [1].",
        "Models of toys fold [1].",
        "For a < b it holds that [a] is bold; a <b> is not.",
        "yes",
        "No.",
    ],
)
def test_prose_about_marks_and_thoughts_is_answer(text: str, size: int) -> None:
    assert read(text, size) == text
    assert is_answer(text)


def test_what_was_given_is_withdrawn_when_it_turns_out_to_be_thought() -> None:
    reading = AnswerFilter()

    assert list(reading.feed(f"{QUIET}\n")) == [TextDelta(f"{QUIET}\n")]
    events = [*reading.feed("</think>\n\n"), *reading.feed("Yes."), *reading.close()]

    assert events == [TextWithdrawn(), TextDelta("Yes.")]
    assert reading.unmarked


def test_thoughts_within_a_line_and_boxes_around_a_word_are_taken_out() -> None:
    assert answer_in("Seven [1]. <think>hm</think> Eight [2].") == "Seven [1]. Eight [2]."
    assert answer_in("Seven [1]. <think> Hm. </think> eight [2].") == "Seven [1]. eight [2]."
    assert answer_in("Seven [1].\n<think> hm </think>\nEight [2].") == "Seven [1].\n\nEight [2]."
    assert answer_in("They are <|begin_of_box|>7<|end_of_box|> toys [1]. Large.") == "They are 7 toys [1]. Large."


_PIECES = (
    ALOUD, QUIET, ANSWER, "<think>", "</think>", "\n", " ", " in order to", "<|im_end|>", "<|channel|>", "analysis",
    "<|message|>", "final", "assistant", "<answer>", "</answer>", "[INST]", "\n\nUser: toys?", "<|toy|>", "<det",
    "[1].",
)  # fmt: skip


@given(st.lists(st.sampled_from(_PIECES), max_size=9).map("".join), st.data(), st.booleans())
def test_how_a_text_is_cut_does_not_change_its_answer(text: str, data: st.DataObject, truncated: bool) -> None:
    cuts = sorted({0, *data.draw(st.lists(st.integers(0, len(text)), max_size=6)), len(text)})
    reading, answer = AnswerFilter(), ""
    events = [event for start, end in pairwise(cuts) for event in reading.feed(text[start:end])]
    for event in (*events, *reading.close(truncated=truncated)):
        answer = answer + event.text if isinstance(event, TextDelta) else ""

    assert answer.strip() == read(text, max(1, len(text)), truncated=truncated)


@pytest.mark.parametrize(
    "text",
    [
        "The user study in [1] shows that seven of ten prefer toys. They",
        "We need to distinguish toys from hands [1]. The",
        "So we see that toys fold. A",
        "Let me list them: ToyNet, ToyHand [1], and",
        "I should note that [1] folds toys and",
        "Got it. Seven toys [1]. And",
        "Okay, so the user study says seven [1]. And",
        "The user simulator of ToyNet folds",
    ],
)
def test_a_cut_answer_is_given_however_it_begins(text: str) -> None:
    reading = AnswerFilter()

    assert read(text, 5, reading, truncated=True) == text
    assert not reading.perhaps_thought


@pytest.mark.parametrize(
    "text", ["Okay, so the user wants [1]. But", "Hmm, [1] says 7. The", "We need to answer from [2]. It"]
)
def test_a_cut_thought_of_a_suspected_model_is_none_of_its_answer_though_it_cites(text: str) -> None:
    assert read(text, 5, AnswerFilter(suspected=True), truncated=True) == ""


@pytest.mark.parametrize(
    "text",
    ["First, ToyNet folds [1]. It", "The question is how toys fold. " + "They fold well. " * 20, "Okay. It [1] is"],
)
def test_an_answer_that_begins_with_a_common_word_comes_before_its_end(text: str) -> None:
    assert "".join(event.text for event in AnswerFilter().feed(text) if isinstance(event, TextDelta)) == text


def test_text_that_begins_like_thoughts_waits_for_their_end() -> None:
    reading = AnswerFilter()

    assert list(reading.feed(ALOUD)) == []
    assert list(reading.close()) == [TextDelta(ALOUD)]


@pytest.mark.parametrize(("text", "kept"), [(ALOUD, ""), (QUIET, QUIET), ("First, toys fold", "First, toys fold")])
def test_a_cut_text_that_sounds_like_thoughts_is_perhaps_all_thought(text: str, kept: str) -> None:
    reading = AnswerFilter()

    assert read(text, 4, reading, truncated=True) == kept
    assert reading.perhaps_thought is not bool(kept)


def test_a_model_known_to_open_its_thoughts_in_the_prompt_shows_nothing_before_their_end() -> None:
    unmarked = AnswerFilter(unmarked=True)

    assert list(unmarked.feed(QUIET)) == []
    assert read(f"\n</think>\n{ANSWER}", 5, unmarked) == ANSWER
    assert read(QUIET, 5, AnswerFilter(unmarked=True), truncated=True) == ""
    assert read(f"{QUIET}\n</think>\n{ANSWER}", 5, AnswerFilter(in_thought=True)) == ANSWER
    assert read(QUIET, 5, AnswerFilter(in_thought=True)) == ""


def test_thoughts_told_apart_by_the_server_leave_the_text_alone() -> None:
    reading = AnswerFilter(unmarked=True)
    reading.thinks_elsewhere()

    assert list(reading.feed("ToyNet folds.")) == [TextDelta("ToyNet folds.")]


def test_a_thought_within_an_answer_is_taken_out() -> None:
    assert answer_in(f"{ANSWER}\n<think>\n{ALOUD}\n</think>\nAnd more [1].") == f"{ANSWER}\n\nAnd more [1]."


@pytest.mark.parametrize("text", [f"<think>\n{ALOUD}", MARKED["harmony"], MARKED["ChatML"]])
def test_a_text_kept_with_thoughts_or_template_words_is_no_answer(text: str) -> None:
    assert not is_answer(text)
