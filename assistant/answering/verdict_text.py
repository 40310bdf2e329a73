"""What the check found of the sentences of an answer, in signs and words; every front end shows it alike.

A sign never stands alone for its meaning: the legend counts what each sign says, a reason stands below the answer.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from assistant.answering.values import Answer, AnswerSentence, NumberedSource, Repair, Verdict
from assistant.language import ENGLISH, say
from assistant.retrieval.query import ParsedQuery
from assistant.text import counted

SIGNS: Mapping[Verdict, str] = {
    Verdict.SUPPORTED: "✓",
    Verdict.QUOTED: "❝",
    Verdict.PARTLY: "~",
    Verdict.UNSUPPORTED: "✗",
}
_MEANINGS = {
    Verdict.SUPPORTED: "supported",
    Verdict.QUOTED: "quoted",
    Verdict.PARTLY: "partly supported or unsure",
    Verdict.UNSUPPORTED: "not supported",
}
_REPAIRED = {Repair.REWRITTEN: "rewritten", Repair.QUOTED: "quote"}
_HOW_REPAIRED = {
    Repair.REWRITTEN: "rewritten from its source",
    Repair.QUOTED: "replaced by the words of its source",
}


def sign_of(sentence: AnswerSentence) -> str:
    """The sign of a sentence: ✓, ❝, ~ or ✗; empty for one that claims nothing."""
    return SIGNS[sentence.verdict] if sentence.verdict else ""


def mark_of(sentence: AnswerSentence) -> str:
    """What stands behind a sentence: its sign, and what became of it ("❝ quote"); empty when there is nothing."""
    repair_note = _REPAIRED[sentence.mending] if sentence.mending else ""
    return " ".join(part for part in (sign_of(sentence), repair_note) if part)


def needs_attention(sentence: AnswerSentence) -> bool:
    """Whether a reader is to look twice: it may not hold, or is not what the model wrote."""
    return sentence.mending is not None or (sentence.verdict is not None and not sentence.verdict.holds)


def append_mark(text: str, mark: str) -> str:
    """A sentence with its mark; behind the last cell of a table's row it would be lost, so it stands inside."""
    if not mark:
        return text
    bare = text.rstrip()
    if len(bare) > 1 and bare.endswith("|"):
        return f"{bare[:-1].rstrip()} {mark} |{text[len(bare) :]}"
    return f"{bare} {mark}{text[len(bare) :]}"


def marked_sentence(sentence: AnswerSentence) -> str:
    """A sentence as plain text with its mark."""
    return append_mark(sentence.text, mark_of(sentence))


def only_doubtful(sentence: AnswerSentence) -> str:
    """A sentence with its mark where a reader is to look twice: for text in which ✓ everywhere says nothing."""
    return marked_sentence(sentence) if needs_attention(sentence) else sentence.text


def cited_once(paragraph: Sequence[AnswerSentence]) -> tuple[AnswerSentence, ...]:
    """The sentences of a paragraph as they are shown: where all cite one source alone, only the last bears its marker.

    Their citations stay as they are.
    """
    cited = [{citation.number for citation in sentence.citations} for sentence in paragraph]
    if len(paragraph) < 2 or any(numbers != cited[0] or len(numbers) != 1 for numbers in cited):
        return tuple(paragraph)
    marker = re.compile(rf" ?\[{min(cited[0])}\](?!.*\[{min(cited[0])}\])", re.DOTALL)
    bare = (replace(sentence, text=marker.sub("", sentence.text)) for sentence in paragraph[:-1])
    return (*bare, paragraph[-1])


def with_sentences(
    text: str, sentences: Sequence[AnswerSentence], show: Callable[[int, AnswerSentence], str] | None = None
) -> str:
    """An answer's text, its lists and paragraphs as they are, every sentence (counted from 0) as ``show`` gives it.

    Without ``show`` it is `marked_sentence`. Sentences of a line are given as by `cited_once`; one that does not stand
    in the text is passed over.
    """
    between: dict[int, str] = {}
    end = 0
    for place, sentence in enumerate(sentences):
        start = text.find(sentence.text, end)
        if start >= 0:
            between[place] = text[end:start]
            end = start + len(sentence.text)
    parts: list[str] = []
    for places in _paragraphs(between):
        for place, sentence in zip(places, cited_once([sentences[place] for place in places]), strict=True):
            parts += [between[place], show(place, sentence) if show else marked_sentence(sentence)]
    return "".join([*parts, text[end:]])


def _paragraphs(between: Mapping[int, str]) -> list[list[int]]:
    """The places of sentences by line of the text, from what stands before each of them."""
    lines: list[list[int]] = []
    for place, before in between.items():
        if not lines or "\n" in before:
            lines.append([])
        lines[-1].append(place)
    return lines


def legend(sentences: Sequence[AnswerSentence]) -> str:
    """What the signs mean and how often each stands there: "✓ 4 supported · ✗ 1 not supported"; empty without any."""
    verdicts = [sentence.verdict for sentence in sentences]
    return " · ".join(
        f"{sign} {verdicts.count(verdict)} {_MEANINGS[verdict]}"
        for verdict, sign in SIGNS.items()
        if verdict in verdicts
    )


def reason_of(sentence: AnswerSentence, number: int) -> str:
    """Why a sentence is marked as it is: "✗ sentence 3: the number 2.78 is not in the source"; numbers are from 1."""
    phrases = [sentence.check.reason] if sentence.check and sentence.check.reason else []
    if sentence.mending:
        phrases.append(_HOW_REPAIRED[sentence.mending])
    elif not phrases and sentence.verdict:
        phrases.append(_MEANINGS[sentence.verdict])
    sign = sign_of(sentence)
    return f"{sign + ' ' if sign else ''}sentence {number}: {'; '.join(phrases)}"


def reasons(sentences: Sequence[AnswerSentence]) -> list[str]:
    """The reason of every sentence that a reader is to look at twice; a repaired one with what the model wrote."""
    reason_lines = []
    for number, sentence in enumerate(sentences, start=1):
        if needs_attention(sentence):
            wrote = f"; the model wrote: “{sentence.original.strip()}”" if sentence.original else ""
            reason_lines.append(reason_of(sentence, number) + wrote)
    return reason_lines


def missing_text(missing: Sequence[str], language: str = ENGLISH) -> str:
    """The parts of a question that no abstract tells, as a partial answer ends with them."""
    return say("missing", language, parts="; ".join(part.strip(" ?.") for part in missing))


def unanswered_notes(answer: Answer) -> list[str]:
    """What an answer does not hold: parts that the papers do not tell, unless it ends with them; withheld sentences."""
    own = missing_text(answer.missing, answer.language)
    lines = [] if own in answer.text else [missing_text((part,), answer.language) for part in answer.missing]
    if count := len(answer.withheld):
        lines.append(f"{counted(count, 'sentence')} withheld: not supported by the papers")
    return lines


def closest_papers(answer: Answer) -> list[tuple[NumberedSource, str]]:
    """The papers that come near a refused question, each with why; none for an answer."""
    sources = {source.number: source for source in answer.sources}
    closest = answer.refusal.closest if answer.refusal else ()
    return [(sources[close.number], close.why) for close in closest if close.number in sources]


def refusal_text(answer: Answer) -> str:
    """What a refused question is told: the answer's own words, else the reason; empty for an answer."""
    return (answer.text.strip() or answer.refusal.reason) if answer.refusal else ""


def extracted_filters(understood: ParsedQuery | None) -> list[str]:
    """The filters that were read out of a question: "dates from the question: 2026-08-10 to 2026-08-16"."""
    return [
        f"{extracted.kind} from the question: {extracted.label}"
        for extracted in (understood.found if understood else ())
    ]


def interpretation(understood: ParsedQuery | None) -> list[str]:
    """What a further question was read as: "understood as: how large is FooNet?"; nothing for one that stands alone."""
    return [f"understood as: {understood.standalone}"] if understood and understood.standalone else []
