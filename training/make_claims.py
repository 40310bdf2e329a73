"""Write the reader's training sentences: claims about abstracts with the evidence that is nearest to each."""

import argparse
import json
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

from assistant.sentences import split_sentences
from training.claims import ReadPaper, made_claims, name_of
from training.corpus import CorpusPaper, is_held_back, read_corpus
from training.evidence import EvidencePicker


def main() -> None:
    """Parse the papers that may be used for fitting and write their claims."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--parser", type=Path, required=True, help="folder of the spaCy pipeline en_core_web_sm")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--papers", type=int, default=6000)
    parser.add_argument("--seed", type=int, default=12)
    arguments = parser.parse_args()
    chance = random.Random(arguments.seed)
    papers = [p for p in read_corpus(arguments.corpus) if not is_held_back(p.paper_id)]
    papers.sort(key=lambda paper: (not paper.summary, chance.random()))
    read = list(_read(papers[: arguments.papers], arguments.parser))
    picker = EvidencePicker(paper.abstract for paper in papers)
    with arguments.out.open("w", encoding="utf-8") as lines:
        for number, (one, other) in enumerate(zip(read, _neighbours(read, chance), strict=True)):
            for claim in made_claims(one, other, chance):
                evidence = picker.evidence(claim.text, one.paper.title, one.paper.abstract)
                row = {"paper_id": one.paper.paper_id, "claim": claim.text, "evidence": evidence}
                lines.write(json.dumps({**row, "label": claim.label, "kind": claim.kind}) + "\n")
            if number % 500 == 0:
                print(number, flush=True)


def _read(papers: Sequence[CorpusPaper], folder: Path) -> Iterator[ReadPaper]:
    import spacy

    pipeline = spacy.load(folder, exclude=["ner", "senter"])
    for paper in papers:
        name = name_of(paper)
        summary = pipeline(paper.summary) if paper.summary else None
        sentences = [sentence.text for sentence in split_sentences(paper.abstract)]
        yield ReadPaper(paper, name, summary, tuple(pipeline.pipe(sentences)))


def _neighbours(read: Sequence[ReadPaper], chance: random.Random) -> Iterator[ReadPaper]:
    """For each paper another one that shares keywords, where there is one."""
    by_keyword: dict[str, list[int]] = {}
    for number, one in enumerate(read):
        for keyword in one.paper.keywords:
            by_keyword.setdefault(keyword.lower(), []).append(number)
    for number, one in enumerate(read):
        near = [n for keyword in one.paper.keywords for n in by_keyword[keyword.lower()] if n != number]
        yield read[chance.choice(near) if near else (number + chance.randrange(1, len(read))) % len(read)]


if __name__ == "__main__":
    main()
