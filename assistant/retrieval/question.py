"""What a question asks for, by its wording: the clause that asks, and whether a figure or a result is wanted."""

import re
from dataclasses import dataclass

_CLAUSE_END = re.compile(r"(?<=[:;?!])\s+|(?<=[a-z0-9)])\.\s+")
_QUESTION_WORD = re.compile(r"\b(?:how|what|which|why|where|who|whose|when)\b", re.IGNORECASE)
_FIGURE_NOUN = (
    r"(?:accuracy|cost|factor|fid|fraction|gain|improvement|length|number|percent|percentage|rate|ratio|resolution"
    r"|score|share|size|speed-?up)s?"
)
_WANTS_FIGURE = re.compile(
    r"\bhow (?:big|far|fast|few|high|large|long|low|many|much|often|well)\b"
    rf"|\b(?:what|which) (?:is the |was the )?{_FIGURE_NOUN}\b"
    rf"|\b(?:{_FIGURE_NOUN}|by how)\b[^,;:]*\?|%",
    re.IGNORECASE,
)
_WANTS_RESULT = re.compile(
    r"\b(?:accuracy|beat|benchmarks?|better|drop|evaluated|faster|gains?|improve\w*|increase|outperform\w*|perform\w*"
    r"|reduce\w*|results?|score|speed-?ups?|tested)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class AskedFor:
    """``clause`` is the part of the question that asks; the rest tells what it is about."""

    clause: str
    wants_figure: bool
    wants_result: bool


def asked_for(question: str) -> AskedFor:
    """Read a question: "a shooter-game world model: what is it trained on?" asks "what is it trained on?".

    The clause is the last one, from its last question word on. A query without any is its own clause.
    """
    last_clause = [clause for clause in _CLAUSE_END.split(question.strip()) if clause.strip()][-1:] or [question]
    question_words = list(_QUESTION_WORD.finditer(last_clause[0]))
    clause = last_clause[0][question_words[-1].start() :] if question_words else last_clause[0]
    return AskedFor(clause, bool(_WANTS_FIGURE.search(question)), bool(_WANTS_RESULT.search(clause)))
