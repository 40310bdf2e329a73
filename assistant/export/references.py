"""Papers as entries for reference managers: BibTeX as arXiv itself gives it, and RIS."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import date
from typing import Any

from assistant.export.author_names import AuthorName, author_names
from assistant.export.latex import latex
from assistant.export.letters import ascii_latex, name_latex
from assistant.library import StoredPaper
from assistant.papers import WITHDRAWN, Provenance, id_month, is_provisional

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH_FIELD = re.compile(r"^(    month = )\{([a-z]{3})\}", re.MULTILINE)
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "ß": "ss", "æ": "ae", "œ": "oe", "đ": "d", "ð": "d", "þ": "th", "ı": "i"})
_KEY_WORD = re.compile(r"[^\W_]+")
_PLAIN_ADDRESS = re.compile(r"https?://[A-Za-z0-9!'()*+,./:;=?@-]+")
_JOINED = re.compile(r" [yei] ")
_SMALL_WORDS = {"a", "an", "the", "on", "of", "in", "to", "for", "and", "with", "from", "by", "is", "are", "do", "does",
                "how", "what", "why", "can", "towards", "toward", "when"}  # fmt: skip
_TITLE_WORD = re.compile(r"((?:\$[^$]*\$|\\.|\{[^{}]*\}|[^\s$\\])+?)([:;,.!?]*)(?=\s|$)")
"""A word of a title that is LaTeX already, its formulas and groups whole, and the punctuation behind it."""


def bibtex(papers: Sequence[StoredPaper]) -> str:
    """One BibTeX entry a paper, in their order, under keys that differ; ends with a line break unless empty.

    Entries are ``@misc`` with ``eprint``, as arXiv's own, and ``howpublished`` for styles that know no ``eprint``. All
    of it is ASCII that every style compiles: letters beyond ASCII are commands in braces, those of other scripts are
    transliterated. Abstracts are left out.
    """
    from pybtex.database import BibliographyData, Entry
    from pybtex.database.output.bibtex import Writer

    class BracedWriter(Writer):  # type: ignore[misc]  # pybtex has no types
        """Writes fields in braces; they are LaTeX already, which pybtex would escape once more."""

        def quote(self, s: str) -> str:
            self.check_braces(s)
            return f"{{{s}}}"

        def _encode(self, text: str) -> str:
            return text

    entries, keys = {}, set[str]()
    for paper in papers:
        key = _free_key(_key(paper), keys)
        persons = [person for name in author_names(paper.paper) if (person := _person(name))]
        entries[key] = Entry("misc", fields=_fields(paper), persons={"author": persons} if persons else {})
    written = BracedWriter(encoding="UTF-8").to_string(BibliographyData(entries))
    return _MONTH_FIELD.sub(r"\1\2", written)


def ris(papers: Sequence[StoredPaper]) -> str:
    """One RIS record a paper, in their order, abstracts included; ends with a line break unless empty."""
    import rispy
    from rispy.writer import RisWriter

    class PlainWriter(RisWriter):  # type: ignore[misc]  # rispy has no types
        """Writes no number above a record, which is not RIS."""

        def set_header(self, count: int) -> str:
            del count
            return ""

    return rispy.dumps([_record(paper) for paper in papers], implementation=PlainWriter) if papers else ""


def _fields(stored: StoredPaper) -> dict[str, str]:
    """The fields of a BibTeX entry beside its authors."""
    paper, fields = stored.paper, {"title": _protected_title(stored.title)}
    fields |= {"note": WITHDRAWN} if paper.withdrawn else {}
    if not any(_has_letters(name_latex(f"{name.family} {name.given}")) for name in author_names(paper)):
        # Styles that make labels need a name, and `alpha` and `apalike` write a broken label without one.
        fields["key"] = next(iter(_title_words(paper.title)), "anonymous").capitalize()
    written = _written(stored)
    if written:
        fields["year"] = f"{written.year}"
        fields["month"] = _MONTHS[written.month - 1]
    if is_provisional(paper.paper_id):
        fields["howpublished"] = "Hugging Face Daily Papers"
        # The styles that print an address define `\url` themselves, and signs of LaTeX's own would stop them.
        if paper.project_page and _PLAIN_ADDRESS.fullmatch(paper.project_page):
            fields["url"] = paper.project_page
        return fields
    return fields | {
        "howpublished": f"arXiv:{paper.paper_id}",
        "eprint": paper.paper_id,
        "archiveprefix": "arXiv",
        "url": f"https://arxiv.org/abs/{paper.paper_id}",
    }


def _person(name: AuthorName) -> Any:
    """A name as pybtex's, None for one without letters; a whole one, or a joined family name, has no particle in it."""
    from pybtex.database import Person

    family, given = name_latex(name.family), name_latex(name.given)
    if not _has_letters(family):
        family, given = given, ""
    if not _has_letters(family):
        return None
    if name.whole or _JOINED.search(name.family):
        family = _one_word(family)
    return Person(last=family, first=given, lineage=name_latex(name.lineage))


def _has_letters(written: str) -> bool:
    return any(character.isalnum() for character in written)


def _one_word(name: str) -> str:
    """A name as a single word of BibTeX: one group, or where it has commands, with its spaces in groups.

    ``alpha`` makes a label of the first three signs of a group, and cuts a command in it in two.
    """
    return f"{{{name}}}" if "\\" not in name else re.sub(r"(,| +)", r"{\1}", name)


def _record(stored: StoredPaper) -> dict[str, Any]:
    """A RIS record in rispy's names; a preprint is unpublished work there."""
    paper, written = stored.paper, _written(stored)
    record: dict[str, Any] = {"type_of_reference": "UNPB", "title": _line(paper.title)}
    record["authors"] = [
        ", ".join(filter(None, (name.family, name.given, name.lineage))) for name in author_names(paper)
    ]
    if written:
        record["year"] = f"{written.year}"
        record["date"] = f"{written:%Y/%m/%d/}" if written == (paper.published or stored.day) else f"{written:%Y/%m//}"
    if not is_provisional(paper.paper_id):
        record |= {
            "publisher": "arXiv",
            "type_of_work": "preprint",
            "accession_number": f"arXiv:{paper.paper_id}",
            "doi": f"10.48550/arXiv.{paper.paper_id}",
            "urls": [f"https://arxiv.org/abs/{paper.paper_id}"],
        }
    elif paper.project_page:
        record["urls"] = [paper.project_page]
    # The abstracts of the sample feed are not the authors' own.
    if paper.abstract and paper.source is not Provenance.SAMPLE:
        record["abstract"] = _line(paper.abstract)
    record |= {"notes": [WITHDRAWN]} if paper.withdrawn else {}
    return record | {"keywords": [_line(keyword) for keyword in paper.keywords]}


def _written(paper: StoredPaper) -> date | None:
    """When a paper appeared: its arXiv date, else the month in its id (day 1), else the day it was listed."""
    return paper.paper.published or id_month(paper.paper_id) or paper.day


def _key(paper: StoredPaper) -> str:
    """The key that people expect: first family name, year, first word of the title ("lovelace2026foonet")."""
    names, written = author_names(paper.paper), _written(paper)
    family = (_ascii(names[0].family) if names else "") or "anonymous"
    named = _title_words(paper.title)
    return "".join([family, f"{written.year}" if written else "", named[0] if named else ""])


def _title_words(title: str) -> list[str]:
    """The words of a title in ASCII that name it, in lower case; all of them where none does."""
    words = [word for part in _KEY_WORD.findall(title) if (word := _ascii(part))]
    return [word for word in words if word not in _SMALL_WORDS] or words


def _ascii(text: str) -> str:
    """The ASCII letters and digits of a text in lower case, accents taken off."""
    taken_apart = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    return "".join(character for character in taken_apart if character.isascii() and character.isalnum())


def _free_key(key: str, taken: set[str]) -> str:
    """The key, or the key with a letter or number that no entry has yet; it is taken then."""
    free, number = key, 1
    while free in taken:
        number += 1
        free = f"{key}{chr(96 + number)}" if number <= 26 else f"{key}-{number}"
    taken.add(free)
    return free


def _protected_title(title: str) -> str:
    """A title as LaTeX whose formulas and spelled capitals are in braces: no style makes "foonet" of "FooNet".

    Where most words are small, every capital is meant ("A study of Gaussian splats"); else those inside words.
    """
    words = [word for word in title.split()[1:] if len(word) > 3 and word[0].isalpha()]
    sentence_case = sum(word[0].islower() for word in words) * 2 > len(words)

    def protected(match: re.Match[str]) -> str:
        word, punctuation = match.groups()
        meant = sentence_case and match.start() and any(character.isupper() for character in word)
        if not (meant or "$" in word or _is_spelled(word)):
            return match.group()
        # BibTeX changes the case of a group that begins with a command, unless it stands in another one.
        return (f"{{{{{word}}}}}" if word.startswith("\\") else f"{{{word}}}") + punctuation

    return " ".join(ascii_latex(_TITLE_WORD.sub(protected, latex(title))).split())


def _is_spelled(word: str) -> bool:
    """Whether the capitals of a word are its spelling ("FooNet", "3D", "X-ray") and not those of a title."""
    parts = [part for part in _KEY_WORD.findall(word) if part not in {"A", "I"}]
    return any(part[1:] != part[1:].lower() or (len(part) == 1 and part.isupper()) for part in parts)


def _line(text: str) -> str:
    return " ".join(text.split())
