r"""The text of BibTeX fields: letters and signs as Unicode, groups without their braces.

A field is LaTeX for certain, which the titles and abstracts of feeds are not: ``~`` is a space, ``\v c`` a letter, and
braces that belong to no command only group. Fonts, links, citations and signs of formulas are the matter of
`plain_text`; formulas and commands that only the authors know stay as they are.
"""

import re
import unicodedata

from assistant.plain_text import plain_text

_LETTERS = {
    "ss": "ß", "SS": "ẞ", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "aa": "å", "AA": "Å", "o": "ø", "O": "Ø",
    "l": "ł", "L": "Ł", "dh": "ð", "DH": "Ð", "dj": "đ", "DJ": "Đ", "th": "þ", "TH": "Þ", "ng": "ŋ", "NG": "Ŋ",
    "textquoteright": "’", "textquoteleft": "‘", "textquotedblleft": "“", "textquotedblright": "”",
    "textquotesingle": "'", "textquotedbl": '"', "relax": "", "protect": "",
}  # fmt: skip
"""Commands that swallow the space behind them, as TeX has it."""
_SIGNS = {
    "textless": "<", "textgreater": ">", "textbar": "|", "textbackslash": "\\", "textasciitilde": "~",
    "textasciicircum": "^", "textunderscore": "_", "textdollar": "$", "textbullet": "•", "textperiodcentered": "·",
    "textendash": "–", "textemdash": "—", "textellipsis": "…", "textdegree": "°", "textmu": "µ", "pounds": "£",
    "textsterling": "£", "texteuro": "€", "textcopyright": "©", "textregistered": "®", "texttrademark": "™",
    "textsection": "§", "textparagraph": "¶", "P": "¶", "textbraceleft": "{", "textbraceright": "}",
    "lbrace": "{", "rbrace": "}",
}  # fmt: skip
"""Signs, behind which authors leave a space that they mean."""
_MARKS = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", "=": "\u0304", "u": "\u0306", ".": "\u0307",
    '"': "\u0308", "r": "\u030a", "H": "\u030b", "v": "\u030c", "d": "\u0323", "c": "\u0327", "k": "\u0328",
    "b": "\u0331",
}  # fmt: skip
_ESCAPED = "{}~^\\"  # signs that would be taken for LaTeX once more
_OPEN, _CLOSE = "\ue000", "\ue001"  # braces of commands and scripts
_FIRST_ESCAPED, _FIRST_APART, _LAST_APART = 0xE010, 0xE100, 0xF8FF
_RESERVED = re.compile("[\ue000-\uf8ff]")
_STAND_IN = re.compile("[\ue100-\uf8ff]")

_APART = re.compile(
    r"(?<!\\)\$(?:[^$\\]|\\.){1,1000}\$|\\\((?:(?!\\\)).){1,1000}\\\)|https?://[^\s{}]+", re.DOTALL | re.IGNORECASE
)
_APOSTROPHE = re.compile(r"(?<=[A-Za-z])\\'(?=(?:s|t|d|m|ll|re|ve)\b)")
_LETTER = re.compile(rf"\\({'|'.join(sorted(_LETTERS, key=len, reverse=True))})(?![A-Za-z])(?:\{{\}}|\s+)?")
_SIGN = re.compile(rf"\\({'|'.join(sorted(_SIGNS, key=len, reverse=True))})(?![A-Za-z])(?:\{{\}})?")
_ACCENT = re.compile(
    r"\\(?P<mark>[\"'`^~=.]|[uHvdcrkb](?![A-Za-z]))\s?"
    r"(?:\{\s?(?P<braced>\\[ij]|[^\W\d_]|)\s?\}|(?P<bare>\\[ij](?![A-Za-z])\s?|[^\W\d_])|\{\{(?P<twice>[^\W\d_])\}\})"
)
_DOTLESS = re.compile(r"\\([ij])(?![A-Za-z])(?:\{\}|\s)?")
_SPACE = re.compile(r"~|\\[ ,;:]|\\q?quad(?![A-Za-z])")
_NOTHING = re.compile(r"\\[-/!@]|\\noopsort\s?\{[^{}]*\}")
_ESCAPE = re.compile(r"\\([&%#_$])")
_TRANSPARENT = re.compile(r"\\(?:text(?:superscript|subscript)|Make(?:Upper|Lower)case|t(?=\{\w\w\}))\s?(?=\{)")
_SAME_LINK = re.compile(r"\\href\s?\{([^{}]+)\}\s?\{\1\}")
_GROUP = re.compile(rf"(\\[A-Za-z]+\*?\s?(?:\[[^\[\]]*\])?|[_^]|{_CLOSE})?\{{([^{{}}]*)\}}")
_DASH = re.compile(r"(?<=\s)--(?=\s)")
_DEEPEST = 8


def bibtex_text(latex: str) -> str:
    r"""A field's text as it is printed: ``{\'E}cole of {Kites}`` is "École of Kites"."""
    if not any(sign in latex for sign in "\\{}~`'-"):
        return latex
    apart: dict[str, str] = {}

    def stand_in(match: re.Match[str]) -> str:
        code = _FIRST_APART + len(apart)
        return apart.setdefault(match.group(), chr(code)) if code <= _LAST_APART else match.group()

    text = _APART.sub(stand_in, _RESERVED.sub("", latex))
    text = _ungrouped(plain_text(_SAME_LINK.sub(r"\1", _signs(_letters(text)))))
    pieces = {character: _ESCAPE.sub(r"\1", piece) if "://" in piece else piece for piece, character in apart.items()}
    return _STAND_IN.sub(lambda match: pieces.get(match.group(), ""), text)


def _letters(text: str) -> str:
    text = _LETTER.sub(lambda match: _LETTERS[match[1]], _APOSTROPHE.sub("'", text))
    for _ in range(3):  # Vietnamese letters have two marks
        former, text = text, _ACCENT.sub(_accented, text)
        if former == text:
            break
    return _DOTLESS.sub(lambda match: {"i": "ı", "j": "ȷ"}[match[1]], text)


def _accented(match: re.Match[str]) -> str:
    letter = (match["braced"] or match["bare"] or match["twice"] or "").strip().removeprefix("\\")
    if letter:
        return unicodedata.normalize("NFC", letter + _MARKS[match["mark"]])
    return _escaped(match["mark"])


def _signs(text: str) -> str:
    text = text.replace("\\{", _escaped("{")).replace("\\}", _escaped("}"))
    text = _NOTHING.sub("", _SPACE.sub(" ", _SIGN.sub(lambda match: _escaped(_SIGNS[match[1]]), text)))
    text = _TRANSPARENT.sub("", _ESCAPE.sub(r"\1", text))
    return _DASH.sub("–", text.replace("?`", "¿").replace("!`", "¡"))


def _escaped(sign: str) -> str:
    return chr(_FIRST_ESCAPED + _ESCAPED.index(sign)) if sign in _ESCAPED else sign


def _ungrouped(text: str) -> str:
    """The text without braces that only group; the arguments of commands that nobody knows keep theirs."""
    for _ in range(_DEEPEST):
        former, text = text, _GROUP.sub(_without_group, text)
        if former == text:
            break
    text = re.sub(r"[{}]", "", text).replace(_OPEN, "{").replace(_CLOSE, "}")
    for place, sign in enumerate(_ESCAPED):
        text = text.replace(chr(_FIRST_ESCAPED + place), sign)
    return text


def _without_group(match: re.Match[str]) -> str:
    return f"{match[1]}{_OPEN}{match[2]}{_CLOSE}" if match[1] else match[2]
