"""The sentence of an abstract that speaks of an aspect ("method", "data", "training cost"), without a model."""

import re

from assistant.retrieval.term_weights import content_words
from assistant.sentences import Sentence, split_sentences

DEFAULT_ASPECTS = ("problem", "method", "data", "results", "limitations")

# Beginnings of words and phrases by which scientific prose announces an aspect.
_CUES = {
    "problem": "however|challeng|problem|limited|limits|lack|struggl|difficult|remain|suffer|costly|bottleneck"
    "|unclear|gap",
    "method": "we propos|we introduc|we present|we develop|we design|our method|our approach|our framework|by using"
    "|by combin|by train|framework|architecture|algorithm",
    "data": "dataset|corpus|corpora|benchmark|samples|examples|annotat|trained on|collect|images|videos|tokens"
    "|hours|tasks",
    "results": "outperform|achiev|surpass|improv|reduc|state-of-the-art|results? show|results? demonstrat"
    "|experiments? show|experiments? demonstrat|accuracy|speed-?up|faster|gain",
    "limitations": "limitation|fail|cannot|does not|do not|only when|future work|at the cost|degrad|trade-?off|worse",
    "availability": "open-?sourc|code is|code and|code will|releas|publicly|available|github|licen[cs]e|weights",
}
_ALIASES = {
    "approach": "method",
    "architecture": "method",
    "technique": "method",
    "dataset": "data",
    "datasets": "data",
    "training data": "data",
    "benchmarks": "results",
    "performance": "results",
    "findings": "results",
    "claims": "results",
    "motivation": "problem",
    "task": "problem",
    "weaknesses": "limitations",
    "code": "availability",
    "license": "availability",
    "release": "availability",
    "openness": "availability",
}


_NAME_BESIDE_CUES = 0.25
"""What the aspect's own words count where cues are known: "existing methods rely on …" tells no method."""


def aspect_sentence(aspect: str, abstract: str) -> Sentence | None:
    """The sentence that says most on the aspect; None when none has its words or a known cue of it."""
    name = aspect.casefold().strip()
    name = _ALIASES.get(name, name)
    cues = _CUES.get(name)
    cue = re.compile(rf"\b(?:{cues})", re.IGNORECASE) if cues else None
    wanted = set(content_words(aspect))
    best: Sentence | None = None
    best_score = 0.0
    for sentence in split_sentences(abstract):
        shared = len(wanted & set(content_words(sentence.text))) / len(wanted) if wanted else 0.0
        shared *= _NAME_BESIDE_CUES if cue else 1.0
        cued = min(len(cue.findall(sentence.text)), 3) / 3 if cue else 0.0
        figures = 0.2 if cue and name in {"results", "data"} and re.search(r"\d", sentence.text) else 0.0
        score = shared + cued + (figures if cued else 0.0)
        if score > best_score:
            best, best_score = sentence, score
    return best
