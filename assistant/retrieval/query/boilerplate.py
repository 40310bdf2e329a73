"""What is searched for: a question without the words that ask for papers ("show me papers on …")."""

import re

PAPERS = r"(?:papers?|articles?|preprints?|publications?|studies|surveys?|works?|research|literature)"
"""What papers are called."""
REMOVED = "\x00"
"""Stands for words that became a filter; text from outside has no such character once it is cleaned."""
SUPERLATIVE = r"(?:very )?(?:newest|latest|most recent(?:ly)?)"
REQUEST = (
    r"(?:(?:can|could|would|will) you (?:please )?)?(?:(?:show|list|find|fetch|display)(?: (?:me|us))?"
    r"|(?:search|look) for|tell (?:me|us) about|i(?:['’]m| am) (?:(?:looking|searching) for|interested in)"
    r"|i(?:['’]d| would)? (?:like|want|need) to (?:see|read|find|know about)"
    r"|(?:give|get|send|bring|recommend|suggest|want|need|i(?:['’]d| would)? (?:like|want|need))(?: (?:me|us))?"
    r"(?= (?:[\w-]+ ){0,4}?(?:papers|articles|preprints|publications|work|research|the (?:newest|latest))\b))"
)
"""Words that ask to be shown something."""
THERE = (
    r"(?:what(?:['’]s| is| are| was| were| has been| have been| came| got| did)?|which"
    r"|(?:are|is|was|were) there(?: been)?|(?:have|has) there been|do (?:you|we) have|there (?:is|was|were|are)"
    r"|there['’]s)"
)
"""Words that ask whether there is something."""

_PLEASE = r"(?:please|pls|hi|hello|hey|ok|okay|so|thanks|thank you|and|also|but)"
_THINGS = (
    r"(?:papers?|articles?|preprints?|publications?|studies|works?|research|literature|news?|things?|stuff|ones"
    r"|anything|something|everything)(?: (?:new|interesting|good|recent|there))?"
)
_ADJECTIVES = (
    r"(?:(?:all|any|some|the|these|those|a|few|of|top|best|good|great|interesting|relevant|important|other|more|notable"
    rf"|{SUPERLATIVE}|new|recent) )*"
)
_PUBLISHED = (
    r"(?:(?:that|which) )?(?:(?:was|were|are|is|have been|has been|got) )?"
    r"(?:published|released|listed|posted|submitted|uploaded|written|dated|appeared|appearing|added"
    r"|(?:came|come|coming) out|out)"
)
_ABOUT = (
    r"(?:on|about|regarding|concerning|around|covering|addressing|discussing|(?:that )?deal(?:ing|s)? with"
    r"|related to|in|for|of|there)"
)
_GAP = rf"[\s,;:.?!{REMOVED}–-]{{0,9}}"
_LEADS = tuple(
    re.compile(rf"^{_GAP}(?:{pattern})", re.IGNORECASE)
    for pattern in (
        rf"{_PLEASE}\b{_GAP}(?=\S)",
        rf"{REQUEST}\b(?=[\s,])",
        rf"(?:{THERE}\b{_GAP})?{_ADJECTIVES}{_GAP}{_THINGS}\b{_GAP}(?:{_PUBLISHED}\b{_GAP})?{_ABOUT}\b",
        rf"(?:{THERE}\b{_GAP})?{_ADJECTIVES}{_GAP}{_THINGS}\b(?=\s*(?:$|[?.!,;:{REMOVED}]))",
        rf"(?:{THERE}\b{_GAP})(?:the )?(?:{_PUBLISHED}\b)?{_GAP}{REMOVED}{_GAP}{_ABOUT}\b",
        rf"(?:{THERE}\b{_GAP}){_PUBLISHED}\b{_GAP}{_ABOUT}\b",
        rf"(?=[^{REMOVED}]*{REMOVED})(?:{THERE}\b{_GAP}){_ADJECTIVES}{_GAP}{_THINGS}\b(?: {_PUBLISHED}\b)?",
        rf"{REMOVED}{_GAP}{_ABOUT}\b",
        rf"{SUPERLATIVE}\b",
    )
)
_TAIL = re.compile(
    rf"(?:{_GAP}(?<![\w-])(?:which |what |any |all |the |some )?"
    r"(?:papers?|articles?|preprints?|publications?|works?|research)"
    rf"(?: {_PUBLISHED})?{_GAP}(?:please|pls|thanks)?|[\s,;:]+(?:please|pls|thanks)){_GAP}$",
    re.IGNORECASE,
)
_AROUND_REMOVED = re.compile(
    rf"(?:[\s,;(]{{0,3}}\b(?:{_PUBLISHED}|that are|which are|from|and|but|or|only)){{0,3}}[\s,;(]{{0,3}}{REMOVED}"
    rf"(?:['’]s?\b)?(?:[\s,;)]{{0,3}}(?:and |but |or )?{REMOVED}(?:['’]s?\b)?)*(?:[)]| only\b)?",
    re.IGNORECASE,
)
_MOST_LEADS = 12
_MOST_KEYWORDS = 8  # a longer text is no list of keywords that ends in "papers"
_ASKS = re.compile(r"^\s*(?:how|why|who|what|which|when|where|does|do|did|is|are|can)\b", re.IGNORECASE)
_REMOVED_RUN = re.compile(rf"{REMOVED}+")
_SPACE_BEFORE_MARK = re.compile(r"(?<=\w) +(?=[?.!,;:](?: |$))")
_WORD = re.compile(r"\w+(?:['’]\w+)?")
_FILLER_WORDS = """
a about above all also an and any anything are article articles as at be been best but by came can come did do does
everything first for from get give good has have i in interesting is it latest least list literature looking me more
most new newest news of ones only on or order out paper papers please preprints publication publications published
read recent recently released research see show some something sort sorted stuff than that the there these they thing
things those to top up was we were what what's whats which with work works you
"""
_FILLERS = frozenset(_FILLER_WORDS.split())


def searched(text: str) -> str:
    """The words to search for, from a text in which `REMOVED` stands for what became a filter.

    Empty when only words are left that ask for papers, whatever they are about.
    """
    text = _REMOVED_RUN.sub(REMOVED, text)
    shortened = REMOVED in text
    words = _AROUND_REMOVED.sub(" ", _without_lead(text))
    if shortened:
        words = _without_lead(words)
    if shortened or ("?" not in words and len(words.split()) <= _MOST_KEYWORDS):
        words = _TAIL.sub("", words)
    words = _SPACE_BEFORE_MARK.sub("", " ".join(words.split())).strip(" ,;:–-")
    if words != text and not _ASKS.match(words):
        words = words.rstrip(" ?")
    return words if any(word.lower() not in _FILLERS for word in _WORD.findall(words)) else ""


def _without_lead(text: str) -> str:
    for _ in range(_MOST_LEADS):
        matches = (pattern.match(text) for pattern in _LEADS)
        match = next((match for match in matches if match and match.end() > 0), None)
        if match is None:
            break
        text = text[match.end() :]
    return text
