#!/bin/sh
# anyascii 0.3.3 (ISC) and pybtex 0.26.1 (MIT): where transliteration meets the grammar of BibTeX's names.
#
# Names taken out of PDF files often have a cedilla of its own behind the letter ("S¸" for "Ş"). anyascii writes the
# lone sign as a comma; in a BibTeX name a comma divides the family name from the given ones, so that another person is
# read back, and nothing is raised. The same letter with its cedilla in one character comes back as a plain letter.
# Of letters, marks and modifier signs below U+20000 some become "," "~" "&" "_" or "\", each of which means something
# to BibTeX or LaTeX.
#
# Usual wrong guess: that text "in ASCII letters" holds no signs that the letters did not have.
# Seen: "one character: Sahin | Ali", "two: Ali S | ahin", "signs of grammar: 30".
# Exits with 1 when this is so no longer.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check "anyascii==0.3.3" "pybtex==0.26.1"
"$folder/venv/bin/python" - <<'PYTHON'
import sys
import unicodedata

from anyascii import anyascii
from pybtex.database import Person


def read_back(name):
    person = Person(anyascii(name))
    return " ".join(person.last_names) + " | " + " ".join(person.first_names + person.middle_names)


whole, apart = read_back("Ali \u015eahin"), read_back("Ali S\u00b8ahin")
letters = (chr(code) for code in range(0x80, 0x20000))
named = [c for c in letters if unicodedata.category(c) in {"Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Sk", "Nl"}]
grammar = sum(bool(set(anyascii(c)) & set(",~&_\\")) for c in named)
print(f"one character: {whole}")
print(f"two: {apart}")
print(f"signs of grammar: {grammar}")
sys.exit((whole, apart, grammar) != ("Sahin | Ali", "Ali S | ahin", 30))
PYTHON
