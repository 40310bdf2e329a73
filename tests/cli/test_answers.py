"""Answers on the command line: marked, with reasons, corrected below, refused with the closest papers, and as JSON."""

import json
from collections.abc import AsyncGenerator

import pytest

from assistant.answering.comparison import Cell, Comparison
from assistant.answering.values import (
    Answer,
    AnswerEvent,
    AnswerSentence,
    Delta,
    Finished,
    Packed,
    Retrieved,
    SentenceFinished,
    SentenceRevised,
)
from assistant.cli import console
from assistant.cli.render.answer import end_of, show_answer
from assistant.cli.render.document import comparison_text
from assistant.errors import ModelInterrupted
from tests.support.checked_answers import (
    CHECKED,
    FROM_GOOGLE,
    LAST_WEEK,
    PARTLY_SOUND,
    QUOTE,
    SOUND,
    WRITER,
    WRONG,
    answer,
    refused,
    sentence,
)
from tests.support.paper_factory import sources

MARKED = (
    "There is one paper on this: It cuts memory by 37%. [1] ✓ It was tried on ImageNet-21k. [1] ~"
    " Its FID is 2.78. [1] ✗"
)
JSON_KEYS = {"text", "citations", "refuted", "verdict", "reason", "rung", "probability", "mending", "original"}

Revised = tuple[int, AnswerSentence | None]


async def events(finished: Answer, shown: tuple[AnswerSentence, ...], *revised: Revised) -> AsyncGenerator[AnswerEvent]:
    """An answer as it comes: in deltas, sentence by sentence, revised at its end."""
    yield Retrieved((), finished.understood)
    yield Packed(finished.sources, (), (), 9, WRITER)
    for place, each in enumerate(shown):
        yield Delta((" " if place else "") + each.text[:5])
        yield Delta(each.text[5:])
        yield SentenceFinished(each)
    for place, instead in revised:
        yield SentenceRevised(place, instead)
    yield Finished(finished)


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """A person reads stdout; colours are left out as pytest's own stdout is no terminal."""
    monkeypatch.setattr(console, "is_terminal", lambda: True)


async def test_in_a_pipe_the_marked_text_its_legend_and_reasons_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    await show_answer(events(answer(*CHECKED), CHECKED), as_json=False)

    out = capsys.readouterr().out
    assert out.startswith(
        f"{MARKED}\n\n✓ 1 supported · ~ 1 partly supported or unsure · ✗ 1 not supported\n"
        "~ sentence 3: “ImageNet-21k” is not in the source\n"
        "✗ sentence 4: the number 2.78 is not in the source\n\nSources\n[1] FooNet"
    )
    assert "    “It cuts memory by 37% on ImageNet.”\n    “Accuracy stays at 81.2%.”\n" in out
    assert "\x1b" not in out


@pytest.mark.usefixtures("terminal")
async def test_on_a_terminal_each_mark_comes_with_its_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    await show_answer(events(answer(*CHECKED), CHECKED), as_json=False)

    out = capsys.readouterr().out
    assert out.startswith(MARKED + "\n\n✓ 1 supported")
    assert "After checking" not in out


@pytest.mark.usefixtures("terminal")
async def test_what_was_shown_and_changed_is_corrected_below(capsys: pytest.CaptureFixture[str]) -> None:
    sound = sentence("It was tried on ImageNet-21k.", SOUND.check)
    shown = (SOUND, PARTLY_SOUND, WRONG, WRONG)
    await show_answer(events(answer(SOUND, sound, QUOTE), shown, (1, sound), (2, QUOTE), (3, None)), as_json=False)

    out = capsys.readouterr().out
    assert (
        "After checking:\n  sentence 2: ~ → ✓\n"
        "  - Its FID is 2.78. [1]\n  + “It cuts memory by 37%.” [1] ❝ quote\n"
        "  - Its FID is 2.78. [1]\n  + (taken out)\n"
    ) in out
    wrote = "replaced by the words of its source; the model wrote: “It halves memory.”"
    told = f"✓ 2 supported · ❝ 1 quoted ❝ sentence 3: {wrote}"
    assert told in " ".join(out.split())


async def test_in_a_pipe_only_the_final_text_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    await show_answer(events(answer(SOUND, QUOTE), (SOUND, WRONG), (1, QUOTE)), as_json=False)

    out = capsys.readouterr().out
    assert out.startswith("It cuts memory by 37%. ✓ “It cuts memory by 37%.” [1] ❝ quote\n")
    assert "2.78" not in out


@pytest.mark.usefixtures("terminal")
async def test_strict_shows_nothing_before_it_is_checked(capsys: pytest.CaptureFixture[str]) -> None:
    kept = answer(SOUND, withheld=(WRONG, WRONG))
    await show_answer(events(kept, (SOUND, WRONG, WRONG), (1, None), (2, None)), as_json=False, strict=True)

    out = capsys.readouterr().out
    assert "2.78" not in out
    assert "\n2 sentences withheld: not supported by the papers\n" in out
    assert end_of(kept) == 0
    assert end_of(answer(withheld=(WRONG,))) == 3
    with pytest.raises(ModelInterrupted, match="wrote nothing"):
        end_of(answer())


async def test_filters_of_the_question_and_what_is_missing_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    told = answer(SOUND, missing=("the licence",), filters=(LAST_WEEK, FROM_GOOGLE))
    await show_answer(events(told, (SOUND,)), as_json=False)

    printed = capsys.readouterr()
    assert "Not in the abstract (the paper itself may say it): the licence.\n" in printed.out
    assert "dates from the question: 2026-08-10 to 2026-08-16 (--ignore dates leaves them out)\n" in printed.err
    assert "organizations from the question: Google (--ignore organizations leaves them out)\n" in printed.err


@pytest.mark.parametrize("streamed", [True, False])
async def test_a_refusal_names_the_closest_papers_and_why(
    streamed: bool, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(console, "is_terminal", lambda: streamed)
    shown = (AnswerSentence(refused().text),) if streamed else ()
    told = await show_answer(events(refused(), shown), as_json=False)

    out = capsys.readouterr().out
    assert out.startswith("The papers do not say which licence FooNet has.\n\nClosest papers\n[2] BarBench")
    assert "    close: it is about robots too\n[1] FooNet" in out
    assert out.endswith("also found:\n[3] BazSpeech: Cloning Voices\n")
    assert end_of(told) == 3


async def test_a_refusal_without_a_text_gives_its_reason(capsys: pytest.CaptureFixture[str]) -> None:
    await show_answer(events(refused(""), ()), as_json=False)

    assert capsys.readouterr().out.startswith("no sentence tells the licence\n")


async def test_json_carries_everything_that_was_checked(capsys: pytest.CaptureFixture[str]) -> None:
    told = answer(SOUND, WRONG, QUOTE, withheld=(PARTLY_SOUND,), missing=("the licence",), filters=(LAST_WEEK,))
    await show_answer(events(told, (SOUND,)), as_json=True)

    document = json.loads(capsys.readouterr().out)
    sound, wrong, quote = document["sentences"]
    assert set(sound) == JSON_KEYS
    (citation,) = sound["citations"]
    assert [span["text"] for span in (citation["evidence"], *citation["further"])] == [
        "It cuts memory by 37% on ImageNet.",
        "Accuracy stays at 81.2%.",
    ]
    assert (wrong["verdict"], wrong["reason"], wrong["rung"], wrong["probability"]) == (
        "unsupported",
        "the number 2.78 is not in the source",
        "numbers and names",
        0.02,
    )
    assert (quote["mending"], quote["original"]) == ("quoted", "It halves memory.")
    assert [each["verdict"] for each in document["withheld"]] == ["partly"]
    assert document["missing"] == ["the licence"]
    assert document["filters"] == [{"kind": "dates", "words": "last week", "label": "2026-08-10 to 2026-08-16"}]
    assert document["refusal"] is None


def test_a_comparison_tells_why_a_cell_is_to_be_looked_at() -> None:
    cells = (Cell("results", 1, WRONG), Cell("results", 2, None))
    comparison = Comparison(("results",), sources()[:2], (cells,), WRITER)

    assert "✗ results of [1]: the number 2.78 is not in the source" in comparison_text(comparison)
