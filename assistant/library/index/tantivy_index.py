"""The lexical index: BM25 over stemmed words, and how much of a query a paper has as it is typed, in Tantivy.

Folder and vendor are known here alone. The title counts twice, and neighbours in the query that stand near each
other in a paper count extra: both measured better than without (`benchmarks/retrieval.py`). Words are kept twice, as
`words` gives them and in lower case alone, so that "operands" is told from what else has its stem.
"""

import math
import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from assistant.errors import LibraryError, LibraryLocked
from assistant.library.index.ports import Coverage
from assistant.papers import Paper

FOLDER = "tantivy"
FINGERPRINT = "words-2"
"""Changes whenever the same text gives other words or fields; an index of another one is made again."""

_ID, _HASH, _TEXT, _TYPED = "paper_id", "content_hash", "text", "typed"
_ANALYZER, _TYPED_ANALYZER = "assistant_words", "assistant_typed"
_LONGEST_WORD = 40
_MOST_WORDS = 256  # of a query; whole abstracts may be pasted
_MOST_TYPED = 32  # distinct words whose coverage is measured; those of a longer query tell no single paper
_COMMONER = 10  # times as many papers have the singular
_STEM_ALONE = 0.7  # of a word's weight where a paper has its stem and not the word
_PAIR_SLOP = 4
_WRITER_BYTES = 64_000_000
_FULL_DISK = "No space left"
_REBUILD = "run `assistant library rebuild`"

_STOP_WORDS = """
a about above after again all also am an and any are as at be because been before being below between both but by can
could did do does doing don down during each few for from further had has have having he her here hers him his how i if
in into is it its itself just let like may me might more most my no nor not now of off on once only or other our ours
out over own s same she should so some such t than that the their them then there these they this those through to too
under until up us use used uses using very via was we were what when where whether which while who whom whose why will
with within would you your
"""


_PLURAL_IN_CAPITALS = re.compile(r"(?:(?<=[A-Za-z][A-Z])|(?<=[A-Z]\d)|(?<=[A-Z]\d\d)|(?<=[A-Z]\d\d\d))s(?![^\W_])")
_PLURAL_IN_LOWER_CASE = re.compile(r"[b-df-hj-np-tv-xz]{3,}s|[b-df-hj-np-tv-xz]pus")
_TYPED_WORD = re.compile(r"[^\W_]+(?:[-‐.+/'’&:][^\W_]+)*")


def words(text: str) -> list[str]:
    """The words of a text as the index knows them: split at anything but letters and digits, lower case, stemmed.

    Plurals of acronyms, which the stemmer leaves, are singular: "LLMs", "LoRAs" and "gpus" are "llm", "lora", "gpu".
    """
    tokens: list[str] = _analyzer().analyze(_PLURAL_IN_CAPITALS.sub("", _encodable(text)))
    return [word[:-1] if word[-1] == "s" and _PLURAL_IN_LOWER_CASE.fullmatch(word) else word for word in tokens]


def _encodable(text: str) -> str:
    return text.encode("utf-8", "replace").decode()  # a command line may hold lone surrogates


@cache
def stop_words() -> frozenset[str]:
    """Words, in the form of `words`, that say nothing of a paper: articles, prepositions, question words."""
    return frozenset(words(_STOP_WORDS))


@cache
def _analyzer(*, stemmed: bool = True) -> Any:
    from tantivy import Filter, TextAnalyzerBuilder, Tokenizer

    filters = [Filter.remove_long(_LONGEST_WORD), Filter.lowercase()] + [Filter.stemmer("english")] * stemmed
    builder = TextAnalyzerBuilder(Tokenizer.simple())
    for step in filters:
        builder = builder.filter(step)
    return builder.build()


@cache
def _given_words() -> Any:
    from tantivy import TextAnalyzerBuilder, Tokenizer

    return TextAnalyzerBuilder(Tokenizer.whitespace()).build()


class LexicalIndex:
    """Papers by their words, in the subfolder ``tantivy`` of a library's folder.

    Any number of processes may search while one writes: each search sees the last commit. The writer's lock is the
    operating system's, so that of a killed process is free. ``pair_boost`` is the weight of two neighbouring words of
    a query that stand near each other in a paper, beside 1 for each word; 0 leaves pairs out.
    """

    name = "lexical"

    def __init__(self, library_folder: Path, *, pair_boost: float = 0.2) -> None:
        self._folder = library_folder / FOLDER
        self._pair_boost = pair_boost
        self._opened: Any = None
        self._snapshot: tuple[tuple[int, ...], Any] | None = None  # a commit and its searcher

    def add(self, papers: Sequence[Paper]) -> None:
        """Put papers in, replacing those of the same id; they are on disk when this returns."""
        from tantivy import Document

        with self._writing() as writer:
            for paper in papers:
                writer.delete_documents_by_term(_ID, paper.paper_id)
                document = Document()
                document.add_text(_ID, paper.paper_id)
                document.add_text(_HASH, paper.content_hash)
                document.add_text(_TEXT, " ".join(words(f"{paper.title}\n{paper.title}\n{paper.abstract}")))
                document.add_text(_TYPED, _encodable(paper.text))
                writer.add_document(document)

    def remove(self, paper_ids: Sequence[str]) -> None:
        """Take papers out; unknown ids are passed over."""
        with self._writing() as writer:
            for paper_id in paper_ids:
                writer.delete_documents_by_term(_ID, paper_id)

    def contents(self) -> dict[str, str]:
        """The content hash of every paper that is in the index, by paper id."""
        from tantivy import Query

        with self._translated():
            searcher = self._searcher()
            matches = searcher.search(Query.all_query(), max(searcher.num_docs, 1), count=False)
            documents = [searcher.doc(address) for _, address in matches.hits]
        return {document.get_first(_ID): document.get_first(_HASH) for document in documents}

    def clear(self) -> None:
        """Take everything out; also mends an index that cannot be read any more."""
        self.close()
        if self._folder.exists():
            shutil.rmtree(self._folder)
        with self._translated():
            self._index()

    def close(self) -> None:
        """Free files and memory."""
        self._opened = self._snapshot = None

    def search(self, query: str, limit: int, allowed: frozenset[str] | None = None) -> dict[str, float]:
        """The papers that share words with a free text, best first, by BM25 (above 0, no upper bound).

        Stop words do not count, unless there is nothing else; the text is never parsed, so any character may stand
        in it. ``allowed`` leaves other papers out (they still count in the word statistics).
        """
        stems = _query_words(query)
        if not stems or limit < 1 or (allowed is not None and not allowed):
            return {}
        with self._translated():
            searcher = self._searcher()
            query_words = _as_written(searcher, stems)
            matches = searcher.search(self._held(self._ranking(query_words), allowed), limit, count=False)
            return {searcher.doc(address).get_first(_ID): score for score, address in matches.hits}

    def coverage(self, query: str, limit: int, allowed: frozenset[str] | None = None) -> Coverage:
        """How much of a query papers have as it is typed: the first ``limit`` of them.

        Words weigh by the square of their rarity. What has a word in another form ("operand" for "operands") or its
        parts alone ("VAE" for "VQ-VAE") has a part of it. Stop words do not count. A query of more than 32 words, such
        as a pasted abstract, is covered by nothing.
        """
        typed = dict.fromkeys(word for word in _TYPED_WORD.findall(_encodable(query)) if _tells(word))
        if len(typed) > _MOST_TYPED or limit < 1 or (allowed is not None and not allowed):
            return Coverage()
        with self._translated():
            searcher = self._searcher()
            stems = {word: _as_written(searcher, words(word)) for word in typed}
            rarities = {word: _rarity(searcher, stems[word]) for word in typed}
            total = sum(rarity**2 for rarity in rarities.values())
            having = {word: _papers_with(searcher, word) for word in typed}
            if not total or not any(having.values()):
                return Coverage()
            scored = [
                part for word, rarity in rarities.items() for part in _covering(stems[word], word, rarity**2 / total)
            ]
            matches = searcher.search(self._held(scored, allowed), limit, count=False)
            shares = {searcher.doc(address).get_first(_ID): min(score, 1.0) for score, address in matches.hits}
            rarest = min(filter(None, having.values()))
            return Coverage(shares, _inverse_frequency(rarest, int(searcher.num_docs)))

    def document_frequencies(self, text: str) -> tuple[dict[str, int], int]:
        """How many papers have each (stemmed) word of a text, and how many papers there are."""
        with self._translated():
            searcher = self._searcher()
            frequencies = {word: int(searcher.doc_freq(_TEXT, word)) for word in dict.fromkeys(words(text))}
            return frequencies, int(searcher.num_docs)

    def _ranking(self, query_words: list[str]) -> list[Any]:
        from tantivy import Query

        scored = [_standing(_TEXT, [word]) for word in dict.fromkeys(query_words)]
        if self._pair_boost > 0:
            pairs = [pair for pair in dict.fromkeys(pairwise(query_words)) if len(set(pair)) == len(pair)]
            near = [Query.phrase_query(_schema(), _TEXT, list(pair), slop=_PAIR_SLOP) for pair in pairs]
            scored += [Query.boost_query(phrase, self._pair_boost) for phrase in near]
        return scored

    def _held(self, scored: list[Any], allowed: frozenset[str] | None) -> Any:
        """Papers that fit any of the queries, by the sum of what they give; only papers of ``allowed``."""
        from tantivy import Occur, Query

        ranking = Query.boolean_query([(Occur.Should, part) for part in scored])
        if allowed is None:
            return ranking
        passing = Query.const_score_query(Query.term_set_query(_schema(), _ID, sorted(allowed)), 0.0)
        return Query.boolean_query([(Occur.Must, ranking), (Occur.Must, passing)])

    def _searcher(self) -> Any:
        """What reads the index as it was last committed, by this process or another one."""
        index, commit = self._index(), self._last_commit()
        snapshot = self._snapshot
        if snapshot is None or snapshot[0] != commit:
            index.reload()
            self._snapshot = snapshot = commit, index.searcher()  # at once: other threads search too
        return snapshot[1]

    def _last_commit(self) -> tuple[int, ...]:
        """Tells commits apart: each puts a new file in the place of ``meta.json``."""
        meta = (self._folder / "meta.json").stat()
        return meta.st_ino, meta.st_size, meta.st_mtime_ns

    def _index(self) -> Any:
        if self._opened is None:
            from tantivy import Index

            self._folder.mkdir(parents=True, exist_ok=True)
            index = Index(_schema(), str(self._folder))
            index.register_tokenizer(_ANALYZER, _given_words())
            index.register_tokenizer(_TYPED_ANALYZER, _analyzer(stemmed=False))
            index.config_reader("manual")
            self._opened = index
        return self._opened

    @contextmanager
    def _writing(self) -> Iterator[Any]:
        with self._translated():
            try:
                writer = self._index().writer(_WRITER_BYTES, num_threads=1)
            except ValueError as cause:
                if "LockBusy" not in str(cause):
                    raise
                message = f"another process is writing to the lexical index in {self._folder}"
                raise LibraryLocked(message, "wait until it has finished, then try again") from cause
            yield writer
            writer.commit()
            writer.wait_merging_threads()

    @contextmanager
    def _translated(self) -> Iterator[None]:
        # Tantivy's binding reports damaged files, a foreign schema and failing disks alike as ValueError.
        try:
            yield
        except (ValueError, OSError) as cause:
            raise _failure(self._folder, cause) from cause


def _failure(folder: Path, cause: Exception) -> LibraryError:
    if _FULL_DISK in str(cause):
        return LibraryError(f"the disk of the lexical index in {folder} is full", "free some space and try again")
    return LibraryError(f"the lexical index in {folder} cannot be used: {cause}", _REBUILD)


def _query_words(query: str) -> list[str]:
    query_words = words(query)[:_MOST_WORDS]
    return [word for word in query_words if word not in stop_words()] or query_words


def _tells(typed: str) -> bool:
    return not stop_words().issuperset(words(typed))


def _as_written(searcher: Any, query_words: list[str]) -> list[str]:
    """The words, but a plural in lower case that papers write in capitals ("lms", of "LMs") in its singular."""
    frequency = searcher.doc_freq
    return [
        word[:-1]
        if len(word) > 2 and word[-1] == "s" and frequency(_TEXT, word[:-1]) > _COMMONER * frequency(_TEXT, word)
        else word
        for word in query_words
    ]


def _rarity(searcher: Any, stems: list[str]) -> float:
    """The inverse document frequency of the rarest of the words, 0..1."""
    return _inverse_frequency(min(int(searcher.doc_freq(_TEXT, stem)) for stem in stems), int(searcher.num_docs))


def _inverse_frequency(having: int, papers: int) -> float:
    """0 where all papers have a word, 1 where none has."""
    return math.log((papers + 1) / (having + 1)) / math.log(papers + 1) if papers else 0.0


def _papers_with(searcher: Any, typed: str) -> int:
    """How many papers have a word as it is typed, its parts together."""
    parts = _analyzer(stemmed=False).analyze(typed)
    if len(parts) == 1:
        return int(searcher.doc_freq(_TYPED, parts[0]))
    return int(searcher.search(_standing(_TYPED, parts), 1).count)


def _covering(stems: list[str], typed: str, weight: float) -> list[Any]:
    """Queries that give a paper the weight of a word that it has; a part of it for each of the word's stems."""
    from tantivy import Query

    as_typed = _standing(_TYPED, _analyzer(stemmed=False).analyze(typed))
    return [
        Query.const_score_query(as_typed, weight * (1 - _STEM_ALONE)),
        *(Query.const_score_query(_standing(_TEXT, [stem]), weight * _STEM_ALONE / len(stems)) for stem in stems),
    ]


def _standing(field: str, parts: list[str]) -> Any:
    """The query for papers in which the words stand one behind the other."""
    from tantivy import Query

    if len(parts) == 1:
        return Query.term_query(_schema(), field, parts[0])
    return Query.phrase_query(_schema(), field, [*parts])


@cache
def _schema() -> Any:
    from tantivy import SchemaBuilder

    builder = SchemaBuilder()
    builder.add_text_field(_ID, stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field(_HASH, stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field(_TEXT, tokenizer_name=_ANALYZER, index_option="position")
    builder.add_text_field(_TYPED, tokenizer_name=_TYPED_ANALYZER, index_option="position")
    return builder.build()
