"""Which sentences of an abstract say what the paper did, what came out, or something of one aspect; without a model.

A sentence scores by cues of scientific prose and by the words it shares with the title. The cues are measured against
one-sentence summaries written by people (benchmarks/summaries.py).
"""

import re
from collections.abc import Sequence

from assistant.retrieval import content_words
from assistant.sentences import Sentence, leans_back, split_sentences, standing_passage

_CONTRIBUTION = re.compile(
    r"\b(?:we|this (?:paper|work|study|report)|our (?:work|approach|method|framework)|the authors"
    r"|[A-Z][\w-]*[A-Z0-9][\w-]*)\b"
    r"[^.]{0,60}?\b(?:propos|introduc|present|develop|build|built|design|releas|creat|study|investigat|explor|formulat"
    r"|describ|is an? |combin|extend|unif)",
)
_BACKGROUND = re.compile(
    r"^(?:however|existing|current|recent|previous|prior|despite|although|while|many|most)\b", re.IGNORECASE
)
_OWN = re.compile(
    r"\b(?:we|this (?:paper|work|study|report|technical report)|our (?:work|approach|method|framework|model))\b",
    re.IGNORECASE,
)
_REPORTS = re.compile(
    r"\b(?:experiment|result|evaluation|finding|analys[ei]s|testing|stud(?:y|ies)|ablation)\w*\b[^.;]{0,90}?"
    r"\b(?:show|demonstrat|indicat|reveal|suggest|confirm|validat|expose|highlight|uncover|produc)\w*\b"
    r"|\b(?:we|us)\b[^.;]{0,40}?\b(?:find|found|observe|discover|show|demonstrate|reveal|confirm|prove)\b"
    r"|\b(?:reveal|demonstrate|show|indicate|suggest|confirm|find)(?:s|ed)? that\b",
    re.IGNORECASE,
)
_OUTCOME = re.compile(
    r"\b(?:outperform|surpass|exceed|beat|achiev|attain|match|lag|los[te]|w[oi]n|rank|cut|rais|ris|drop|doubl|"
    r"improv|reduc|increas|decreas|boost|gain|deliver|accelerat|enhanc|yield|degrad|fail|struggl|generaliz|scale)\w*\b"
    r"|\breach(?:es|ed|ing)?\b|\bstate[- ]of[- ]the[- ]art (?:performance|results?|accuracy)\b"
    r"|\b(?:better|faster|higher|lower|fewer|less|more [\w-]+) than\b|\bcomparable\b|\bon par\b|\bbelow\b",
    re.IGNORECASE,
)
_FIGURE = re.compile(r"\d+(?:\.\d+)?\s?(?:\\?%|x\b|×|points?\b|percent)|(?:accuracy|error|score|mean)\D{0,30}\d")
_NO_RESULT = re.compile(
    r"https?://|\b(?:available at|project page|will be (?:released|available)"
    r"|publicly (?:available|released)|open-sourc(?:ed|ing)|we hope|we expect|we envision"
    r"|future (?:work|research)|(?:aim|hop|plan)(?:s|ed|ing)? to"
    r"|to (?:improve|reduce|enhance|address|tackle))\b",
    re.IGNORECASE,
)
_NO_FINDING = re.compile(
    r"\b(?:propos|introduc|present|novel|develop)\w*\b|\b(?:effectiveness|usability|superiority|efficacy) of\b"
    r"|^(?:these|our) (?:results?|findings?) (?:highlight|underscore|establish|guide)",
    re.IGNORECASE,
)
_LEAST_RESULT = 1.25
_LEAST_TOLD = 0.5
_TITLE_SHARE = 1.6
_SHORT_WORDS = 8
_LEANING = 1.0
"""What a contribution loses that points to the sentence before it: "To address this, we propose …"."""
_NAMED = 0.8
"""Bonus of a sentence with the method's name, which stands before the colon of most titles."""
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


def salient_sentences(title: str, abstract: str, limit: int = 2) -> tuple[Sentence, ...]:
    """At most ``limit`` sentences that summarize an abstract, in its own order: the contribution, then the result."""
    sentences = split_sentences(abstract)
    if not sentences:
        return ()
    title_words = frozenset(content_words(title))
    last = max(len(sentences) - 1, 1)
    name = title.partition(":")[0] if ":" in title else ""
    contribution = max(
        sentences, key=lambda s: _contribution_score(s.text, name, title_words, sentences.index(s) / last)
    )
    others = [sentence for sentence in sentences if sentence != contribution]
    by_result = sorted(others, key=lambda s: -_result_score(s.text, sentences.index(s) / last))
    selected = [contribution]
    for sentence in by_result:
        place = sentences.index(sentence)
        if not leans_back(sentence.text) or any(before in selected for before in sentences[max(place - 1, 0) : place]):
            selected.append(sentence)
    return _in_order(selected[:limit])


def result_sentences(abstract: str) -> tuple[Sentence, ...]:
    """The sentences of an abstract that tell what came out, the best first; none where it tells no result."""
    sentences = split_sentences(abstract)
    last = max(len(sentences) - 1, 1)
    scored = [(_result_score(sentence.text, place / last), sentence) for place, sentence in enumerate(sentences)]
    results = [(score, sentence) for score, sentence in scored if score >= _LEAST_RESULT]
    return tuple(sentence for _, sentence in sorted(results, key=lambda pair: (-pair[0], pair[1].start)))


def tells_result(text: str) -> bool:
    """Whether a sentence, wherever it stands, reads like a result."""
    return _result_score(text, 0.0) >= _LEAST_TOLD


def telling_sentences(title: str, abstract: str, limit: int = 5) -> tuple[Sentence, ...]:
    """About ``limit`` sentences that tell what a paper does and how, then its result, in the order of the abstract."""
    sentences = split_sentences(abstract)
    own = own_sentences(title, abstract, limit - 1)
    others = sentences[sentences.index(own[-1]) + 1 :] if own else ()
    standing = [s for place, s in enumerate(others) if place == 0 or not leans_back(s.text)]
    last = max(len(sentences) - 1, 1)
    return (*own, *sorted(standing, key=lambda s: -_result_score(s.text, sentences.index(s) / last))[:1])


def own_sentences(title: str, abstract: str, limit: int) -> tuple[Sentence, ...]:
    """The first sentence that presents a paper's own work and those behind it, which tell how it works.

    They are at most ``limit``; those on which the first one leans stand before them.
    """
    sentences = split_sentences(abstract)
    name = title.partition(":")[0] if ":" in title else ""
    own = [s for s in sentences if not _BACKGROUND.match(s.text) and (_OWN.search(s.text) or (name and name in s.text))]
    start = sentences.index(own[0]) if own else 0
    before = standing_passage(sentences, start, start)[:-1] if sentences else ()
    return (*before, *sentences[start : start + limit])


def _in_order(sentences: Sequence[Sentence]) -> tuple[Sentence, ...]:
    return tuple(sorted(sentences, key=lambda sentence: sentence.start))


def _contribution_score(text: str, name: str, title_words: frozenset[str], position: float) -> float:
    shared = len(title_words & set(content_words(text))) / len(title_words) if title_words else 0.0
    cued = 1.0 if _CONTRIBUTION.search(text) else 0.0
    named = _NAMED if name and name in text else 0.0
    background = 0.5 if _BACKGROUND.match(text) else 0.0
    short = 0.5 if len(text.split()) < _SHORT_WORDS else 0.0
    leaning = _LEANING if leans_back(text) else 0.0
    return _TITLE_SHARE * shared + cued + named - background - short - leaning - 0.3 * position


def _result_score(text: str, position: float) -> float:
    """How much a sentence at a position (0..1) reads like a result: reported, an outcome, with a figure, late."""
    score = 1.0 * bool(_REPORTS.search(text)) + 0.8 * bool(_OUTCOME.search(text)) + 0.5 * bool(_FIGURE.search(text))
    against = 1.0 * bool(_NO_RESULT.search(text)) + 0.6 * bool(_NO_FINDING.search(text))
    return score + 0.7 * position - against - 1.0 * bool(_BACKGROUND.match(text))


def aspect_sentence(aspect: str, abstract: str) -> Sentence | None:
    """The sentence that says most on the aspect; None when none has its words or a known cue of it."""
    name = aspect.casefold().strip()
    name = _ALIASES.get(name, name)
    cues = _CUES.get(name)
    cue = re.compile(rf"\b(?:{cues})", re.IGNORECASE) if cues else None
    aspect_words = set(content_words(aspect))
    best: Sentence | None = None
    best_score = 0.0
    for sentence in split_sentences(abstract):
        shared = len(aspect_words & set(content_words(sentence.text))) / len(aspect_words) if aspect_words else 0.0
        shared *= _NAME_BESIDE_CUES if cue else 1.0
        cued = min(len(cue.findall(sentence.text)), 3) / 3 if cue else 0.0
        figures = 0.2 if cue and name in {"results", "data"} and re.search(r"\d", sentence.text) else 0.0
        score = shared + cued + (figures if cued else 0.0)
        if score > best_score:
            best, best_score = sentence, score
    return best
