"""What was checked of an answer, as JSON; the same in every document that carries answers."""

from typing import Any

from assistant.answering.answer import Answer, AnswerSentence, Citation
from assistant.sentences import Sentence


def span_json(sentence: Sentence) -> dict[str, Any]:
    """A sentence of an abstract: its text and where it stands, in characters."""
    return {"text": sentence.text, "start": sentence.start, "end": sentence.end}


def sentence_json(sentence: AnswerSentence) -> dict[str, Any]:
    """A sentence of an answer with its citations and its verdict; null where a sentence claims nothing."""
    check = sentence.check
    return {
        "text": sentence.text,
        "citations": [_citation_json(citation) for citation in sentence.citations],
        "refuted": list(sentence.refuted),
        "verdict": check.verdict.value if check else None,
        "reason": check.reason if check else None,
        "rung": check.rung.value if check else None,
        "probability": check.probability if check else None,
        "mending": sentence.mending.value if sentence.mending else None,
        "original": sentence.original,
    }


def trust_json(answer: Answer | None) -> dict[str, Any]:
    """Beside the sentences: why a question was refused, what is missing or withheld, filters read out of it."""
    if answer is None:
        return {"refusal": None, "missing": [], "withheld": [], "filters": []}
    found = answer.understood.found if answer.understood else ()
    return {
        "refusal": _refusal_json(answer),
        "missing": list(answer.missing),
        "withheld": [sentence_json(sentence) for sentence in answer.withheld],
        "filters": [{"kind": each.kind.value, "words": each.words, "label": each.label} for each in found],
    }


def _refusal_json(answer: Answer) -> dict[str, Any] | None:
    refusal = answer.refusal
    if refusal is None:
        return None
    papers = {source.number: source.paper.paper for source in answer.sources}
    return {
        "gate": refusal.gate.value,
        "reason": refusal.reason,
        "probability": refusal.probability,
        "closest": [
            {
                "number": close.number,
                "id": papers[close.number].paper_id if close.number in papers else None,
                "title": papers[close.number].title if close.number in papers else None,
                "why": close.why,
            }
            for close in refusal.closest
        ],
    }


def _citation_json(citation: Citation) -> dict[str, Any]:
    return {
        "number": citation.number,
        "by": citation.origin.value,
        "evidence": span_json(citation.evidence) if citation.evidence else None,
        "further": [span_json(span) for span in citation.further],
    }
