r"""Text of papers as LaTeX: the formulas of arXiv titles stay formulas, and nothing else of it is a command.

Titles carry ``$\pi_0$``, ``\textsc{X}`` and ``\&``, and a hostile one ``\input{…}``: what is not known to be harmless
is written as the characters it is made of.
"""

import re
import unicodedata

_SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
}
_FONTS = r"\\(?:textsc|textbf|textit|texttt|textrm|text|emph)"
_GREEK_NAMES = (
    "alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi pi rho sigma tau"
    " upsilon phi varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega"
)
_OTHER_NAMES = (
    " mathbb mathbf mathcal mathrm mathit mathsf mathfrak boldsymbol text textbf textit textsc textrm"
    " times cdot ast star pm infty nabla partial ell hbar sim approx equiv neq le leq ge geq ll gg to"
    " rightarrow leftarrow leftrightarrow Rightarrow mapsto uparrow downarrow in subset cup cap forall"
    " exists sum prod int sqrt frac hat tilde bar vec dot log exp max min arg circ oplus otimes prime"
)
_GREEK = frozenset(_GREEK_NAMES.split())
_MATH_COMMANDS = _GREEK | frozenset(_OTHER_NAMES.split())
_MATH = r"(?<!\\)\$(?=[^\s$])[^$]*?(?<=[^\s\\])\$"
_PRICE = re.compile(r"\d[^\\^_]*")
"""What stands between two dollars that are money, "$1-$2"; a formula that begins with a figure has more to it."""
_MATH_CHARACTERS = re.compile(r"[A-Za-z0-9\u0370-\u03ff+\-*/=<>()\[\]|.,:;!'^_{} ]*")
_COMMAND = re.compile(r"\\([A-Za-z]+)")
_PIECE = re.compile(
    rf"(?P<math>{_MATH})|(?P<font>{_FONTS})\{{(?P<inside>[^{{}}\\$]*)\}}"
    r"|(?P<raised>[\^_])\{(?P<script>[A-Za-z0-9.+-]+)\}|\\(?P<escaped>[&$%#_{}])|\\(?P<space>\s)"
)


def latex(text: str) -> str:
    """One line of text as LaTeX with balanced braces."""
    line = " ".join(text.split())
    parts, end = [], 0
    for found in _PIECE.finditer(line):
        parts += [plain_latex(line[end : found.start()]), _piece(found)]
        end = found.end()
    return "".join([*parts, plain_latex(line[end:])])


def plain_latex(text: str) -> str:
    """Text in which no sign is LaTeX's own."""
    return "".join(_character(character) for character in text)


def _piece(found: re.Match[str]) -> str:
    """A piece that is LaTeX already: kept where it is harmless, else as the characters it is made of."""
    if found["math"]:
        inner = found["math"][1:-1]
        return f"${_with_greek(inner)}$" if _is_formula(inner) else plain_latex(found["math"])
    if found["font"]:
        return f"{found['font']}{{{plain_latex(found['inside'])}}}"
    if found["raised"]:
        return f"${found['raised']}{{{found['script']}}}$"
    return plain_latex(found["escaped"] or " ")


def _is_formula(inner: str) -> bool:
    if _PRICE.fullmatch(inner) or not _MATH_CHARACTERS.fullmatch(_COMMAND.sub("", inner)):
        return False
    return set(_COMMAND.findall(inner)) <= _MATH_COMMANDS and _balanced(inner)


def _balanced(text: str) -> bool:
    depth = 0
    for character in text:
        depth += (character == "{") - (character == "}")
        if depth < 0:
            return False
    return depth == 0


def _with_greek(formula: str) -> str:
    """Greek letters as commands, which do not run into a letter behind them."""
    parts = []
    for place, character in enumerate(formula):
        command = _greek(character)
        following = formula[place + 1 : place + 2]
        parts.append(f"\\{command}" + (" " if following.isalpha() else "") if command else character)
    return "".join(parts)


def _character(character: str) -> str:
    command = _greek(character)
    return f"$\\{command}$" if command else _SPECIAL.get(character, character)


def _greek(character: str) -> str | None:
    """The command of a Greek letter that has one: "pi" for π, "Sigma" for Σ."""
    if not "\u0370" <= character <= "\u03ff":
        return None
    words = unicodedata.name(character, "").split()
    if len(words) != 4 or words[0] != "GREEK" or words[2] != "LETTER":
        return None
    name = {"LAMDA": "lambda"}.get(words[3], words[3].lower())
    name = name.capitalize() if words[1] == "CAPITAL" else name
    return name if name in _GREEK else None
