"""From the text of a survey to its groups: which sentences stand under which group's name."""

import re
from collections.abc import Sequence

from assistant.answering.survey.grouping import FURTHER, Approach
from assistant.answering.values import Answer, AnswerSentence
from assistant.reports.document import Group

_HEADING = re.compile(r"^\*\*\s*([^*]+?)\s*\*\*:?$")


def groups_of(answer: Answer, approaches: Sequence[Approach]) -> tuple[Group, ...]:
    """Every approach with the sentences below its name; names that a model made itself come behind them.

    Sentences before the first name are about all papers and come first. Papers that share no approach at all make one
    group without a name.
    """
    numbers = {source.paper.paper.paper_id: source.number for source in answer.sources}
    written = _by_heading(answer.sentences)
    groups = []
    for approach in approaches:
        ids = (hit.paper.paper.paper_id for hit in approach.hits)
        _, sentences = written.pop(approach.name.casefold(), ("", []))
        name = "" if len(approaches) == 1 and approach.name == FURTHER else approach.name
        groups.append(Group(name, tuple(numbers[i] for i in ids if i in numbers), tuple(sentences)))
    others = [Group(name, _cited(sentences), tuple(sentences)) for name, sentences in written.values() if sentences]
    general = [group for group in others if not group.name]
    return (*general, *groups, *(group for group in others if group.name))


def _by_heading(sentences: Sequence[AnswerSentence]) -> dict[str, tuple[str, list[AnswerSentence]]]:
    """The sentences by the name above them, case folded; each with the name as it is written."""
    found: dict[str, tuple[str, list[AnswerSentence]]] = {}
    name = ""
    for sentence in sentences:
        heading = _HEADING.match(sentence.text.strip())
        if heading:
            name = heading.group(1)
        else:
            found.setdefault(name.casefold(), (name, []))[1].append(sentence)
    return found


def _cited(sentences: Sequence[AnswerSentence]) -> tuple[int, ...]:
    return tuple(sorted({citation.number for sentence in sentences for citation in sentence.citations}))
