"""Turn labelled sets that public repositories carry into the pairs that the reader learns from.

``sources`` is a folder with a clone of each repository, named "owner+name", at the commit of `README.md`. Written are
JSON Lines: claims or hypotheses with their evidence and a label, and questions with passages.
"""

import argparse
import ast
import csv
import json
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

csv.field_size_limit(10**8)

Row = dict[str, object]
_LABELS = {
    "SUPPORTS": "supported",
    "SUPPORT": "supported",
    "entailment": "supported",
    "REFUTES": "refuted",
    "REFUTE": "refuted",
    "not_entailment": "refuted",
    "NOTENOUGHINFO": "neutral",
}
_BRACKETS = {"-LRB-": "(", "-RRB-": ")", "-LSB-": "[", "-RSB-": "]", "``": '"', "''": '"'}
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z0-9(“\"])")


def main() -> None:
    """Convert every set."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sources", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    for name, converted in _SETS.items():
        rows = list({json.dumps(row, sort_keys=True): row for row in converted(arguments.sources)}.values())
        lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        (arguments.out / f"{name}.jsonl").write_text(lines, encoding="utf-8")
        print(name, len(rows))


def _nli(name: str) -> Callable[[Path], Iterator[Row]]:
    def converted(sources: Path) -> Iterator[Row]:
        path = sources / "felipessalvatore+NLI_datasets" / "nli_datasets" / name / "dev.csv"
        with path.open(encoding="utf-8", newline="") as file:
            rows = csv.reader(file)
            next(rows)
            for first, second, label in rows:
                fields = ("question", "passage") if name == "qnli" else ("premise", "hypothesis")
                if first.strip() and second.strip() and label:
                    yield {fields[0]: first.strip(), fields[1]: second.strip(), "label": label}

    return converted


def _fool_me_twice(part: str) -> Callable[[Path], Iterator[Row]]:
    def converted(sources: Path) -> Iterator[Row]:
        for row in _json_lines(sources / "google-research+fool-me-twice" / "dataset" / f"{part}.jsonl"):
            evidence = " ".join(sentence["text"].strip() for sentence in row["gold_evidence"])  # type: ignore[index, attr-defined]
            yield {"evidence": evidence, "claim": str(row["text"]).strip(), "label": _LABELS[str(row["label"])]}

    return converted


def _fever(sources: Path) -> Iterator[Row]:
    folder = sources / "asaakyan+covidfact" / "RTE-Fever" / "processed"
    columns = [
        (folder / name).read_text(encoding="utf-8").split("\n")
        for name in ("dev.raw.input0", "dev.raw.input1", "dev.label")
    ]
    for evidence, claim, label in zip(*columns, strict=False):
        if evidence.strip() and claim.strip() and label.strip():
            yield {"evidence": _joined(evidence), "claim": claim.strip(), "label": _LABELS[label.strip()]}


def _symmetric(part: str) -> Callable[[Path], Iterator[Row]]:
    def converted(sources: Path) -> Iterator[Row]:
        path = sources / "TalSchuster+FeverSymmetric" / "symmetric_v0.2" / f"fever_symmetric_{part}.jsonl"
        for row in _json_lines(path):
            texts = {name: _joined(str(row[name])) for name in ("evidence", "claim")}
            yield {**texts, "label": _LABELS[str(row["label"])]}

    return converted


def _check_covid(sources: Path) -> Iterator[Row]:
    folder = sources / "posuer+Check-COVID" / "Check-COVID"
    abstracts = {row["cord_id"]: row["abstract"] for row in _json_lines(folder / "corpus.json")}
    for row in _json_lines(folder / "Check-COVID_all.json"):
        sentences: list[str] = abstracts[row["cord_id"]]  # type: ignore[assignment]
        places = [entry["sent_index"] for entry in row["evidence_set"]]  # type: ignore[attr-defined]
        evidence = " ".join(sentences[place] for place in places if place < len(sentences))
        yield {"evidence": evidence, "claim": str(row["claim"]).strip(), "label": _LABELS[str(row["label"])]}


def _paws(sources: Path) -> Iterator[Row]:
    with (sources / "larsonost+CS6120-Project" / "data" / "paws" / "val.csv").open(
        encoding="utf-8", newline=""
    ) as file:
        for row in csv.DictReader(file):
            first, second = (_joined(_decoded(row[name])) for name in ("sentence1", "sentence2"))
            yield {"a": first, "b": second, "label": int(row["label"])}


def _qasper(sources: Path) -> Iterator[Row]:
    """Paragraphs of papers that answer a question, with the sentence that holds the answer where one does."""
    papers = json.loads((sources / "YJC23+QASPER" / "output.json").read_text(encoding="utf-8"))
    for question in (question for paper in papers for question in paper["qas"]):
        spans = list(dict.fromkeys(_spans(question["answer"])))
        for text in dict.fromkeys(_flat(text) for text in question["evidence"]):
            if text and not text.startswith("FLOAT SELECTED"):
                answer = [part for part in _SENTENCE_END.split(text) if any(span in part for span in spans)]
                yield {
                    "question": _flat(question["question"]),
                    "passage": _without_references(text),
                    "answer_sentence": _without_references(" ".join(answer)) if answer else None,
                }


def _spans(answer: object) -> Iterator[str]:
    """The texts in the lists of an answer: what its annotator marked."""
    if isinstance(answer, list):
        for part in answer:
            if isinstance(part, str):
                yield _flat(part)
            else:
                yield from _spans(part)


def _json_lines(path: Path) -> Iterable[Row]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def _decoded(text: str) -> str:
    """A text that was written as the bytes of it."""
    return ast.literal_eval(text).decode() if re.match(r"b['\"]", text) else text


def _joined(text: str) -> str:
    """A tokenized text as it was written."""
    for token, sign in _BRACKETS.items():
        text = text.replace(token, sign)
    text = re.sub(r"\s+([,.;:!?%)\]])", r"\1", text)
    text = re.sub(r"([(\[])\s+", r"\1", text)
    text = re.sub(r"\s+('s|'re|n't|'ll|'ve|'d|'m|')(?=\W|$)", r"\1", text)
    return _flat(text.replace(" -- ", " – "))


def _without_references(text: str) -> str:
    return _flat(re.sub(r"(?:,?\s*BIBREF\d+)+", " ", text)).replace(" .", ".").replace(" ,", ",")


def _flat(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


_SETS: dict[str, Callable[[Path], Iterator[Row]]] = {
    "mnli_dev": _nli("mnli"),
    "qnli_dev": _nli("qnli"),
    "fm2_dev": _fool_me_twice("dev"),
    "fm2_test": _fool_me_twice("test"),
    "fever_dev_binary": _fever,
    "fever_symmetric_dev": _symmetric("dev"),
    "fever_symmetric_test": _symmetric("test"),
    "checkcovid_all": _check_covid,
    "paws_wiki_dev": _paws,
    "qasper_train": _qasper,
}

if __name__ == "__main__":
    main()
