"""What in a question refers back: to sources by number or place, or to something that the question does not say."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from assistant.library import stop_words, words

_ORDINALS = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4, "fifth": 5}
_NTH = rf"(?:{'|'.join(_ORDINALS)}|last)"
_THING = r"(?:one|papers?|methods?|approach(?:es)?|sources?|works?|stud(?:y|ies)|techniques?|systems?)"
_FACT = r"(?:model|dataset|idea|result|number|claim|architecture|benchmark)"
_NUMBER = re.compile(
    r"\[(?P<mark>\d{1,2})\]"
    r"|(?:#|\b(?:number|no\.|paper|source|reference|ref|result|item) #?)(?P<number>\d{1,2})(?![\w.])",
    re.IGNORECASE,
)
_BARE_NUMBERS = re.compile(r"\b(\d{1,2}) (?:and|or|vs\.?|versus|with|to|against) (\d{1,2})(?=[?.! ]*$)", re.IGNORECASE)
_ORDINAL = re.compile(
    rf"\b(?:the )?(?P<nth>{_NTH}) (?:one\b|of (?:them|these|those)\b)"
    rf"|\bthe (?P<thing>{_NTH}) {_THING}\b(?! (?:on|about|to|that|which|in|for|with|\w+ing)\b)"
    rf"|\bthe (?P<alone>{_NTH})(?=[?.! ]*$)",
    re.IGNORECASE,
)
_PAIR = re.compile(
    rf"\b(?:the )?(?P<which>former|latter)\b(?: {_THING})?"
    r"|\b(?P<both>both|the (?:first )?two)\b"
    rf"(?: of (?:them|these)\b| {_THING}\b|(?= (?:have|use|do|are|need)\b)|(?=[?.!]*$))",
    re.IGNORECASE,
)

# What is asked about a paper, and what is said about any: no subject of its own.
_GENERIC_WORDS = """
ablation abstract accuracy achieve across address advantage against aim also another answer application apply approach
architecture ask assumption author available based baseline benchmark besides best better big biggest bit build catch
caveat claim code come compare comparison complex compute conclusion cons contribution cost could data dataset deal
demo deploy describe design detail develop difference different disadvantage discuss do downside drawback easy effect
efficient elaborate else evaluate evaluation evidence exactly example experiment explain explanation fail fair fast
faster fastest finding first further get github give go good gpu gpus happen hard hardware help hyperparameter idea
important improve improvement innovation insight instead interesting intuition keep keeps key kind know large last
latency learn license limit limitation long loss main make many matter mean meaning measure memory method metric model
motivation much name need new no novel novelty number obtain ok okay one open other others outcome output page paper
parameter part people per perform performance please point possible practical practice problem production propose pros
provide published purpose question reach real really reason release repo report reproduce reproducible require
research resource result run runtime same say score second section setting setup show shown similar simple size slow
small solve source specific speed step strength strong study summarize summary support surprising system table take
takeaway task technique tell test thanks thing third time token tradeoff train training translate try two type upside
used user value version versus way weak weakness weight win wins without work worse write written wrote year yes
"""

_AUXILIARY = r"(?:do|does|did|is|are|was|were|can|could|will|would|has|have|had|should|might)(?:n['’]t)?"
_ASKED = r"(?:(?:in|on|at|for|with|to|by|from) )?(?:how|what|which|why|when|where|who|whose)(?: [\w-]+){0,5}"
_INVERTED = re.compile(rf"^(?:(?:and|but|so|also|ok|then) )?(?:{_ASKED} )?{_AUXILIARY} $", re.IGNORECASE)
_CLAUSE_START = re.compile(r"^.*[,:;.?!]\s*", re.DOTALL)
_EXPLETIVE = re.compile(
    r"\b(?:is|was|would|will|be|it['’]?s|isn['’]t)(?: it)?(?: be| not| still| even| really| always)* (?:"
    r"(?:better|best|harder|easier|hard|easy|safe|useful|helpful|enough|important|good|bad|cheaper|faster|practical|okay|ok)"
    r"\b(?=.* (?:to|that|if|for|when)\b| \w+ing\b)"
    r"|(?:possible|impossible|worth|necessary|common|true|known|feasible|likely|clear|realistic)\b(?= \w))"
    r"|\b(?:does|would|did|will) it (?:take|make sense|matter|help|pay|cost|hurt)(?: [\w-]+){0,3}?"
    r" (?:to|if|that|when|whether|which|how)\b"
    r"|\bwhen it comes to\b|\bit (?:turns out|seems|is said)\b|\bwhat is it like to\b|\b(?:take|takes) it\b",
    re.IGNORECASE,
)
_THAT_ALONE = (  # "why is that?", not "models that …"
    r"(?:"
    + "|".join(rf"(?<=\b{word} )" for word in ("is", "does", "do", "about", "was", "with", "to", "than", "of"))
    + "|"
    + "|".join(rf"(?<=\b{verb} )" for verb in ("explain", "translate", "rephrase", "repeat", "summarize", "simplify"))
    + r")that(?= ?(?:[?.!,]|$| (?:again|in|into|for|work|mean|help|compare|happen|so|true|right|different|better)\b))"
)
_DEMONSTRATIVE = re.compile(
    r"\b(?:(?P<this>this)(?! (?:week|month|year|quarter|morning|weekend|spring|summer|autumn|winter)\b)"
    rf"|these(?! days\b)|those(?! (?:that|who|which|of)\b)|that(?= (?:{_THING}|{_FACT})\b)|{_THAT_ALONE})"
    rf"(?:(?: (?:same|particular))? (?!works?[?.! ]*$)(?:{_THING}|{_FACT}s?)\b)?",
    re.IGNORECASE,
)
_PRONOUN = re.compile(r"\b(?P<singular>it|its|itself)\b|\b(?:they|them|their|theirs)\b", re.IGNORECASE)
_DEFINITE = re.compile(
    r"\bthe (?P<thing>papers?|authors?|study|article|(?P<method>method|approach|technique|work))\b"
    r"(?!['’]?s? ?(?:that|which|who|on|about|by|of|for|from|introduc\w+|called|propos\w+|behind|with|in|to)\b)",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    r"\b(?:the others?|the rest|any others?|another one|the other (?:one|papers?)|each of (?:them|these))\b",
    re.IGNORECASE,
)


_DESCRIPTION = 5  # telling words


@dataclass(frozen=True, slots=True)
class Reference:
    """Words of a question, from offset ``start`` to ``end``, and the sources that they mean.

    Without ``numbers`` they mean the source that was spoken of (``singular``) or all of them.
    """

    start: int
    end: int
    numbers: tuple[int, ...] = ()
    singular: bool = False


def numbered_references(text: str, sources: int, cited: Sequence[int]) -> list[Reference]:
    """References by number or place: "[2]", "paper 3", "the second one", "the latter", "both"; known sources only."""
    references = [
        Reference(*match.span(), (int(match["mark"] or match["number"]),)) for match in _NUMBER.finditer(text)
    ]
    for match in _ORDINAL.finditer(text):
        nth = (match["nth"] or match["thing"] or match["alone"]).lower()
        references.append(Reference(*match.span(), (_ORDINALS.get(nth, sources),)))
    if not own_words(text) and (bare := _BARE_NUMBERS.search(text)):
        references += [Reference(*bare.span(group), (int(bare[group]),)) for group in (1, 2)]
    former, latter = tuple(cited[:2]) if len(cited) > 1 else (1, 2)
    for match in _PAIR.finditer(text):
        meant = {"former": (former,), "latter": (latter,)}.get((match["which"] or "").lower(), (former, latter))
        references.append(Reference(*match.span(), meant))
    valid = [reference for reference in references if all(0 < number <= sources for number in reference.numbers)]
    return sorted(valid, key=lambda reference: reference.start)


def open_references(text: str) -> list[Reference]:
    """References to what the question does not say itself: "it", "this method", "the authors", "the others"."""
    return sorted((*_pronouns(text), *_phrases(text)), key=lambda reference: reference.start)


def _phrases(text: str) -> list[Reference]:
    """Phrases that mean something said before, unless the question has said it: "the Mamba model … this model"."""
    references = [Reference(*match.span(), singular=bool(match["this"])) for match in _DEMONSTRATIVE.finditer(text)]
    references += [Reference(*match.span()) for match in _OTHERS.finditer(text)]
    definite = list(_DEFINITE.finditer(text))
    references += [Reference(*match.span(), singular=True) for match in definite if match["method"]]
    references = [reference for reference in references if not own_words(text[: reference.start])]
    definite = [match for match in definite if not match["method"]]
    return references + [Reference(*match.span(), singular=match["thing"].lower() != "papers") for match in definite]


def _pronouns(text: str) -> list[Reference]:
    """Pronouns with nothing before them that they could mean.

    What is asked about is nothing that they could mean: "which optimizers did they try?". Before a long description
    they mean what it describes: "give it a drawing and it returns …".
    """
    expletives = [match.span() for match in _EXPLETIVE.finditer(text)]
    references = []
    for match in _PRONOUN.finditer(text):
        before = text[: match.start()]
        if any(start <= match.start() <= end for start, end in expletives):
            continue
        clause = _CLAUSE_START.sub("", before)
        inverted = _INVERTED.match(clause) and not own_words(before[: len(before) - len(clause)])
        described = match[0].lower() in ("it", "them") and len(own_words(text[match.end() :])) >= _DESCRIPTION
        if inverted or (not own_words(before) and not described):
            references.append(Reference(*match.span(), singular=bool(match["singular"])))
    return references


def own_words(text: str) -> list[str]:
    """The stemmed words of a text that say what it is about; words that fit any paper are none."""
    nothing = stop_words() | _generic()
    return [word for word in words(text) if word not in nothing and len(word) > 1 and not word.isdigit()]


@cache
def _generic() -> frozenset[str]:
    return frozenset(words(_GENERIC_WORDS))
