"""Questions that lean on the turn before, made standalone: "what about its limitations", "and the second one?"."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.language import ENGLISH, in_english, language_of, wanted_language, without_language
from assistant.papers import clean_text
from assistant.retrieval.query.coreference import (
    Reference,
    numbered_references,
    open_references,
    own_words,
)
from assistant.retrieval.term_weights import content_words
from assistant.sentences import split_sentences

_SAME_SUBJECT = 0.5
_FEW_WORDS = 6
_LONGEST_NAME = 80
_ABOUT = re.compile(r"^(?:(?:and|but|so|ok(?:ay)?),? )?(?:(?:what|how) about|and what of|what of) ", re.IGNORECASE)
_FRAGMENT = re.compile(
    r"^(?:and|but|or|also|then)\b,? "
    r"(?=(?:on|in|for|with|without|at|to|from|against|the|its|their|if|when|why|how|what about)\b)",
    re.IGNORECASE,
)
_COMPARED = re.compile(
    r"\b(?:compar(?:e|es|ed|ing|ison)(?: (?:it|this|that|them|these))?(?: (?:with|to|against))?|versus|vs\.?|than"
    r"|differ(?:s|ent)?(?: \w+)? from|(?:combined?|used|together|along) with|work with|relative to|instead of) "
    r"(?:the |a |an )?(?P<other>[^?.!,;]+)",
    re.IGNORECASE,
)
_OTHER_ENDS = re.compile(r" (?:on|in|for|when|at|with|and|or|as|regarding|under|by|if|here|there|directly|please)\b.*$")
_ITS = re.compile(r"^(?:its|their|the|these|those)\s+", re.IGNORECASE)
_COINED = re.compile(r"[^\W\d_]\d|\d[^\W\d_]|[^\W_][A-Z]")
_POSSESSIVE = re.compile(r"^(?:its|their|theirs)$", re.IGNORECASE)

_TOKEN = re.compile(r"[^\W_]+(?:[-.+][^\W_]+)*")
_NAME = re.compile(r"\d|.[A-Z]")
_LONGER_CHARACTERS = 200
"""Characters that the names of two papers may add to a question."""
_KEPT_WORDS_SHARE = 0.5
_MOST_NEW_WORDS = 1
_STEM_LETTERS = 4
"""So many letters tell a word: "accurate" is kept in "accuracy"."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """The turn before: ``titles[i]`` is source ``i + 1``; ``cited`` in the order of first citation.

    ``abstracts`` are those of the sources: a figure or a name that stands there is spoken of.
    """

    question: str
    answer: str
    titles: tuple[str, ...]
    cited: tuple[int, ...] = ()
    abstracts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A question after another one.

    ``question`` can be understood alone; it is the question itself when that ``stands_alone``. ``numbers`` are the
    earlier sources that it is about, empty for all or unknown. ``brings_in`` is a further thing to search for: "LoRA"
    in "how does it compare with LoRA?". ``same_subject``: it is about the earlier papers, as it leans on them, names
    one, or shares at least half of its telling words with the earlier question and titles.
    """

    question: str
    stands_alone: bool
    numbers: tuple[int, ...]
    brings_in: str | None
    same_subject: bool
    language: str | None = None


def follow_up(question: str, earlier: Earlier) -> FollowUp:
    """Read a question in the light of the turn before. By rules, without a model."""
    text = clean_text(question)
    answer_language, language = wanted_language(text), language_of(text)
    if answer_language and earlier.question and not own_words(in_english(without_language(text), language)):
        numbers = earlier.cited or tuple(range(1, len(earlier.titles) + 1))
        return FollowUp(earlier.question, False, numbers, None, True, answer_language)
    if language == ENGLISH:
        return _read_english(question, text, earlier)
    english = in_english(text, language)  # its words that have no English stay as they are
    return _foreign(question, _read_english(english, english, earlier), earlier, language)


def _read_english(question: str, text: str, earlier: Earlier) -> FollowUp:
    """`follow_up` of a ``question`` whose cleaned ``text`` is read as English."""
    named = named_titles(text, earlier.titles)
    numbered = numbered_references(text, len(earlier.titles), earlier.cited)
    pointed = [*numbered, *named]
    own = own_words(_without(text, pointed))
    opened = [] if named and not numbered and own else open_references(text)
    opened = [reference for reference in opened if not any(_overlap(reference, other) for other in pointed)]
    about = _ABOUT.match(text)
    leans = bool(numbered or opened or about or (_FRAGMENT.match(text) and len(text.split()) <= _FEW_WORDS))
    if (not leans and (own or named)) or not (earlier.titles or earlier.question):
        numbers = _unique(named)
        inferred = _told_of(text, own, earlier)
        return FollowUp(question, True, numbers or inferred, None, bool(numbers or inferred) or _shares(own, earlier))
    numbers = _unique([*numbered, *named]) or _spoken_of(opened, earlier)
    other = _brought_in(text, earlier, pointed, opened, about)
    return FollowUp(_standalone(text, earlier, [*numbered, *opened], numbers, about), False, numbers, other, True)


def _foreign(question: str, rule_based: FollowUp, earlier: Earlier, language: str) -> FollowUp:
    """A question of another language, read by its English: it keeps its own words, what it is about behind them."""
    if rule_based.stands_alone:
        return replace(rule_based, question=question)
    names = [short_name(earlier.titles[number - 1]) for number in rule_based.numbers]
    return replace(rule_based, question=f"{question} ({'; '.join(names) or earlier.question})", language=language)


def short_name(title: str) -> str:
    """What a paper is called: the part of its title before the colon, else the title."""
    name, colon, _ = title.partition(":")
    return name.strip() if colon and 0 < len(name.strip()) <= _LONGEST_NAME else title.strip()


def named_titles(text: str, titles: Sequence[str]) -> list[Reference]:
    """The titles, or their names before the colon, that stand in the text as whole words."""
    references = []
    for number, title in enumerate(titles, 1):
        name = short_name(title)
        match = re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE) if own_words(name) else None
        if match:
            references.append(Reference(*match.span(), (number,)))
    return sorted(references, key=lambda reference: reference.start)


def _spoken_of(opened: Sequence[Reference], earlier: Earlier) -> tuple[int, ...]:
    """The source that "it" means: the first that was cited; the only source when there is one."""
    if len(earlier.titles) == 1:
        return (1,)
    if len(earlier.cited) == 1 or (earlier.cited and opened and opened[0].singular):
        return earlier.cited[:1]
    return ()


def _told_of(text: str, own: Sequence[str], earlier: Earlier) -> tuple[int, ...]:
    """The only source whose abstract has all telling words, one of them a figure or a coined name: "the 7M dataset"."""
    if not own or not _COINED.search(text):
        return ()
    having = [number for number, abstract in enumerate(earlier.abstracts, 1) if set(own) <= set(own_words(abstract))]
    return tuple(having) if len(having) == 1 else ()


def _brought_in(
    text: str, earlier: Earlier, pointed: Sequence[Reference], opened: Sequence[Reference], about: re.Match[str] | None
) -> str | None:
    compared = _COMPARED.search(text)
    start = compared.start("other") if compared else about.end() if about else None
    if start is None:
        return None
    other = _OTHER_ENDS.sub("", text[start:].split("?", maxsplit=1)[0].strip(" .!,")).strip()
    end = start + len(other)
    refers = any(reference.start < end and start < reference.end for reference in (*pointed, *opened))
    is_attribute = not own_words(other) or _ITS.match(other)
    return None if not other or refers or is_attribute or named_titles(other, earlier.titles) else other


def _standalone(
    text: str, earlier: Earlier, references: Sequence[Reference], numbers: tuple[int, ...], about: re.Match[str] | None
) -> str:
    """The question with names in place of what refers back; else with its subject behind it."""
    names = [short_name(earlier.titles[number - 1]) for number in numbers]
    subject = " and ".join(names)
    if not subject:
        return f"{text} ({earlier.question})" if earlier.question else text
    if about and (its := _ITS.match(text[about.end() :])):
        aspect = text[about.end() + its.end() :].rstrip(" ?.!")
        return f"what {'are' if aspect.endswith('s') else 'is'} the {aspect} of {subject}?"
    if not references:
        return f"{text.rstrip(' ?.!')} of {subject}?"
    replaced = text
    for reference in sorted(references, key=lambda reference: reference.start, reverse=True):
        own = " and ".join(short_name(earlier.titles[number - 1]) for number in reference.numbers) or subject
        words = text[reference.start : reference.end]
        if _POSSESSIVE.match(words):
            own += "'s"
        elif words.lower().startswith("the author"):
            own = f"{words} of {own}"
        replaced = replaced[: reference.start] + own + replaced[reference.end :]
    return replaced


def _shares(own: Sequence[str], earlier: Earlier) -> bool:
    talk_words = set(own_words(" ".join((earlier.question, *earlier.titles))))
    return bool(own) and len(set(own) & talk_words) >= _SAME_SUBJECT * len(set(own))


def _without(text: str, references: Sequence[Reference]) -> str:
    for reference in sorted(references, key=lambda reference: reference.start, reverse=True):
        text = f"{text[: reference.start]} {text[reference.end :]}"
    return text


def _unique(references: Sequence[Reference]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(number for reference in references for number in reference.numbers))


def _overlap(left: Reference, right: Reference) -> bool:
    return left.start < right.end and right.start < left.end


def standalone_question(written: str, question: str, rule_based: FollowUp, earlier: Earlier) -> FollowUp | None:
    """The further question as a model wrote it, when that asks the same; ``rule_based`` is how rules read it.

    It is one question of bounded length and of the same language, and points back to nothing. Its names and numbers
    stand in the conversation or in the question, and so do its other words but for one; the names and numbers of the
    question, the papers that it points to, what it brings in and half of its telling words are kept.
    """
    if not _is_one_question(written, question) or language_of(written) != language_of(question):
        return None
    talk = f"{question}\n{earlier.question}\n{earlier.answer}\n{' '.join(earlier.titles)}"
    if not _names(written) <= _forms(talk):
        return None
    pointing = numbered_references(question, len(earlier.titles), earlier.cited)
    named = {number for reference in named_titles(written, earlier.titles) for number in reference.numbers}
    meant = {n for each in (*pointing, *named_titles(question, earlier.titles)) for n in each.numbers}
    if not meant <= named or numbered_references(written, len(earlier.titles), earlier.cited):
        return None
    own = question
    for reference in sorted([*pointing, *open_references(question)], key=lambda each: -each.start):
        own = f"{own[: reference.start]} {own[reference.end :]}"
    must_stay = _names(own) | _forms(rule_based.brings_in or "")
    if not must_stay <= _forms(written) or not _asks_the_same(own, written, talk):
        return None
    if language_of(written) == ENGLISH and open_references(written):
        return None
    return FollowUp(
        written, False, tuple(sorted(named)) or rule_based.numbers, rule_based.brings_in, True, rule_based.language
    )


def _is_one_question(written: str, question: str) -> bool:
    """Whether a text is as many sentences as the question and not much longer, and not the question itself."""
    same = clean_text(written).casefold() == clean_text(question).casefold()
    longest = len(question) + _LONGER_CHARACTERS
    sentences = max(1, len(split_sentences(question)))
    return bool(written) and not same and len(written) <= longest and len(split_sentences(written)) <= sentences


def _names(text: str) -> frozenset[str]:
    """Tokens with a digit or a capital inside, and capitalized ones but for the first."""
    names = set()
    for place, match in enumerate(_TOKEN.finditer(text)):
        token = match.group()
        if _NAME.search(token) or (token[0].isupper() and place):
            names.add(_folded(token))
    return frozenset(names)


def _forms(text: str) -> frozenset[str]:
    """Every token of a text, and the parts of compound ones."""
    tokens = [match.group() for match in _TOKEN.finditer(text)]
    parts = [part for token in tokens for part in re.split(r"[-.+]", token)]
    return frozenset(map(_folded, (*tokens, *parts)))


def _folded(token: str) -> str:
    folded = token.casefold()
    return folded[:-1] if folded.endswith("s") and len(folded) > _STEM_LETTERS else folded


def _asks_the_same(own: str, written: str, talk: str) -> bool:
    """Whether a rewriting keeps the question's ``own`` words and adds words of the talk, hardly any others."""
    before, after, talk_stems = (_stems(text) for text in (own, written, talk))
    added = after - before
    return (
        len(before & after) >= _KEPT_WORDS_SHARE * len(before)
        and bool(added & talk_stems)
        and len(added - talk_stems) <= _MOST_NEW_WORDS
    )


def _stems(text: str) -> frozenset[str]:
    return frozenset(word[:_STEM_LETTERS] for word in content_words(text))
