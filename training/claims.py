"""Sentences about abstracts with a label, made by rules: what the reader's support head learns from.

True ones are the feed's summaries (another writer's words), sentences of the abstract said otherwise, and parts of
both. False ones err as small models err: each kind has one function that changes a true sentence by its parse. A kind
that cannot be applied gives nothing. The same words ("first", "because of", "all") come in true sentences as well.
"""

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from training.claim_words import ANTONYMS, DETAILS, HEDGES, SUPERLATIVES, SYNONYMS, UNIVERSAL
from training.corpus import CorpusPaper

SUPPORTED, PARTLY, UNSUPPORTED = "supported", "partly", "unsupported"
_NUMBER = re.compile(r"(?<![\w.-])\d+(?:[.,]\d+)*(?![\w-]*\d)")
_NUMBER_WORDS = "two three four five six seven eight nine ten twelve".split()  # noqa: SIM905
_WE = re.compile(r"^(?:in this (?:paper|work),?\s*)?we\b", re.IGNORECASE)
_LEAD = re.compile(
    r"^(?:however|moreover|furthermore|in addition|additionally|specifically|notably|to this end|therefore|thus|finally"
    r"|first|second|third|in particular|consequently|as a result|meanwhile|besides|also|to address [^,]+"
    r"|in this \w+),\s*",
    re.IGNORECASE,
)
_FROM_SUMMARY = 2
"""Rounds of claims from a paper's summary, which says things in other words."""
_TRUE_DETAILS = 0.5
"""Share of sentences that come with a true further statement too, so that "and it …" is no mark of a false one."""
Doc = Any


@dataclass(frozen=True, slots=True)
class MadeClaim:
    """A sentence about a paper."""

    text: str
    label: str
    kind: str


@dataclass(frozen=True, slots=True)
class ReadPaper:
    """A paper with its parsed summary and sentences."""

    paper: CorpusPaper
    name: str
    summary: Doc | None
    sentences: tuple[Doc, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """A true sentence that is to err: of ``read``, with ``other`` as the paper to confuse it with."""

    doc: Doc
    read: ReadPaper
    other: ReadPaper
    chance: random.Random


def name_of(paper: CorpusPaper) -> str:
    """The coined name in front of a title's colon, else "The paper"."""
    head, colon, _ = paper.title.partition(":")
    return head if colon and len(head.split()) <= 2 else "The paper"


def made_claims(read: ReadPaper, other: ReadPaper, chance: random.Random) -> Iterator[MadeClaim]:
    """Claims about a paper; ``other`` is a neighbour, whose sentences are near and still wrong here."""
    bases = [read.summary] * _FROM_SUMMARY if read.summary is not None else []
    pool = [doc for doc in read.sentences if 8 <= len(doc) <= 45]
    bases += chance.sample(pool, min(len(pool), 2 if bases else 4))
    for doc in bases:
        plain = _reported(doc.text, read.name)
        yield MadeClaim(_varied(plain, chance), SUPPORTED, "paraphrase")
        if (part := _compressed(doc, chance)) and chance.random() < 0.6:
            yield MadeClaim(_varied(_reported(part, read.name), chance), SUPPORTED, "part")
        if (more := _with_clause(doc, read.sentences, chance)) and chance.random() < _TRUE_DETAILS:
            yield MadeClaim(_varied(_reported(more, read.name), chance), SUPPORTED, "two_sentences")
        makers = chance.sample(_FALSE, len(_FALSE))
        made = 0
        for maker in makers:
            claim = maker(Draft(doc, read, other, chance))
            if claim is None or claim.text.strip() in ("", doc.text) or claim.text == plain:
                continue
            text = _varied(_reported(claim.text, read.name), chance, 0.3)
            yield MadeClaim(text[0].upper() + text[1:], claim.label, claim.kind)
            made += 1
            if made == 2:
                break
    if other.summary is not None and chance.random() < 0.15:
        text = other.summary.text.replace(other.name, read.name) if other.name != "The paper" else other.summary.text
        yield MadeClaim(text, UNSUPPORTED, "neighbour")


def _reported(text: str, name: str) -> str:
    """A sentence of the authors as others say it."""
    text = _LEAD.sub("", text.strip())
    if _WE.match(text):
        text = _WE.sub("The authors" if name == "The paper" else "The authors of " + name, text)
        text = re.sub(r"\bour\b", "their", text)
    else:
        text = re.sub(r"\b[Oo]ur (?:method|approach|model|framework)\b", name, text)
        text = re.sub(r"\bour\b", "the", text)
    if name != "The paper":
        text = re.sub(r"^(?:It|This (?:method|approach|framework|model|benchmark|dataset))\b", name, text)
    return text[:1].upper() + text[1:]


def _varied(text: str, chance: random.Random, share: float = 0.5) -> str:
    """The text with some words in place of which others mean the same."""

    def another(match: re.Match[str]) -> str:
        choices = SYNONYMS.get(match.group().lower())
        if not choices or chance.random() > share:
            return match.group()
        word = chance.choice(choices)
        return word.capitalize() if match.group()[0].isupper() else word

    return with_articles(re.sub(r"[A-Za-z]+(?:-[A-Za-z]+)*", another, text))


def with_articles(text: str) -> str:
    """The text with "a" and "an" as the next word wants them, as far as its first letter tells."""
    text = re.sub(r"\b([Aa])n(?= (?![aeiouAEIOU8MSLRNFH])[a-z])", r"\1", text)
    return re.sub(r"\b([Aa])(?= (?!uni|use|one|eu)[aeio][a-z])", r"\1n", text)


def _compressed(doc: Doc, chance: random.Random) -> str:
    """The sentence without one clause or aside that can fall away."""
    removable = [t for t in doc if t.dep_ in ("advcl", "relcl", "appos", "acl", "npadvmod") and t.i > 2]
    if not removable:
        return ""
    token = chance.choice(removable)
    gone = {t.i for t in token.subtree}
    if len(doc) - len(gone) < 6:
        return ""
    text = "".join(t.text_with_ws for t in doc if t.i not in gone)
    text = re.sub(r"\s*,?\s*,\s*", ", ", re.sub(r"\s+([.,;])", r"\1", text)).replace("()", "").strip()
    text = re.sub(r"[\s,:;]+\.$", ".", text)
    return "" if re.search(r"\b(?:and|or|of|to|by|oftentimes)\.$|\(\W*\)|\s-\w", text) else text


def _figure(draft: Draft) -> MadeClaim | None:
    doc, chance = draft.doc, draft.chance
    found = list(_NUMBER.finditer(doc.text))
    if not found:
        words = [t for t in doc if t.lower_ in _NUMBER_WORDS]
        if not words:
            return None
        token = chance.choice(words)
        new = chance.choice([word for word in _NUMBER_WORDS if word != token.lower_])
        return MadeClaim(_swapped(doc.text, token.idx, len(token.text), new), UNSUPPORTED, "figure")
    match = chance.choice(found)
    elsewhere = [n.group() for n in _NUMBER.finditer(draft.read.paper.abstract) if n.group() != match.group()]
    new = chance.choice(elsewhere) if elsewhere and chance.random() < 0.6 else _other_number(match.group(), chance)
    return MadeClaim(doc.text[: match.start()] + new + doc.text[match.end() :], UNSUPPORTED, "figure")


def _other_number(number: str, chance: random.Random) -> str:
    digits = [place for place, sign in enumerate(number) if sign.isdigit()]
    place = chance.choice(digits)
    new = chance.choice([digit for digit in "123456789" if digit != number[place]])
    return number[:place] + new + number[place + 1 :]


def _direction(draft: Draft) -> MadeClaim | None:
    doc, chance = draft.doc, draft.chance
    turned = [t for t in doc if t.lower_ in ANTONYMS and t.pos_ != "PROPN" and not _inside_compound(t)]
    if not turned:
        return None
    token = chance.choice(turned)
    text = _swapped(doc.text, token.idx, len(token.text), chance.choice(ANTONYMS[token.lower_]))
    return MadeClaim(text, UNSUPPORTED, "direction")


def _inside_compound(token: Any) -> bool:
    """Whether a token is a part of a hyphenated word."""
    before = token.i > 0 and token.nbor(-1).text.endswith("-") and not token.nbor(-1).whitespace_
    after = token.i + 1 < len(token.doc) and not token.whitespace_ and token.nbor(1).text.startswith("-")
    return before or after


def _negation(draft: Draft) -> MadeClaim | None:
    doc, chance = draft.doc, draft.chance
    negations = [t for t in doc if t.dep_ == "neg"]
    if negations:
        token = chance.choice(negations)
        text = re.sub(r"\s{2,}", " ", _swapped(doc.text, token.idx, len(token.text), ""))
        return MadeClaim(text, UNSUPPORTED, "negation")
    verbs = [
        t for t in doc if t.pos_ == "VERB" and t.tag_ in ("VBZ", "VBP", "VBD") and t.dep_ in ("ROOT", "relcl", "conj")
    ]
    if not verbs:
        return None
    verb = chance.choice(verbs)
    forms = (
        ("does not", "fails to", "cannot", "struggles to") if verb.tag_ == "VBZ" else ("do not", "fail to", "cannot")
    )
    return MadeClaim(
        _swapped(doc.text, verb.idx, len(verb.text), f"{chance.choice(forms)} {verb.lemma_}"), UNSUPPORTED, "negation"
    )


def _chunks(doc: Doc) -> list[Any]:
    return [c for c in doc.noun_chunks if c.root.pos_ in ("NOUN", "PROPN") and c.root.lower_ not in ("paper", "work")]


def _sides_swapped(draft: Draft) -> MadeClaim | None:
    """Two noun phrases of one sentence change places: who beats whom, what is used for what."""
    doc, chance = draft.doc, draft.chance
    chunks = [c for c in _chunks(doc) if c.root.dep_ in ("nsubj", "nsubjpass", "dobj", "pobj", "conj", "attr")]
    if len(chunks) < 2:
        return None
    first, second = sorted(chance.sample(chunks, 2), key=lambda c: c.start_char)
    if first.text.lower() == second.text.lower() or (first.root.dep_ == second.root.dep_ == "conj"):
        return None
    if second.root.dep_ == "conj" and second.root.head == first.root:
        return None  # "A and B" says the same as "B and A"
    text = doc.text
    new = text[: first.start_char] + second.text + text[first.end_char : second.start_char] + first.text
    return MadeClaim(new + text[second.end_char :], UNSUPPORTED, "swapped")


def _wrong_subject(draft: Draft) -> MadeClaim | None:
    """The subject is another thing of the same abstract."""
    doc, chance = draft.doc, draft.chance
    subjects = [c for c in _chunks(doc) if c.root.dep_ in ("nsubj", "nsubjpass")]
    rest = [c.text for s in draft.read.sentences if s is not doc for c in _chunks(s) if len(c.text) > 3]
    said = doc.text.lower()
    rest = [text for text in rest if text.lower() not in said]
    if not subjects or not rest:
        return None
    subject = chance.choice(subjects)
    new = chance.choice(rest)
    return MadeClaim(_swapped(doc.text, subject.start_char, len(subject.text), new), UNSUPPORTED, "wrong_subject")


def _method_changed(draft: Draft) -> MadeClaim | None:
    """What is used, made or tested is another thing: of the same abstract, or of a neighbour's."""
    doc, chance = draft.doc, draft.chance
    objects = [c for c in _chunks(doc) if c.root.dep_ in ("dobj", "pobj", "attr", "conj")]
    near = [c.text for s in draft.read.sentences if s is not doc for c in _chunks(s)]
    far = [c.text for s in draft.other.sentences for c in _chunks(s)] + list(draft.other.paper.keywords)
    rest = [t for t in (near if chance.random() < 0.5 else far) if t.lower() not in doc.text.lower() and len(t) > 3]
    if not objects or not rest:
        return None
    chunk = chance.choice(objects)
    label = PARTLY if len(objects) > 3 and chance.random() < 0.4 else UNSUPPORTED
    return MadeClaim(
        _swapped(doc.text, chunk.start_char, len(chunk.text), chance.choice(rest)), label, "method_changed"
    )


def _scope(draft: Draft) -> MadeClaim | None:
    """What holds in some cases is said of all, or of others."""
    doc, chance = draft.doc, draft.chance
    limited = [t for t in doc if t.lower_ in UNIVERSAL]
    if limited and chance.random() < 0.6:
        token = chance.choice(limited)
        text = _swapped(doc.text, token.idx, len(token.text), chance.choice(UNIVERSAL[token.lower_]))
        return MadeClaim(text, UNSUPPORTED, "scope")
    places = [t for t in doc if t.dep_ == "prep" and t.lower_ in ("on", "across", "for", "under", "in") and t.i > 3]
    if not places:
        return None
    prep = chance.choice(places)
    tokens = sorted(prep.subtree, key=lambda t: t.i)
    start, end = tokens[0].idx, tokens[-1].idx + len(tokens[-1].text)
    wide = chance.choice(
        ("on all benchmarks", "across every model size", "in all settings", "for any task", "in every domain")
    )
    return MadeClaim(doc.text[:start] + wide + doc.text[end:], UNSUPPORTED, "scope")


def _overclaim(draft: Draft) -> MadeClaim | None:
    """A hedge falls away, or an aim is told as a result."""
    doc, chance = draft.doc, draft.chance
    hedged = [t for t in doc if t.lower_ in HEDGES]
    aims = [t for t in doc if t.lower_ == "to" and t.dep_ == "aux" and t.head.dep_ in ("advcl", "xcomp", "acl")]
    if aims and chance.random() < 0.6:
        verb = chance.choice(aims).head
        clause = "".join(t.text_with_ws for t in sorted(verb.subtree, key=lambda t: t.i) if t.i > verb.i).strip(" .,;")
        if len(clause.split()) >= 2:
            subject = draft.read.name if chance.random() < 0.7 else "The method"
            return MadeClaim(f"{subject} {_third_person(verb.lemma_)} {clause}.", UNSUPPORTED, "purpose_as_result")
    if not hedged:
        return None
    token = chance.choice(hedged)
    new = chance.choice(HEDGES[token.lower_])
    return MadeClaim(
        re.sub(r"\s{2,}", " ", _swapped(doc.text, token.idx, len(token.text), new)), UNSUPPORTED, "hedge_lost"
    )


def _third_person(verb: str) -> str:
    return (
        verb + ("es" if verb.endswith(("s", "x", "ch", "sh")) else "s") if not verb.endswith("y") else verb[:-1] + "ies"
    )


def _superlative(draft: Draft) -> MadeClaim | None:
    doc, chance = draft.doc, draft.chance
    chunks = [c for c in _chunks(doc) if c[0].lower_ in ("a", "an") and len(c) > 1]
    if not chunks:
        return None
    chunk = chance.choice(chunks)
    words = chance.choice(SUPERLATIVES)
    if words.split()[-1] in draft.read.paper.abstract:
        return None
    return MadeClaim(_swapped(doc.text, chunk[0].idx, len(chunk[0].text), words), UNSUPPORTED, "superlative")


def _cause(draft: Draft) -> MadeClaim | None:
    """A cause that the abstract does not give: a thing of the same abstract or of a neighbour's."""
    doc, chance = draft.doc, draft.chance
    if re.search(r"\b(?:because|due|since|thanks)\b", doc.text):
        return None
    rest = [s for s in draft.read.sentences if s is not doc]
    things = [
        c.text for s in (rest if chance.random() < 0.7 else draft.other.sentences) for c in _chunks(s) if len(c) > 1
    ]
    things = [t for t in things if t.lower() not in doc.text.lower() and not t.lower().startswith(("we ", "our "))]
    if not things:
        return None
    link = chance.choice(
        ("because of", "owing to", "thanks to", "which is put down to", "since it relies on", "driven by")
    )
    return MadeClaim(f"{doc.text.rstrip(' .')} {link} {chance.choice(things)}.", UNSUPPORTED, "cause_invented")


def _detail(draft: Draft) -> MadeClaim | None:
    """A true sentence with one more statement that is not there."""
    doc, chance = draft.doc, draft.chance
    if chance.random() < 0.4:
        base = _short(doc, chance)
        return MadeClaim(f"{base}{chance.choice(DETAILS)}.", PARTLY, "detail_not_there")
    text = _with_clause(doc, draft.other.sentences, chance)
    return MadeClaim(text, PARTLY, "detail_not_there") if text else None


def _with_clause(doc: Doc, sentences: Sequence[Doc], chance: random.Random) -> str:
    """The sentence with what one of some others says of its subject behind it; empty when none says anything short."""
    verbs = [t for s in sentences if s is not doc for t in s if t.dep_ == "ROOT" and t.tag_ in ("VBZ", "VBP", "VBD")]
    verbs = [verb for verb in verbs if 3 <= len(verb.doc) - verb.i - 1 <= 20]
    if not verbs:
        return ""
    verb = chance.choice(verbs)
    rest = "".join(t.text_with_ws for t in verb.doc if t.i > verb.i).strip(" .")
    said = verb.text if verb.lemma_ in ("be", "have", "do") else _third_person(verb.lemma_)
    return f"{_short(doc, chance)}, and it {said} {rest}."


def _short(doc: Doc, chance: random.Random) -> str:
    """The sentence without its full stop, a long one without a clause."""
    base = str(doc.text).rstrip(" .")
    return (_compressed(doc, chance).rstrip(" .") or base) if len(base.split()) > 26 else base


def _merged(draft: Draft) -> MadeClaim | None:
    """What another paper says, put on this one."""
    chance = draft.chance
    pool = [s for s in draft.other.sentences if 8 <= len(s) <= 40]
    if not pool:
        return None
    text = chance.choice(pool).text
    if draft.other.name != "The paper":
        text = text.replace(draft.other.name, draft.read.name)
    return MadeClaim(text, UNSUPPORTED, "merged_papers")


def _swapped(text: str, start: int, length: int, new: str) -> str:
    return text[:start] + new + text[start + length :]


Maker = Callable[[Draft], MadeClaim | None]
_FALSE: Sequence[Maker] = (
    *(_figure, _direction, _sides_swapped, _wrong_subject, _method_changed) * 3,
    *(_overclaim, _negation, _merged) * 2,
    *(_scope, _superlative, _cause, _detail),
)
"""What compares word with word comes more often: the marks of the others are learnt sooner."""
