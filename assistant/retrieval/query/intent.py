"""What questions ask beside their subject, by their wording: an overview, a number of upvotes, the newest first.

An overview is asked for in so many words ("approaches to X", "papers on Y", "what is known about Z"), about people or
models at large ("how do people …?", "how good are LLMs at …?"), or by a subject alone ("evolutionary search for merging
models"). A question for a figure, for the details of one thing or about a named one rests on few papers.
"""

import re
from dataclasses import dataclass

from assistant.retrieval.query.boilerplate import PAPERS, REMOVED, REQUEST, SUPERLATIVE, THERE

_WORK = (
    r"(?:approaches|attacks|attempts|benchmarks|datasets|defen[cs]es|ideas|literature|methods|papers|recipes|research"
    r"|solutions|strategies|studies|techniques|tricks|ways|works?)"
)
_ASKS_FOR_WORK = re.compile(
    r"\b(?:landscape|overview|review|survey|state of the art) (?:for|in|of|on)\b"
    r"|\bwhat (?:do (?:we|people)|has been|have people|is|was) (?:\w+ )?"
    r"(?:done|known?|learned|published|tried|written)\b"
    r"|^(?:\w+ ){0,3}(?:approaches|literature|methods|papers|research|studies|techniques|ways|work)"
    r" (?:about|against|for|in|of|on|that|to|using|where|which|with)\b"
    r"|\b(?:are there|different|existing|many|other|what|which) (?:\w+ )?"
    r"(?:approaches|methods|papers|strategies|studies|techniques|ways|works?)\b(?! does| is(?! there)| was)"
    rf"|[:,] (?:[\w-]+,? (?:and )?){{0,3}}{_WORK}(?:\s*[,.?]|$| and\b)"
    r"|^(?:is there )?(?:anything|what(?:'s| is) (?:new|out there)) (?:about|in|on|with)\b",
    re.IGNORECASE,
)
_FIGURE = re.compile(
    r"\bby how\b|\bhow (?:big|far|fast|few|high|large|long|low|many|much)\b(?! (?:do we|is) know)"
    r"|\b(?:what|which) (?:\S+ ){0,3}(?:accuracy|cost|fid|gain|number|percent\w*|rate|ratio|scores?|share|size"
    r"|speed-?up)\b",
    re.IGNORECASE,
)
_ONE_OR_COMPARED = re.compile(
    r"\b(?:what|which) (?:[\w-]+ )?(?:agent|benchmark|dataset|framework|method|model|paper|survey|system|team)\b"
    r"|\b(?:the|this) (?:authors?|paper|study)\b|\btechnical report\b|\b(?:compared?|versus|vs)\b",
    re.IGNORECASE,
)
_DETAIL = re.compile(
    r"\b(?:did|do|does|is|was|were) (?:he|it|she|that|they|this)\b(?! (?:happen|occur|work))"
    r"|\b(?:how|what|when|where|which|who) (?:are|did|is|was|were) (?:it|its|the|their)\b",
    re.IGNORECASE,
)
_COINED_NAME = re.compile(
    r"\b(?:[A-Z]?[a-z]+[A-Z]\w*[a-z]\w*|[A-Z]{2,}[a-z]{2,}\w*|[A-Z]\w*-\w*[A-Z\d]\w*|[A-Z]\w*\d\w{3,})"
)
_AT_LARGE = re.compile(
    r"\bhow (?:can|could|do|might|should) (?:one|people|practitioners|researchers|we|you)\b|\bhow to\b"
    r"|\bhow (?:can|could|should) (?:[\w-]+ ){1,4}be\b"
    r"|\bhow (?:good|reliable|robust|safe|well) (?:are|can|do) (?:[\w-]+ ){0,3}(?:\w+s)\b"
    r"|\bwhat (?:causes|drives|explains|helps)\b",
    re.IGNORECASE,
)
_QUESTION_OR_REQUEST = re.compile(
    r"\?|\b(?:how|what|which|why|where|who|whose|I|me|my)\b"
    r"|^(?:are|can|could|did|do|does|has|have|is|should|was|were|will|would)\b"
    r"|^(?:calculate|define|describe|draft|explain|fix|give|help|make|recommend|suggest|tell|translate|write)\b"
    r"|\b(?:accuracy|perplexity|results?|scores?) (?:at|for|of|on)\b",
    re.IGNORECASE,
)
_SUBJECT_WORDS = range(3, 19)

_NUMBER_WORDS = {"ten": 10, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "hundred": 100, "thousand": 1000}
_NUMBER = (
    rf"(?:(?P<digits>\d{{1,3}}(?:,\d{{3}})+|\d{{1,6}})(?P<kilo>k)?|(?:an? |one )?(?P<word>{'|'.join(_NUMBER_WORDS)}))"
)
_MORE = r"(?P<more>(?:more|greater|higher) than|over|above|exceeding|>(?!=))"
_LEAST = r"(?:at least|(?:a )?min(?:imum)?(?: of)?|no (?:fewer|less) than|not (?:fewer|less) than|>=|≥|from)"
_UPVOTE_COUNT = r"(?P<unit>up-?votes?|votes?|likes?|thumbs[ -]ups?)"
_UPVOTE_LEAD = r"(?:(?:that|which) )?(?:(?:with|have|has|having|got|gets?|received|and|of) )*"
_UPVOTE_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b{_UPVOTE_LEAD}(?:{_MORE}|(?<!\w){_LEAST}) ?{_NUMBER} {_UPVOTE_COUNT}\b",
        rf"(?:{_MORE}|{_LEAST}) ?{_NUMBER} {_UPVOTE_COUNT}\b",
        rf"\b{_UPVOTE_LEAD}{_NUMBER}(?:\+| ?\+| or more| and more| and up| plus) {_UPVOTE_COUNT}\b",
        rf"\b{_UPVOTE_LEAD}{_NUMBER} {_UPVOTE_COUNT} (?:or|and) (?:more|above|up|over)\b",
        rf"\b{_UPVOTE_LEAD}(?:min(?:imum)? )?{_UPVOTE_COUNT} ?(?:(?:is |are )?(?:{_MORE}|{_LEAST})) ?{_NUMBER}(?!\w)",
        rf"\b(?P<unit>upvoted) (?:{_MORE}|{_LEAST}) ?{_NUMBER} times\b",
    )
)
_PAPERS = re.compile(rf"\b{PAPERS}\b", re.IGNORECASE)
# What is latest within a model or a text, and no paper.
_OTHERS = (
    r"(?! ?(?:and|blocks?|checkpoints?|frames?|hidden|iterations?|layers?|messages?|observations?|positions?|releases?"
    r"|states?|steps?|tokens?|turns?|values?|versions?)\b)"
)
_WORDS_BETWEEN = r"(?: (?!(?:in|of|on|for|with|to|from|by|that|as|is|are)\b)[\w-]+){0,5}?"
_NEWEST_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"^[\s{REMOVED}]*(?:{REQUEST} )?(?:{THERE} )?(?:the )?(?P<words>{SUPERLATIVE})\b{_OTHERS}",
        rf"\b(?P<words>{SUPERLATIVE})\b{_OTHERS}{_WORDS_BETWEEN} {PAPERS}\b",
        rf"(?P<words>,? ?\b{SUPERLATIVE}(?: ones| papers)? first)\b",
        r"(?P<words>,? ?\b(?:sort(?:ed)?|order(?:ed)?) by (?:date|recency))\b",
        rf"(?P<words>[,;] (?:the )?{SUPERLATIVE}(?: ones)?)(?=[\s?.!]*$)",
        r"^(?:so )?(?P<words>what(?:['’]?s| is) new)(?= (?:in|on|with|about|for|from|since)\b|[\s?.!]*$)",
        r"\b(?P<words>anything new)\b",
    )
)


def is_survey(question: str) -> bool:
    """Whether a question is to be answered from many papers, grouped, and not from the few that fit best."""
    text = " ".join(question.split())
    if _FIGURE.search(text) or _ONE_OR_COMPARED.search(text):
        return False
    if _ASKS_FOR_WORK.search(text):
        return True
    if _DETAIL.search(text) or _COINED_NAME.search(text):
        return False
    return bool(_AT_LARGE.search(text)) or _is_subject_alone(text)


def _is_subject_alone(text: str) -> bool:
    """Whether it is what one types into a search box: neither a question nor a request."""
    return len(text.split()) in _SUBJECT_WORDS and not _QUESTION_OR_REQUEST.search(text)


@dataclass(frozen=True, slots=True)
class UpvoteWords:
    """Words of a text, from offset ``start`` to ``end``, and the fewest upvotes that they ask for."""

    start: int
    end: int
    least: int


def find_upvotes(text: str) -> UpvoteWords | None:
    """The first words that ask for upvotes; votes and likes count where papers are spoken of."""
    for pattern in _UPVOTE_PATTERNS:
        match = pattern.search(text)
        if match and (match["unit"].lower().startswith("up") or _PAPERS.search(text)):
            return UpvoteWords(match.start(), match.end(), _number(match) + bool(match.groupdict().get("more")))
    return None


def _number(match: re.Match[str]) -> int:
    if match["word"]:
        return _NUMBER_WORDS[match["word"].lower()]
    return int(match["digits"].replace(",", "")) * (1000 if match["kilo"] else 1)


def find_newest(text: str) -> tuple[int, int] | None:
    """Where the words stand that ask for the newest first; None when there are none."""
    for pattern in _NEWEST_PATTERNS:
        if match := pattern.search(text):
            return match.span("words")
    return None
