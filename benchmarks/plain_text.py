r"""TeX in the abstracts of the corpus: how many of them `plain_text` changes, and by which kind of change.

Papers come from the file ``--corpus`` (JSON Lines); no model is needed. An abstract counts for each kind of TeX of
which it has less afterwards, so that the rows add up to more than the abstracts. "Kept" is what stays in plain text on
purpose: formulas, and commands that only their authors know. Exits with 1 when a stuck "1.84times" or a ``\%`` is
left, or cleaning again changes something.
"""

import argparse
import gzip
import json
import re
import sys
from collections import Counter
from pathlib import Path

from assistant.papers import clean_text
from assistant.plain_text import plain_text

_CHANGES = {
    "escapes": re.compile(r"\\[%&_#$]"),
    "`times` put right": re.compile(r"\d ?times(?![a-z])|(?<!\w)times\d"),
    "other commands without backslash": re.compile(
        r"(?<![A-Za-z\\])(?:(?:sim|leq|geq|pm)(?![a-z])|(?:left|right|leftright)arrow|infty|math[a-z]+\{)"
    ),
    "quotes": re.compile(r"``|''"),
    "formulas of a word, number or sign": re.compile(r"\$[^$]+\$|\\\(.+?\\\)"),
    "commands of signs": re.compile(r"\\(?:times|sim|pm|approx|leq?|geq?|rightarrow|to|deg|circ|mu|Sigma)(?![a-z])"),
    "fonts": re.compile(r"\\(?:text[a-z]+|emph|underline|mbox)\s?\{|\{\\?(?:em|bf|it|sc|tt|rm|sf)\s"),
    "links, footnotes, citations": re.compile(r"\\(?:url|href|footnote|cite[a-z]*)(?![a-z])|https?://\S+\{"),
    "accents": re.compile(r"\\[\"'`^~=.]\{?\\?[A-Za-z]|\\[uHvdcrk]\s?\{|\\(?:ss|ae|oe|aa|o|l)\b"),
    "ties": re.compile("~"),
    "dashes": re.compile("--+"),
    "spaces, `4{,}851`": re.compile(r"\{,\}|\\[,;:! ]|\\xspace"),
}
_KEPT = {
    "formulas": re.compile(r"(?<!\\)\$(?=\S)[^$]*[\\^_{][^$]*\$|\\\(.+?\\\)"),
    "commands": re.compile(r"\\[A-Za-z]{2,}"),
}
_STUCK = re.compile(r"\d(?:times)(?![a-z])|\\%")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    corpus = Path(__file__).parents[2] / "shared/corpus/daily_papers.jsonl.gz"
    parser.add_argument("--corpus", type=Path, default=corpus)
    arguments = parser.parse_args()
    with gzip.open(arguments.corpus, "rt", encoding="utf-8") as lines:
        pairs = [(text, plain_text(text)) for text in (clean_text(json.loads(line)["abstract"]) for line in lines)]
    changed = [(former, now) for former, now in pairs if former != now]
    print(f"{len(pairs)} abstracts of {arguments.corpus.name}, {len(changed)} changed\n")
    print("| change | abstracts |\n|---|---|")
    kinds = Counter(kind for former, now in changed for kind in _kinds(former, now))
    for kind, count in kinds.most_common():
        print(f"| {kind} | {count} |")
    for kind, pattern in _KEPT.items():
        print(f"| kept: {kind} | {sum(bool(pattern.search(now)) for _, now in pairs)} |")
    stuck = sum(bool(_STUCK.search(now)) for _, now in pairs)
    again = sum(plain_text(now) != now for _, now in pairs)
    print(f"\nleft with a stuck sign: {stuck}; changed by cleaning again: {again}")
    sys.exit(bool(stuck or again))


def _kinds(former: str, now: str) -> list[str]:
    """The kinds of TeX of which there is less now."""
    less = [kind for kind, tex in _CHANGES.items() if len(tex.findall(now)) < len(tex.findall(former))]
    return less or ["other"]


if __name__ == "__main__":
    main()
