r"""Characters beyond ASCII as LaTeX that every engine and every font encoding prints.

BibTeX works on bytes: ``abbrv``, ``alpha``, ``acm`` or ``IEEEtran`` cut an initial in UTF-8 in two and pdfLaTeX stops
at the half. A "special character", a command in braces such as ``{\'e}``, is one letter to it (btxdoc, section 4).
Commands that only some encodings have (``\k``, ``\dj``, ``\th`` stop a document without T1) are not used.

Biber makes UTF-8 of accents again (``{\d{i}}`` is ``ị`` in its list, ``{\~{\^e}}`` is ``\~ê``), and pdfLaTeX stops at a
letter that its UTF-8 does not know and at an accent before two bytes, with T1 as without. So only letters that LaTeX
knows whole are accented.
"""

import unicodedata
from functools import lru_cache

SPECIAL = {
    "\\": r"\textbackslash",
    "{": r"\textbraceleft",
    "}": r"\textbraceright",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "^": r"\textasciicircum",
    "~": r"\textasciitilde",
    "<": r"\textless",
    ">": r"\textgreater",
    "|": r"\textbar",
}
"""The command of each ASCII character that does not stand for itself; the last three print another one in OT1."""
_IN_BRACES = SPECIAL | {",": ","}

MATH_SIGNS = {
    "×": "times", "÷": "div", "±": "pm", "∓": "mp", "·": "cdot", "⋅": "cdot", "∗": "ast", "⋆": "star", "★": "star",
    "≤": "leq", "≥": "geq", "≪": "ll", "≫": "gg", "≠": "neq", "≈": "approx", "∼": "sim", "≃": "simeq", "≡": "equiv",
    "∝": "propto", "∞": "infty", "∇": "nabla", "∂": "partial", "∈": "in", "∀": "forall", "∃": "exists",
    "∅": "emptyset", "∑": "sum", "∏": "prod", "∫": "int", "√": "surd", "∪": "cup", "∩": "cap", "⊂": "subset",
    "⊆": "subseteq", "⊃": "supset", "⊕": "oplus", "⊗": "otimes", "∘": "circ", "→": "rightarrow", "←": "leftarrow",
    "↔": "leftrightarrow", "⇒": "Rightarrow", "⇐": "Leftarrow", "⇔": "Leftrightarrow", "↑": "uparrow",
    "↓": "downarrow", "↦": "mapsto", "⟨": "langle", "⟩": "rangle", "∥": "parallel", "ℓ": "ell", "ℏ": "hbar",
    "′": "prime", "ϵ": "epsilon",
}  # fmt: skip
"""Signs of formulas and their commands, all of them LaTeX's own (no package)."""

_PRINTED = {
    "’": "'", "‘": "`", "“": "``", "”": "''", "„": "``", "«": "``", "»": "''", "–": "--", "—": "---",
    "…": r"{\ldots}", "•": r"{\textbullet}", "§": r"{\S}", "¶": r"{\P}", "©": r"{\copyright}", "£": r"{\pounds}",
    "®": r"{\textregistered}", "™": r"{\texttrademark}", "¡": "!`", "¿": "?`", "°": r"{$^{\circ}$}",
    "µ": r"{$\mu$}", "′": "'", "−": "--",
}  # fmt: skip
_LETTERS = {
    "ß": "ss", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L",
    "å": "aa", "Å": "AA", "ı": "i", "ȷ": "j",
}  # fmt: skip
_ACCENTS = {
    "\u0300": "`", "\u0301": "'", "\u0302": "^", "\u0303": "~", "\u0304": "=", "\u0306": "u", "\u0307": ".",
    "\u0308": '"', "\u030a": "r", "\u030b": "H", "\u030c": "v", "\u0323": "d", "\u0326": "c", "\u0327": "c",
    "\u0331": "b",
}  # fmt: skip
"""The accent commands of OT1; a mark that it lacks (ogonek, horn, hook) is left out, its letter stays."""
_KNOWN_WHOLE = frozenset(map(chr, range(0xC0, 0x180))) | set("ǍǎǏǐǑǒǓǔḂḃḞḟǴǵǦǧḠḡǰḰḱǨǩȘșȚțǢǣỲỳẎẏȲȳẐẑḍḥḷṃṅṇṛṣṭ")
"""Accented letters that LaTeX's own UTF-8 prints in every encoding; others keep the mark that makes one of these."""
_NOT_IN_NAMES = {"\\": "/", "{": "(", "}": ")", "<": "(", ">": ")", "|": "/", "~": "-", "^": ""}
"""Signs that no name has; of the initials of names with their commands biber makes groups without an end."""
_SKIN_TONES = "\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff"
_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn"}


def ascii_latex(text: str) -> str:
    """LaTeX text with every character beyond ASCII as commands, as ASCII letters, or left out (emoji)."""
    composed = unicodedata.normalize("NFC", text)
    return "".join(
        character if " " <= character <= "~" else _as_printed(character, signs=True) for character in composed
    )


def name_latex(text: str) -> str:
    r"""A name, which has no LaTeX in it: each of its characters a letter, or one command in braces.

    A style may end a label behind any letter, so that no command may stand outside of braces: ``AT{\&}T``.
    """
    words = ("".join(map(_in_name, word)) for word in unicodedata.normalize("NFC", text).split())
    return " ".join(word for word in words if word)


def _in_name(character: str) -> str:
    if not " " <= character <= "~":
        return _as_printed(character, signs=False)
    if character in _NOT_IN_NAMES:
        return _NOT_IN_NAMES[character]
    # A bracket ends the label that a style makes of the name.
    return f"{{{SPECIAL.get(character, character)}}}" if character in SPECIAL or character in "[]" else character


@lru_cache(maxsize=4096)
def _as_printed(character: str, *, signs: bool) -> str:
    if unicodedata.category(character) in _INVISIBLE:
        return ""
    if signs:
        if character in _PRINTED:
            return _PRINTED[character]
        if character in MATH_SIGNS:
            return f"{{$\\{MATH_SIGNS[character]}$}}"
        if raised := _raised(character):
            return raised
    return _letter(character) or _transliterated(character)


def _letter(character: str) -> str:
    """A Latin letter as BibTeX's special character; empty for anything else."""
    if character in _LETTERS:
        return f"{{\\{_LETTERS[character]}}}"
    decomposed = unicodedata.normalize("NFD", character)
    base, marks = decomposed[0], decomposed[1:]
    if not marks or not (base.isascii() or base in _LETTERS):
        return ""
    written = f"{{\\{_LETTERS[base]}}}" if base in _LETTERS else base
    for mark in marks:
        if unicodedata.normalize("NFC", base + mark) in _KNOWN_WHOLE and (accent := _ACCENTS.get(mark)):
            argument = f"{{{written}}}" if accent.isalpha() and len(written) == 1 else written
            return f"{{\\{accent}{argument}}}"
    return written


def _raised(character: str) -> str:
    """Superscripts and subscripts of digits and signs as formulas; empty for anything else."""
    kind, _, code = unicodedata.decomposition(character).partition(" ")
    sign = {"<super>": "^", "<sub>": "_"}.get(kind)
    if sign is None or " " in code or not chr(int(code, 16)).isascii():
        return ""
    return f"{{${sign}{{{chr(int(code, 16))}}}$}}"


def _transliterated(character: str) -> str:
    """A character of another script in ASCII letters; nothing for a pictogram, which has no sound.

    A comma that comes of it (the cedilla alone is one) stands in braces: in a name it would divide family from given.
    """
    from anyascii import anyascii

    if unicodedata.category(character) == "So" or character in _SKIN_TONES:
        return ""
    return "".join(f"{{{_IN_BRACES[sign]}}}" if sign in _IN_BRACES else sign for sign in anyascii(character))
