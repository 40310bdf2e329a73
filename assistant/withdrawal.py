"""Whether a paper's abstract or its comment on arXiv says that the paper has been withdrawn.

Authors write it in many forms ("This paper has been withdrawn by the author due to a crucial error", "Withdrawn.", "We
withdraw this submission"), and other papers have withdrawn drugs or retracted articles as their subject. What counts is
a statement of its own, from the beginning of a sentence, whose subject is this very paper.
"""

import re

_WORDS = ("withdr", "retract", "removed by")
_NOTE = (
    r"(?:[\W_]|(?:please )?note(?: that)?\b|notice\b|remark\b|comments?\b|update\b|important\b|v\d+\b|version \d+\b"
    r"|arxiv admin(?:istrators?)?(?=(?: note)?\s?:)|unfortunately\b|regrettably\b|sadly\b|sorry\b|with regret\b)*"
)
_CAUSE = (
    r"(?:due to|because of|owing to|on account of|as a result of|at the request of|following|after)\s.{1,200}?,?\s+"
)
_PAPER = (
    r"(?:(?:arxiv|research|position|technical|conference|journal|short|full|whole|entire) )?"
    r"(?:paper|article|submission|manuscript|preprint|pre-print|e-?print)"
)
_OWN = rf"(?:(?:this|our|the (?:present|current|above))\s+(?:{_PAPER}|work|version))"
_ASIDE = r"(?:\s*\([^()]{0,80}\)|\s*,[^,.]{0,80},)?"
_ADVERBS = (
    r"(?:(?:now|hereby|temporarily|subsequently|voluntarily|formally|officially|therefore|thus|since|currently|being"
    r"|been|be|permanently|later)\s+)*"
)
_WITHDRAWN = r"(?:(?:withdrawn|retracted)\b|removed(?=\s+by\s+(?:the\s+)?arxiv(?:\s+(?:admin|moderat|staff)|\W*$)))"
_ELSEWHERE = (
    r"(?!\s+(?:from\s+(?!arxiv|the arxiv|this (?:site|archive|server)|publication|the public)"
    r"|at\s+(?!(?:the\s+)?request\b)|submission))"
)
_NO_SUBJECT_OF_ITS_OWN = (  # "retracted papers are …", "… is a notice"
    r"(?!['’-]?\w*\s+(?:is|are|was|were|has|have|had|means|papers?|articles?|drugs?|claims?|studies|products?|items?"
    r"|labels?|notices?|statements?)\b)"
)
_END = rf"{_WITHDRAWN}(?!-){_ELSEWHERE}{_NO_SUBJECT_OF_ITS_OWN}"
_REASON = (
    r"(?=\W*$|\s*[;:.()–—]|\s+(?:by (?:the |its |an? |all )?(?:\w+ )?(?:authors?|submitters?|arxiv|admin\w*)|due to"
    r"|because|owing to|pending|as (?:it|the|we)|in favou?r|from (?:the )?arxiv|since|for (?:further|now|revision"
    r"|personal|the|major|technical|correction)|and (?:replaced|superseded)|until|while|on request|at the request))"
)
_STATEMENT = re.compile(
    rf"^{_NOTE}(?:"
    rf"{_OWN}{_ASIDE}\s+(?:has|have|had|is|was|will|must)\s+{_ADVERBS}{_END}"
    rf"|{_CAUSE}{_OWN}{_ASIDE}\s+(?:has|have|had|is|was|will|must)\s+{_ADVERBS}{_END}{_REASON}"
    rf"|(?:we|i|(?:the\s+|all\s+)*(?:[a-z]{{1,20}}\s+)?authors?)\s+"
    r"(?:(?:have|has|had|are|is|hereby|would|like|to|decided|must|wish|will|now|need)\s+)*"
    r"(?:withdr[ae]wn?|withdrawing|withdrew|retract(?:ed|ing)?)\s+"
    rf"(?:(?:this|our|their|the present)\s+{_PAPER}\b|the\s+{_PAPER}\b{_REASON})"
    rf")",
    re.IGNORECASE,
)
_OPENING = re.compile(  # within an abstract "the paper" can be another one
    rf"^{_NOTE}(?:(?:the\s+)?{_PAPER}{_ASIDE}\s+(?:(?:has|have|is|was)\s+)?{_ADVERBS}|(?:temporarily\s+)?){_END}{_REASON}",
    re.IGNORECASE,
)
_ADMIN_NOTE = re.compile(r"^\W*arxiv admin(?:istrators?)?(?: note)?\s?:", re.IGNORECASE)
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?!\(?\d)|\n")  # "Eq. 3" and "Sec. (4)" go on
_CLAUSE_END = re.compile(r"(?<=[.!?;,])\s+|[()\[\]\n]")
_QUOTED = re.compile(r"^\W*[\"“‘'`]")
_QUESTION = re.compile(r"\?[^\w?]*$")


def withdrawal_statement(abstract: str, comment: str | None = None) -> str | None:
    """The sentence that says so, or the clause of a comment ("12 pages, withdrawn"); None when none does."""
    for text, ends, opens_anywhere in ((abstract, _SENTENCE_END, False), (comment or "", _CLAUSE_END, True)):
        folded = text.casefold()
        if any(word in folded for word in _WORDS):
            for place, sentence in enumerate(ends.split(text)):
                if _states(sentence, opens=opens_anywhere or place == 0):
                    return sentence.strip()
    return None


def _states(sentence: str, *, opens: bool) -> bool:
    if _QUOTED.match(sentence) or _QUESTION.search(sentence):
        return False
    opens = opens or _ADMIN_NOTE.match(sentence) is not None
    return bool(_STATEMENT.match(sentence) or (opens and _OPENING.match(sentence)))
