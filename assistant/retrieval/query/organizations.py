"""The organizations that a question asks for: names that the library knows, where the words say that they published.

"Meta learning", "NVIDIA GPUs" and "distilled from Qwen" name no author.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

from assistant.retrieval.query.boilerplate import PAPERS, REMOVED

# Words that many organizations have in their names; alone they name none of them.
_GENERIC_WORDS = """
academy academic advanced agent agents ai america american and applied artificial asia asian at audio australia
british business canada center centre china chinese city cloud co cognition college company computer computing corp
corporation cv data deep department digital engineering europe european faculty federal for foundation france french
general generation generative german germany global graphics group health human image in inc india indian information
innovation institute institution intelligence intelligent international israel italy japan japanese knowledge korea
korean lab laboratory labs language large learning limited ltd machine medical medicine mind ml model models
multimodal national natural network networks nlp of on open processing project reasoning research robot robotics
school science sciences singapore smart source speech state studio system systems taiwan team technological
technologies technology text the uc unit university video vision visual world
"""
_GENERIC = frozenset(_GENERIC_WORDS.split())
_WORD = re.compile(r"[^\W_]+(?:\.[^\W_]+)*")
_SEGMENT = re.compile(r"@|,|\bat\b|[()]|\s-\s")
_MOST_WORDS = 10
_NEAR = 200  # letters
_ANYTHING = rf"(?:{PAPERS}|anything|something|everything|stuff|news?|latest|newest|contributions?)"
_PEOPLE = r"(?:authors?|researchers?|people|folks|scientists|engineers|teams?|groups?|labs?)"
_PUBLISHED = (
    r"(?:published|released|written|authored|proposed|introduced|presented|submitted|posted|put out|developed|done"
    r"|coming|come|comes|came|out)"
)
_CUE = re.compile(
    rf"\b(?:from|by|at|out of|affiliated with) (?:the )?(?:{_PEOPLE} (?:at|from|of) )?(?:the )?", re.IGNORECASE
)
_DIRECT = re.compile(rf"(?:\b(?:{_ANYTHING}|{_PEOPLE}|{_PUBLISHED}|work done)|{REMOVED}) ?$", re.IGNORECASE)
_SPOKEN_OF = re.compile(rf"\b{_ANYTHING}\b", re.IGNORECASE)
_ASKING = re.compile(r"\b(?:how|why|does|do|did|is|are|can|which|what|who|when|where)\b", re.IGNORECASE)
# What is taken from a model, a data set or a person, and not written by them.
_TAKEN = re.compile(
    r"\b(?:distil\w*|(?:pre-?)?train\w*|fine-?tun\w*|initiali[sz]\w*|derived|generated|sampled|start\w*|transfer\w*|data"
    r"|datasets?|outputs?|responses?|samples?|images?|videos?|feedback|labels?|weights|embeddings?|features?|traces?"
    r"|judged|scored|evaluated|annotated|knowledge|borrowed|inspired|adapted|tokens?|learn\w*|models?|checkpoints?"
    r"|different|away|move\w*|migrat\w*|used|attention) ?$",
    re.IGNORECASE,
)
_END = re.compile(
    rf" ?(?:$|[?.!,;:)]|{REMOVED})| (?:about|after|and|are|at|authors|before|between|concerning|covering|dealing|did|do"
    r"|during|folks|for|from|has|have|how|in|is|last|newer|older|on|or|over|papers|people|please|published|recently"
    r"|regarding|released|researchers|scientists|since|team|teams|that|this|to|using|was|were|what|where|which|who|with"
    r"|within)\b",
    re.IGNORECASE,
)
_JOIN = re.compile(r"(?:, (?:or |and )?| or | and | and/or |/)(?:the |from |by )*", re.IGNORECASE)
_POSSESSIVE = re.compile(rf"(?:['’]s|(?<=s)['’]) (?=(?:[\w-]+ ){{0,3}}?{PAPERS}\b)", re.IGNORECASE)
_DID = re.compile(r"\b(?:did|has|have|does) (?:the )?", re.IGNORECASE)
_PUBLISH = re.compile(
    r" (?:researchers |people |recently |already |ever )*(?:publish|release|propose|write|written|put out|present|post"
    rf"|submit|announce|introduce|contribute|come up with|show)(?:ed|d|s|ted)?(?= ?(?:$|[?.!,;:]|{REMOVED})"
    rf"| (?:about|any|for|in|last|on|regarding|since|this|to|{PAPERS})\b)",
    re.IGNORECASE,
)
_BEFORE_PAPERS = re.compile(
    r"(?:^|\b(?:show me|give me|list|find|all|any|the|latest|newest|new|recent|which|what) )", re.IGNORECASE
)
_PAPERS_BEHIND = re.compile(r" (?=(?:papers|publications|preprints)\b)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class OrganizationWords:
    """Words of a text, from offset ``start`` to ``end``, and the organizations that they name, for `Filters`."""

    start: int
    end: int
    names: tuple[str, ...]


def find_organizations(text: str, organizations: Collection[str]) -> list[OrganizationWords]:
    """The organizations that a text asks for as authors. ``organizations`` are all that the library knows."""
    if not organizations:
        return []
    index = _index_of(tuple(organizations))
    organization_words: list[OrganizationWords] = []
    for words in (*_by(text, index), *_possessive(text, index), *_publishing(text, index), *_named_papers(text, index)):
        if all(words.end <= other.start or other.end <= words.start for other in organization_words):
            organization_words.append(words)
    return organization_words


def organizations_called(name: str, organizations: Collection[str]) -> tuple[str, ...]:
    """What `Filters` should hold for a text that is a name as a whole; empty when no organization is called so.

    Blanks and hyphens do not matter where the whole name is written ("Google DeepMind": "GoogleDeepMind").
    """
    index, written = _index_of(tuple(organizations)), name.strip(" .,;:?!'\"")
    if not any(map(_tells, _words(written))):
        return ()
    joined = "".join(_words(written))
    return index.meant(_words(written), written) or tuple(
        name for words, name in index.spelling.items() if "".join(words) == joined
    )


class _OrganizationIndex:
    """The names of a library by runs of their words."""

    def __init__(self, organizations: tuple[str, ...]) -> None:
        self.spelling: dict[tuple[str, ...], str] = {}
        self._runs: dict[tuple[str, ...], set[str]] = {}
        self._initials: dict[str, set[str]] = {}
        for name in organizations:
            words = _words(name)
            self.spelling.setdefault(words, name)
            self._add_runs(name, words)
            initials = "".join(word[0] for word in words if word not in ("of", "the", "and", "at", "for", "in"))
            self._initials.setdefault(initials, set()).add(name)

    def _add_runs(self, name: str, words: tuple[str, ...]) -> None:
        heads = {next((word for word in _words(segment) if _tells(word)), "") for segment in _SEGMENT.split(name)}
        for start in range(len(words)):
            for end in range(start + 1, min(len(words), start + _MOST_WORDS) + 1):
                run = words[start:end]
                if run == words or heads & set(run):
                    self._runs.setdefault(run, set()).add(name)

    def meant(self, words: tuple[str, ...], written: str) -> tuple[str, ...]:
        """What `Filters` should hold for a name as it is written; empty when no organization is called so."""
        pattern = re.compile(rf"(?<!\w){re.escape(written.casefold())}(?!\w)")  # as `organizations_like` finds it
        if same := self.spelling.get(words):
            return (written,) if pattern.search(same.casefold()) and not written.islower() else (same,)
        initials = self._initials.get(written.lower(), set()) if written.isupper() and len(written) > 2 else set()
        names = self._runs.get(words, set())
        if names and any(pattern.search(name.casefold()) for name in names):
            return (written, *sorted(initials))
        return tuple(sorted(names | initials))


@lru_cache(maxsize=4)
def _index_of(organizations: tuple[str, ...]) -> _OrganizationIndex:
    return _OrganizationIndex(organizations)


def _words(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(text.casefold()))


def _tells(word: str) -> bool:
    return word not in _GENERIC and len(word) > 1


def _names_at(text: str, start: int, index: _OrganizationIndex) -> tuple[int, tuple[str, ...]] | None:
    """The longest name at an offset, with further ones joined to it ("Google DeepMind", "Meta or Apple")."""
    names: tuple[str, ...] = ()
    end = at = start
    while match := _name_at(text, at, index):
        end, names = match[0], (*names, *match[1])
        join = _JOIN.match(text, end)
        at = join.end() if join else end + 1
        if not join and text[end : end + 1] != " ":
            break
    return (end, tuple(dict.fromkeys(names))) if names else None


_STRETCH = re.compile(r"(?=\w)(?:[^?!;:\x00.]|\.(?=\w))+")
_GENERIC_BEHIND = re.compile(r" (?:AI|Research|Labs?|Team|University|Inc\.?|Group|Corporation)\b")


def _name_at(text: str, start: int, index: _OrganizationIndex) -> tuple[int, tuple[str, ...]] | None:
    stretch = _STRETCH.match(text, start)
    tokens = list(_WORD.finditer(text, start, stretch.end()))[:_MOST_WORDS] if stretch else []
    for count in range(len(tokens), 0, -1):
        written = text[start : tokens[count - 1].end()]
        names = index.meant(_words(written), written)
        if names and (count > 1 or _tells(written.casefold())):
            return _with_generic(text, tokens[count - 1].end()), names
    return None


def _with_generic(text: str, end: int) -> int:
    """The end of a name with what may stand behind it: "Meta AI", "Adobe Research", "Stanford University"."""
    while match := _GENERIC_BEHIND.match(text, end):
        end = match.end()
    return end


def _is_name(text: str, start: int) -> bool:
    """Whether it is written as a name; "meta" in lower case is one behind "papers from" alone."""
    return text[start : start + 1].isupper()


def _by(text: str, index: _OrganizationIndex) -> list[OrganizationWords]:
    matches = []
    for cue in _CUE.finditer(text):
        names = _names_at(text, cue.end(), index)
        before = text[max(0, cue.start() - _NEAR) : cue.start()]
        if names is None or not _END.match(text, names[0]) or _TAKEN.search(before):
            continue
        direct = bool(_DIRECT.search(before)) or (not before.strip() and _is_name(text, cue.end()))
        place = cue[0].lower().startswith("at ")
        keywords = not _ASKING.search(before) and not text[names[0] : names[0] + _NEAR].strip(" ?.!\x00")
        if direct or (not place and _is_name(text, cue.end()) and (_SPOKEN_OF.search(before) or keywords)):
            matches.append(OrganizationWords(cue.start(), names[0], names[1]))
    return matches


def _possessive(text: str, index: _OrganizationIndex) -> list[OrganizationWords]:
    matches = []
    for mark in _POSSESSIVE.finditer(text):
        for word in reversed(list(_WORD.finditer(text, 0, mark.start()))[-4:]):
            names = _names_at(text[: mark.start()], word.start(), index)
            if names and names[0] == mark.start() and _is_name(text, word.start()):
                matches.append(OrganizationWords(word.start(), mark.end(), names[1]))
    return matches[-1:]


def _publishing(text: str, index: _OrganizationIndex) -> list[OrganizationWords]:
    matches = []
    for cue in _DID.finditer(text):
        names = _names_at(text, cue.end(), index)
        verb = _PUBLISH.match(text, names[0]) if names else None
        if names and verb:
            matches.append(OrganizationWords(cue.start(), verb.end(), names[1]))
    return matches


def _named_papers(text: str, index: _OrganizationIndex) -> list[OrganizationWords]:
    matches = []
    for cue in _BEFORE_PAPERS.finditer(text):
        names = _names_at(text, cue.end(), index)
        if names and _is_name(text, cue.end()) and _PAPERS_BEHIND.match(text, names[0]):
            matches.append(OrganizationWords(cue.end(), names[0], names[1]))
    return matches
