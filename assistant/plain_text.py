r"""Titles, abstracts and names of feeds without TeX and HTML: ``50\%``, ``\textbf{x}``, ``1.84times``, ``R&amp;D``.

Feeds give TeX source, and the Daily Papers' own leaves out ``$`` and some backslashes, so that ``$1.84\times$`` comes
as "1.84times". What is certain becomes plain text; formulas, code, paths, regular expressions and commands that only
the authors know stay as they are. A whole parser of TeX is no help here: to it ``%`` begins a comment and ``~`` and
``_`` are signs, which in these texts they mostly are not.
"""

import re
import unicodedata
from html import unescape
from html.entities import name2codepoint

from assistant.papers import clean_text

_GREEK = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon phi chi psi"
    " omega"
)
_SYMBOLS = {
    "times": "×", "cdot": "·", "pm": "±", "mp": "∓", "div": "÷", "sim": "∼", "approx": "≈", "simeq": "≃", "equiv": "≡",
    "leq": "≤", "le": "≤", "leqslant": "≤", "geq": "≥", "ge": "≥", "geqslant": "≥", "neq": "≠", "ne": "≠", "ll": "≪",
    "gg": "≫", "to": "→", "rightarrow": "→", "longrightarrow": "→", "Rightarrow": "⇒", "leftarrow": "←",
    "leftrightarrow": "↔", "uparrow": "↑", "downarrow": "↓", "infty": "∞", "propto": "∝", "nabla": "∇", "partial": "∂",
    "ell": "ℓ", "circ": "°", "deg": "°", "degree": "°", "textdegree": "°", "star": "⋆", "dagger": "†", "S": "§",
    "ldots": "…", "dots": "…", "textasciitilde": "~", "textbackslash": "\\", "checkmark": "✓", "copyright": "©",
    "varepsilon": "ε", "vartheta": "ϑ", "varphi": "φ", "textendash": "–", "textemdash": "—", "textregistered": "®",
    "texttrademark": "™", "LaTeX": "LaTeX", "TeX": "TeX", "eg": "e.g.", "ie": "i.e.", "xspace": "",
}  # fmt: skip
for _name in _GREEK.split():
    _spoken = "lamda" if _name == "lambda" else _name
    _SYMBOLS[_name] = unicodedata.lookup(f"GREEK SMALL LETTER {_spoken}")
    _SYMBOLS[_name.capitalize()] = unicodedata.lookup(f"GREEK CAPITAL LETTER {_spoken}")
_LETTERS = {
    "o": "ø", "O": "Ø", "l": "ł", "L": "Ł", "i": "ı", "j": "ȷ", "ss": "ß", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ",
    "aa": "å", "AA": "Å", "dh": "ð", "DH": "Ð", "dj": "đ", "DJ": "Đ", "th": "þ", "TH": "Þ", "ng": "ŋ", "NG": "Ŋ",
}  # fmt: skip
_ACCENTS = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", "=": "\u0304", "u": "\u0306", ".": "\u0307",
    '"': "\u0308", "r": "\u030a", "H": "\u030b", "v": "\u030c", "d": "\u0323", "c": "\u0327", "k": "\u0328",
}  # fmt: skip

_LONGEST_FIRST = "|".join(sorted(_SYMBOLS, key=len, reverse=True))

# What is not touched: code, regular expressions, paths of Windows; formulas and addresses have rules of their own.
_FORMULA = re.compile(r"(?<!\\)\$(?=\S)(?:[^$\\]|\\[^$]){1,300}?(?<=[^\s\\])\$|\\\((?:(?!\\\)).){1,300}\\\)")
_ADDRESS = re.compile(r"(https?://[^\s{}<>\"“”]+)(?:\{([^{}]*)\}(?![\w/]))?")
_NAMES_OF_COMMANDS = rf"(?:\\(?:{_LONGEST_FIRST}|{'|'.join(_LETTERS)})(?![A-Za-z]))+"
_RELATIVE_PATH = (  # two folders or more behind a name, one of which is no command: ``path\to\file``
    rf"(?<![\w.~%\\-])[\w.~%-]{{2,}}(?!{_NAMES_OF_COMMANDS}(?![\w\\]))(?:\\[A-Za-z][\w.-]*){{2,}}(?![\w\\{{])"
)
_APART = re.compile(
    r"```.*?```|(?<!`)`(?=[^`'\s])[^`']{1,80}(?<!\s)`(?!`)"
    r"|(?<!\w)[A-Za-z]:\\[^\s,;]*|(?<!\S)\\\\[\w.-]+\\\S*"
    r"|(?<!\S)\S*\\(?:[dwsDWSBb](?![A-Za-z{\"'])|[.+*?|\[\]](?!\{))\S*"
    rf"|{_FORMULA.pattern}|{_ADDRESS.pattern}|{_RELATIVE_PATH}",
    re.DOTALL,
)
_FIRST_APART = 0xF0000  # stand-ins from a plane that nobody writes in
_STAND_IN = "[\U000f0000-\U000ffffd]"

_INSIDE = r"((?:[^{}]|\{[^{}]*\})*)"
_FONT = re.compile(
    rf"\\(?:text(?:bf|it|tt|rm|sc|sf|md|up|normal)?|emph|underline|mbox|textcolor\{{[^{{}}]*\}})\s?\{{{_INSIDE}\}}"
    rf"|\{{\\?(?:em|bf|it|sc|tt|rm|sf|sl|bfseries|itshape|scshape)\s{_INSIDE}\}}"
)
_HREF = re.compile(rf"\s?\\href\s?\{{([^{{}}]*)\}}\s?\{{{_INSIDE}\}}")
_URL = re.compile(r"(?:(?<=([^\s~])))?~?\\url\s?\{([^{}]*)\}")
_FOOTNOTE = re.compile(rf"\s?\\footnote\s?\{{{_INSIDE}\}}")
_CITATION = re.compile(r"[~\s]?\\(?:cite[a-z]*\*?|footnotemark)(?:\[[^\[\]]*\])*(?:\{[^{}]*\})?")
_BREAK = re.compile(r"\\(?:allowbreak|linebreak|newline|noindent|smallskip)(?![A-Za-z]) ?|(?<=\s)\\\\(?=\s)")
_QUOTED_IN_CODE = re.compile(r"\\\"([^\"\\]+)\\\"(?![\w{\\])")
_APOSTROPHE = re.compile(r"(?<=[A-Za-z])\\'(?=(?:s|t|d|m|ll|re|ve)\b)")
_LETTER_OR_NAMED = r"(?:\\[ij](?![A-Za-z])|[A-Za-z])"
_ACCENT = re.compile(
    rf"\{{\\(?P<a>[\"'`^~=.]|[uHvdcrk](?=[\s{{]))\s?\{{?(?P<b>{_LETTER_OR_NAMED})\}}?\}}"
    rf"|\\(?P<c>[\"'`^~=.uHvdcrk])\s?\{{(?P<d>{_LETTER_OR_NAMED})\}}"
    rf"|\\(?P<e>[\"'`^~])(?P<f>{_LETTER_OR_NAMED})"
)
_NAMED_LETTER = re.compile(
    rf"\{{\\(?P<a>{'|'.join(_LETTERS)})\}}|\\(?P<b>{'|'.join(_LETTERS)})(?![A-Za-z])(?:\{{\}}| )?"
)
_GREEK_COMMAND = re.compile(rf"\\(?:var)?(?:{_GREEK.replace(' ', '|')})(?![a-z])", re.IGNORECASE)
_SYMBOL = re.compile(
    rf"\{{\\(?P<a>{_LONGEST_FIRST})\}}|\\(?P<b>{_LONGEST_FIRST})(?![A-Za-z])(?:\{{\}})?"
    r"|(?<![A-Za-z_^}])\{(?P<c>sim|approx|times|pm|leq|geq)\}"
)
_DEGREE = re.compile(r"\^\s?(?:\{\s?\\(?:circ|degree)(?![A-Za-z])\s?([CF]?)\}|\\(?:circ|degree)(?![A-Za-z]))")
_MATH_FONT = re.compile(r"\\?\bmath(?:cal|rm|bf|bb|sf|it)\{(\w+)\}")
_ESCAPED = re.compile(r"(?<!\\)\\([%&_#$])")
_THIN_SPACE = re.compile(r"(?<=\S)\\[,;](?=\w)|\\ ")
_DASH_COMMAND = re.compile(r"\\nobreakdash-?")
_THOUSANDS = re.compile(r"(?<=\d)\{,\}(?=\d{3})")

# Commands that lost their backslash, where no word of English can be meant.
_COMPARED = "faster|higher|lower|larger|smaller|fewer|less|more|better|slower|greater|cheaper|longer|shorter|speed"
_LOST = (
    ("circ", re.compile(r"\^\{?\\?circ(?![a-su-z])\}?"), "°"),
    ("times", re.compile(r"(?<=[\d°])times(?=\d)"), "×"),
    ("timessim", re.compile(r"(?<=[\d°])timessim(?=\d)"), "×∼"),
    ("times", re.compile(rf"(?<=[\d°])times(?={_COMPARED})"), "× "),
    ("times", re.compile(r"(?<=[\d°])times(?![a-z])"), "×"),
    ("times", re.compile(r"(?<![\w-])times(?=\d)"), "×"),
    ("sim", re.compile(r"(?<![A-Za-z-])sim!?(?=\d)(?!\d[a-z]{2,}\b(?<!min))"), "∼"),
    ("pm", re.compile(r"(?:(?<=\.\d )|(?<=\.\d\d )|(?<=\.\d{3} )|(?<=\d% ))pm (?=\d+(?:\.\d|%))"), "± "),
    ("leq", re.compile(r"(?<![\w\\-])leq(?:slant)?(?= ?\d)"), "≤"),
    ("geq", re.compile(r"(?<![\w\\-])geq(?:slant)?(?= ?\d)"), "≥"),
    ("arrow", re.compile(r"(?<![a-z\\.-])(?:long)?leftrightarrow(?![a-z])"), "↔"),
    ("arrow", re.compile(r"(?<![a-z\\.-])(?:long)?rightarrow(?![a-z])"), "→"),
    ("arrow", re.compile(r"(?<![a-z\\.-])(?:long)?leftarrow(?![a-z])"), "←"),
    ("infty", re.compile(r"(?<![A-Za-z\\.])infty(?![A-Za-z])"), "∞"),
    ("cdot", re.compile(r"(?<=[\w)}] )cdot(?= [\w({])"), "·"),
)
_SIGNS = ("\\", "{", "~", "''", "--", "math", "&", "</", *(word for word, _, _ in _LOST))
_QUOTED = re.compile(r"(?<!`)``(?![`\s])((?:(?!``|'').){1,400}?)''", re.DOTALL)
_QUOTED_BY_APOSTROPHES = re.compile(r"(?<![\w'])''(?=\w)((?:(?!'').){1,200}?)(?<=[\w.,!?%)])''(?![\w'])")
_TIED_ADDRESS = re.compile(r"~(?=https?://)")
_TIE = re.compile(r"(?<=[A-Za-z]{2})~(?=\()|(?<=[A-Za-z][A-Za-z.,])~(?!\w+\()(?=\d|[A-Z]\b|[A-Za-z]{2})")
_TIED_UNIT = re.compile(r"(?<=\d)~(?=[A-Za-z]+\b(?!\())")
_EN_DASH = re.compile(r"(?<=\d)--(?=\d)|(?<=[\d%])--(?=\d)|(?<=[A-Za-z]{2})--(?=[A-Za-z]{2})")
_EM_DASH = re.compile(r"(?<=\w)---(?=\w)|(?<=\s)---(?=\s)")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,8}\d{0,2});")
_INLINE_TAG = re.compile(
    r"<(?P<tag>(?:jats:)?(?:i|b|em|strong|italic|bold|sub|sup))>(?P<inside>[^<>]{0,300})</(?P=tag)>", re.IGNORECASE
)
_EXPONENT = re.compile(r"[-+−–]?\d+")
_MOST_ROUNDS = 8
_ANY_BRACE = re.compile(r"[{}]")


def plain_text(text: str) -> str:
    r"""A title or an abstract, in one line, without TeX and HTML as far as that is certain; plain text stays as it is.

    ``$O(n \log n)$`` stays a formula, ``\url{x}`` becomes its address; doing it again changes nothing.
    """
    if not any(sign in text for sign in _SIGNS) or re.search(_STAND_IN, text):
        return text
    for _ in range(_MOST_ROUNDS):  # a command may come to light when another one has gone
        cleaned = _without_tex(_without_html(text))
        if cleaned == text:
            break
        text = " ".join(cleaned.split()) or text
    return text


def clean_author_name(text: str) -> str:
    r"""The name of an author without TeX: ``Jos{\'e}`` is José, ``{\L}ukasz`` Łukasz."""
    if "\\" not in text and "{" not in text and "~" not in text:
        return text
    return " ".join(_ANY_BRACE.sub("", _letters(text).replace("~", " ")).split()) or text


def _without_html(text: str) -> str:
    """Entities of HTML as the signs they name, and the tags of Crossref's titles without their angle brackets."""
    if "&" in text:
        text = unicodedata.normalize("NFC", _ENTITY.sub(_named_sign, text))
    return _INLINE_TAG.sub(_untagged, text) if "</" in text else text


def _named_sign(match: re.Match[str]) -> str:
    entity = match.group()
    if entity[1] != "#" and entity[1:-1] not in name2codepoint and entity != "&apos;":
        return entity
    sign = unescape(entity)
    if re.match(_STAND_IN, sign):
        return entity
    return " " if sign.isspace() else clean_text(sign)


def _untagged(match: re.Match[str]) -> str:
    is_exponent = match["tag"].lower().endswith("sup") and _EXPONENT.fullmatch(match["inside"])
    return f"^{match['inside']}" if is_exponent and match.string[: match.start()][-1:].isalnum() else match["inside"]


def _without_tex(text: str) -> str:
    apart: list[str] = []

    def stand_in(match: re.Match[str]) -> str:
        piece = match.group()
        if _FORMULA.fullmatch(piece):
            piece = _formula(piece)
        elif address := _ADDRESS.fullmatch(piece):
            piece = _address(*address.groups())
        apart.append(piece)
        return chr(_FIRST_APART + len(apart) - 1)

    text = _TIED_ADDRESS.sub(" ", text)
    has_commands = "\\" in text or "{" in text
    together = _APART.sub(stand_in, _BREAK.sub("", text) if has_commands else text)
    if has_commands:
        together = _symbols(_letters(_commands(together)))
    together = _typography(_lost_commands(together))
    return re.sub(_STAND_IN, lambda match: apart[ord(match.group()) - _FIRST_APART], together)


def _formula(formula: str) -> str:
    """A formula that is only a word, a number or a sign is written without its dollars; another one stays whole."""
    inside = formula[1:-1] if formula.startswith("$") else formula[2:-2].strip()
    if (formula.startswith("$") and "\\" not in inside) or _GREEK_COMMAND.search(inside):
        return formula  # two prices, or what can be read as it is
    plain = _symbols(_commands(inside))
    return formula if re.search(r"[\\_^{}]", plain) else plain


def _commands(text: str) -> str:
    """Fonts, links, footnotes and what steers a typesetter."""
    text = _CITATION.sub("", text)
    for _ in range(4):  # nested
        former = text
        text = _FONT.sub(lambda match: next(inside for inside in match.groups() if inside is not None), text)
        text = _URL.sub(lambda match: (" " if match[1] and match[1] not in "([" else "") + match[2].strip(), text)
        text = _HREF.sub(lambda match: f" {_link(match[1], match[2])}", text)
        text = _FOOTNOTE.sub(lambda match: f" ({match[1].strip()})", text)
        if text == former:
            break
    return text


def _address(address: str, label: str | None) -> str:
    r"""An address; a text behind it in braces, which ``\href`` leaves when it is lost, stands before it."""
    plain = _ESCAPED.sub(r"\1", address)
    if label is None:
        return plain
    is_label = " " in label or "://" in label or (label.isalpha() and not address.endswith(("/", "=")))
    return _link(plain, label) if is_label else f"{plain}{{{label}}}"


def _link(address: str, label: str) -> str:
    is_address = not label.strip() or re.fullmatch(rf"\W*(?:{_STAND_IN}|https?://\S+)\W*", label)
    return address if is_address else f"{label} ({address})"


def _letters(text: str) -> str:
    text = _APOSTROPHE.sub("'", _QUOTED_IN_CODE.sub(r'"\1"', text))
    return _NAMED_LETTER.sub(lambda match: _LETTERS[match["a"] or match["b"]], _ACCENT.sub(_accented, text))


def _accented(match: re.Match[str]) -> str:
    r"""The letter with its accent; the text itself where there is no such letter, as in ``\'x``."""
    accent = match["a"] or match["c"] or match["e"]
    letter = (match["b"] or match["d"] or match["f"]).removeprefix("\\")
    composed = unicodedata.normalize("NFC", letter + _ACCENTS[accent])
    return composed if len(composed) == 1 else match.group()


def _symbols(text: str) -> str:
    text = _MATH_FONT.sub(r"\1", _DASH_COMMAND.sub("-", _DEGREE.sub(r"°\1", text)))
    text = _SYMBOL.sub(lambda match: _SYMBOLS[match["a"] or match["b"] or match["c"]], text)
    return _ESCAPED.sub(r"\1", _THIN_SPACE.sub(" ", _THOUSANDS.sub(",", text)))


def _lost_commands(text: str) -> str:
    for word, pattern, sign in _LOST:
        if word in text:
            text = pattern.sub(sign, text)
    return _MATH_FONT.sub(r"\1", text) if "math" in text else text


def _typography(text: str) -> str:
    """Quotation marks, ties and dashes as they are printed."""
    if "''" in text:
        text = _QUOTED_BY_APOSTROPHES.sub("“\\1”", _QUOTED.sub("“\\1”", text))
    if "~" in text:
        text = _TIED_UNIT.sub(" ", _TIE.sub(" ", text))
    return _EM_DASH.sub("—", _EN_DASH.sub("–", text)) if "--" in text else text
