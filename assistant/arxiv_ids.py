"""arXiv ids where they stand in a text: in every form that people, pages and reference managers write them.

A form is read for what arXiv gives out (https://info.arxiv.org/help/arxiv_identifier.html): ``YYMM.number`` since
April 2007, with four digits until the end of 2014 and five since; ``archive/YYMMnumber`` before. A month or a number of
digits that does not exist makes a decimal, not an id, and so does a unit behind an id that nothing else marks as one.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import unquote

_MONTH = r"(?:0[1-9]|1[0-2])"
_NEW_STYLE = rf"(?:(?:07(?:0[4-9]|1[0-2])|(?:0[89]|1[0-4]){_MONTH})\.\d{{4}}|(?:1[5-9]|[2-9]\d){_MONTH}\.\d{{5}})"
_ARCHIVES = (  # all that took papers before April 2007, those included that were merged into others since
    "acc-phys|adap-org|alg-geom|ao-sci|astro-ph|atom-ph|bayes-an|chao-dyn|chem-ph|cmp-lg|comp-gas|cond-mat|cs|dg-ga"
    "|funct-an|gr-qc|hep-ex|hep-lat|hep-ph|hep-th|math|math-ph|mtrl-th|nlin|nucl-ex|nucl-th|patt-sol|physics|plasm-ph"
    "|q-alg|q-bio|q-fin|quant-ph|solv-int|stat|supr-con"
)
_SUBJECT_CLASS = r"\.[a-z]{2,}(?:-[a-z]+)*"  # math.GT, cond-mat.mes-hall
_OLD_STYLE = rf"(?:{_ARCHIVES})(?:{_SUBJECT_CLASS})?/(?:9\d|0[0-7]){_MONTH}\d{{3}}"
_VERSION = r"(?:\s?v\d{1,3})?(?![\w]|\.\d)"
_ID = rf"(?P<id>{_NEW_STYLE}|{_OLD_STYLE}){_VERSION}"

# What the page's margin, a listing, a bibliography or a reference manager writes behind an id: "[cs.CL] 9 Sep 2024",
# "(cs)", ", 2024", "(2024)". All runs of white space are bounded: no text takes long to read.
_CATEGORY = rf"[a-z]+(?:-[a-z]+)*(?:{_SUBJECT_CLASS})?"
_YEAR = r"(?:19|20)\d\d(?!\w|[./-]\w)"
_DATE = (
    r"(?:(?:\d{1,2}\s{1,3})?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?\s{1,3})"
    rf"{_YEAR}"
)
_STAMP = (
    rf"(?:\s{{0,3}}\[{_CATEGORY}(?:[,;]\s{{0,3}}{_CATEGORY})*\]"
    rf"|\s{{0,3}}\((?:{_ARCHIVES}|econ|eess)(?:{_SUBJECT_CLASS})?\))?"
    rf"(?:\s{{0,3}}{_DATE}|\s{{0,3}},\s{{0,3}}(?:{_DATE}|{_YEAR})|\s{{0,3}}\((?:{_DATE}|{_YEAR})\))?"
)
_KIND = r"(?:e-?prints?|preprints?)"
_NAME = r"arxiv(?:\.org)?(?:\s{1,3}id)?\s{0,3}[:./_#–-]?\s{0,3}"
_PREFIX = (
    r"(?:(?:info|oai|urn):)?(?:"
    r"(?:doi\s{0,3}[:/]?\s{0,3})?10\.48550/arxiv[.:]"
    rf"|(?:(?:arxiv\s{{1,3}})?{_KIND}(?:\s{{1,3}}\(\d{{4}}\))?[,:]?\s{{1,3}}(?:pp?\.?\s{{1,3}})?)?{_NAME}(?:abs/)?"
    rf"|(?:arxiv\s{{1,3}})?{_KIND}\s{{0,3}}[:#=]?\s{{0,3}}[{{\"]?"
    r"|(?:(?:arxiv|corr)[,:]?\s{1,3}(?:vol\.?\s{1,3})?)?(?:abs|pdf|papers?)/"
    r")"
)
_NUMBER_SIGNS = "$€£¥+"
_NOT_IN_NUMBER = (  # nor in a path, but for an id behind another one: "2401.01234/2402.05678"
    rf"(?:(?<![\w./{_NUMBER_SIGNS}])|(?<=\d{{4}}\.\d{{4}}/)|(?<=\d{{4}}\.\d{{5}}/)|(?<=\dv\d/))"
    r"(?<!\w@)(?<![\s(]-)(?<!\A-)"
)
_UNIT = (
    r"(?:[%€£¥°]|(?:s|ms|ns|µs|μs|secs?|seconds?|mins?|minutes?|h|hrs?|hours?|days?|weeks?|months?|years?|tokens?|words?"
    r"|db|[kmgtp]i?b|bytes?|bits?|nm|mm|cm|km|mg|kg|[kmg]?hz|fps|[kmgtp]?flops?|param(?:eter)?s?|times|k?wh|watts?"
    r"|joules?|kelvin|degrees?|per\s?cent|pp|usd|eur|dollars?|euros?)\b)"
)
_WRITTEN = re.compile(
    rf"(?:(?<![\w.]){_PREFIX}{_ID}"
    rf"|{_NOT_IN_NUMBER}(?:abs/)?(?P<bare>{_NEW_STYLE}|{_OLD_STYLE}){_VERSION}(?!\s?{_UNIT}))"
    rf"(?:\.(?:pdf|html?|txt|tex)\b)?{_STAMP}",
    re.ASCII | re.IGNORECASE,
)
_BARE_HOST = (  # "hf.co/", but not the archive of an id as in "cs.CL/0301001"
    rf"(?<![\w.-])(?!(?:arxiv[.:])?{_OLD_STYLE}(?!\d))(?:[a-z0-9-]{{1,63}}\.){{1,8}}[a-z]{{2,}}/"
)
_LINK = re.compile(
    rf"<?\b(?:https?://|www\.|{_BARE_HOST})[^\s<>\"“”|]*?(?=[,;]\s*https?://|[\s<>\"“”|]|$)>?",
    re.IGNORECASE,
)
_LINKED_ID = re.compile(rf"(?:(?<![\w.])|(?<=\barxiv[.])){_ID}", re.ASCII | re.IGNORECASE)
_LABELLED_LINK = re.compile(
    r"\[(?P<label>[^\[\]]*)\]\(\s*(?P<target><?[^\s()]+(?:\([^\s()]*\))?>?)(?:\s+\"[^\"]*\")?\s*\)"
)
_FOREIGN_DOI = re.compile(r"\b10\.(?!48550/)\d{4,9}/\S+")
_BEHIND_LINK = re.compile(_STAMP, re.ASCII | re.IGNORECASE)
_LINK_END = ".,;:!?'’*_`~)]}"
_BRACKETS = {")": "(", "]": "[", "}": "{"}
_ALIKE = str.maketrans({"：": ":", "．": ".", "／": "/", "‐": "-", "‑": "-"})  # one letter each: offsets stay
_WORD = re.compile(r"\w")
_EMPTY_BRACKETS = re.compile(r"\([\s,;:.]*\)|\[[\s,;:.]*\]|\{\s*\}|<\s*>|“\s*”|\"\s*\"|'\s*'")
_SPACE_BEFORE = re.compile(r"\s+(?=[?.!,;:)\]])|(?<=[(\[])\s+")


@dataclass(frozen=True, slots=True)
class IdMention:
    """An arXiv id where it stands in a text: from ``start`` to ``end`` with the link or reference that holds it.

    ``label`` is what a Markdown link shows to its reader, empty for other links.
    """

    paper_id: str
    start: int
    end: int
    label: str = ""


def parse_paper_ids(text: str) -> tuple[str, ...]:
    """The arXiv ids without versions of which a text is a list, each once; none when it has words beside them."""
    mentions = id_mentions(text)
    rest = _cut(text, [(mention.start, mention.end, " ") for mention in mentions])
    return () if _WORD.search(rest) else tuple(dict.fromkeys(mention.paper_id for mention in mentions))


def find_paper_ids(text: str) -> tuple[str, ...]:
    """Every arXiv id that stands in running text, without versions, in order, each once."""
    return tuple(dict.fromkeys(mention.paper_id for mention in id_mentions(text)))


def id_mentions(text: str) -> tuple[IdMention, ...]:
    """Every place of a text that names a paper by its arXiv id, in order; a link with two ids is mentioned twice."""
    alike = text.translate(_ALIKE)
    taken = bytearray(len(alike))
    mentions: list[IdMention] = []
    for labelled in _labelled(alike):
        mentions.append(labelled)
        _take(taken, labelled.start, labelled.end)
    for start, end in [match.span() for match in _LINK.finditer(alike)]:
        if not any(taken[start:end]):
            mentions += _linked(alike, start, end)
        _take(taken, start, end)
    for match in _FOREIGN_DOI.finditer(alike):
        _take(taken, *match.span())
    for match in _WRITTEN.finditer(alike):
        if not any(taken[match.start() : match.end()]):
            mentions.append(IdMention(_canonical(match["id"] or match["bare"]), *match.span()))
    return tuple(sorted(mentions, key=lambda mention: mention.start))


def without_id_mentions(text: str) -> str:
    """The text without ids and their links; what a Markdown link shows stays."""
    return replace_id_mentions(text, lambda mention: mention.label)


def replace_id_mentions(text: str, name_of: Callable[[IdMention], str]) -> str:
    """The text with names in place of ids and their links; where the name is empty no brackets are left."""
    mentions = id_mentions(text)
    if not mentions:
        return text
    rest = _cut(text, [(mention.start, mention.end, f" {name_of(mention)} ") for mention in mentions])
    tidy = _SPACE_BEFORE.sub("", " ".join(_EMPTY_BRACKETS.sub(" ", rest).split()))
    body = tidy.strip().rstrip("?.!")
    end = tidy.strip()[len(body) :]
    return (body.strip(" ,;:").rstrip(" ,;:([") + end).strip()


def _labelled(text: str) -> Iterator[IdMention]:
    for match in _LABELLED_LINK.finditer(text):
        label, (start, end) = match["label"].strip(), match.span("target")
        link_text = "" if id_mentions(label) else label
        for paper_id in _ids_in_link(text[start:end]):
            yield IdMention(paper_id, *match.span(), link_text)


def _take(taken: bytearray, start: int, end: int) -> None:
    taken[start:end] = b"\x01" * (end - start)


def _linked(text: str, start: int, end: int) -> list[IdMention]:
    """The ids of a link, with the stamp that stands behind it."""
    link = _without_sentence_end(text[start:end])
    behind = _BEHIND_LINK.match(text, start + len(link))
    stop = behind.end() if behind else start + len(link)
    return [IdMention(paper_id, start, stop) for paper_id in _ids_in_link(link)]


def _without_sentence_end(link: str) -> str:
    """The link without what belongs to its sentence: punctuation, and brackets that were not opened inside of it."""
    if link.startswith("<"):
        return link
    surplus = {closing: link.count(closing) - link.count(opening) for closing, opening in _BRACKETS.items()}
    end = len(link)
    while end and link[end - 1] in _LINK_END and surplus.get(link[end - 1], 1) > 0:
        if link[end - 1] in surplus:
            surplus[link[end - 1]] -= 1
        end -= 1
    return link[:end]


def _ids_in_link(link: str) -> list[str]:
    address = unquote(link)
    if _FOREIGN_DOI.search(address):
        return []
    return list(dict.fromkeys(_canonical(match["id"]) for match in _LINKED_ID.finditer(address)))


def _cut(text: str, pieces: Sequence[tuple[int, int, str]]) -> str:
    """The text with other words in place of some stretches; of the same stretch given twice the first counts."""
    parts: list[str] = []
    last = 0
    for start, end, instead in pieces:
        if start >= last:
            parts += [text[last:start], instead]
            last = end
    return "".join([*parts, text[last:]])


def _canonical(paper_id: str) -> str:
    """The id in arXiv's spelling: in small letters but for a subject class of two, as in ``math.GT``."""
    archive, slash, number = paper_id.partition("/")
    name, dot, subject = archive.lower().partition(".")
    spelled = subject.upper() if len(subject) == 2 else subject
    return f"{name}{dot}{spelled}{slash}{number}" if slash else paper_id
