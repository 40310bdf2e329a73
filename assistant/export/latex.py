r"""Text of papers as LaTeX: the formulas of arXiv titles stay formulas, and nothing else of it is a command.

Titles carry ``$\pi_0$``, ``\textsc{X}`` and ``\&``, and a hostile one ``\input{…}``: what is not known to be harmless
is written as the characters it is made of. No command needs a package.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence

from assistant.export.letters import MATH_SIGNS, SPECIAL

_FONTS = r"\\(?:textsc|textbf|textit|texttt|textrm|text|emph)"
_GREEK_NAMES = (
    "alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi pi rho sigma tau"
    " upsilon phi varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega"
)
_SIGN_NAMES = (
    "times cdot ast star pm infty nabla partial ell hbar sim approx equiv neq le leq ge geq ll gg to"
    " rightarrow leftarrow leftrightarrow Rightarrow mapsto uparrow downarrow in subset cup cap forall"
    " exists sum prod int log exp max min arg circ oplus otimes prime ldots cdots lbrace rbrace"
)
_GREEK = frozenset(_GREEK_NAMES.split())
_SIGNS = _GREEK | frozenset(_SIGN_NAMES.split()) | frozenset(MATH_SIGNS.values())
_WITH_ARGUMENT = "mathbf mathcal mathrm mathit mathsf sqrt hat tilde bar vec dot"
_ARGUMENTS = dict.fromkeys(_WITH_ARGUMENT.split(), 1) | {"frac": 2}
_WORDS = frozenset({"textrm", "textbf", "textit", "textsc"})
"""Commands of formulas whose argument is text, where no script or sign of a formula may stand."""
_WITHOUT_PACKAGE = {"mathbb": "mathbf", "mathfrak": "mathsf", "boldsymbol": "mathbf", "text": "textrm"}
"""Commands that need amsmath or amsfonts, and what comes nearest in LaTeX itself."""
_MATH = r"(?<!\\)\$(?=[^\s$])(?:\\.|[^$\\])*?(?<=\S)\$"
_PRICE = re.compile(r"\$\d(?:[^\\^_$]*\$\d|[^\\^_$]*(?:\s|[A-Za-z]{2})[^\\^_$]*\$)")
"""Two dollars that are money: "$1-$2", "$5M to US$"."""
_TOKEN = re.compile(
    r"\\(?P<name>[A-Za-z]+)\s*|(?P<escaped>\\[%&#_,;!{}])|(?P<brace>[{}])|(?P<script>[\^_])|(?P<prime>'+)"
    r"|(?P<space>\s+)|(?P<sign>[A-Za-z0-9+\-*/=<>()\[\]|.,:;!])"
)
_DEEPEST = 8
_GREEK_WORD = re.compile("[\u0370-\u03ff\u1f00-\u1fff]{4,}")
_PIECE = re.compile(
    rf"(?P<math>{_MATH})|(?P<font>{_FONTS})\{{(?P<inside>[^{{}}\\$]*)\}}"
    r"|(?P<raised>[\^_])\{(?P<script>[A-Za-z0-9.+-]+)\}|\\(?P<escaped>[&$%#_{}])|\\(?P<space>\s)"
)


def latex(text: str) -> str:
    """One line of text as LaTeX with balanced braces; characters beyond ASCII stay, for `letters.ascii_latex`."""
    line = " ".join(text.split())
    parts, end = [], 0
    for match in _PIECE.finditer(line):
        parts += [plain_latex(line[end : match.start()]), _piece(match)]
        end = match.end()
    return "".join([*parts, plain_latex(line[end:])])


def plain_latex(text: str) -> str:
    """Text in which no sign is LaTeX's own; Greek letters, unless they are a word, are signs of formulas."""
    parts, end = [], 0
    for word in _GREEK_WORD.finditer(text):
        parts += [*map(_character, text[end : word.start()]), word.group()]
        end = word.end()
    return "".join([*parts, *map(_character, text[end:])])


def _piece(match: re.Match[str]) -> str:
    """A piece that is LaTeX already: kept where it is harmless, else as the characters it is made of."""
    if match["math"]:
        formula = None if _PRICE.match(match.string, match.start()) else _formula(match["math"][1:-1])
        return plain_latex(match["math"]) if formula is None else f"${formula}$"
    if match["font"]:
        font = match["font"].removeprefix("\\")
        return f"\\{_WITHOUT_PACKAGE.get(font, font)}{{{plain_latex(match['inside'])}}}"
    if match["raised"]:
        return f"${match['raised']}{{{match['script']}}}$"
    return plain_latex(match["escaped"] or " ")


class _NotAFormula(Exception):
    """What stands between two dollars is not a formula that LaTeX typesets without a package."""


def _formula(inner: str) -> str | None:
    """The formula in LaTeX's own commands; None for what is none, or would stop a document."""
    try:
        tokens = list(_tokens(_with_commands(inner)))
        rest = _check_list(tokens, 0)
    except _NotAFormula:
        return None
    return "".join(token.group() for token in tokens) if rest == len(tokens) else None


def _with_commands(formula: str) -> str:
    """Greek letters and signs as commands, which do not run into a letter behind them; none that needs a package."""
    parts = []
    for place, character in enumerate(formula):
        command = _greek(character) or MATH_SIGNS.get(character)
        following = formula[place + 1 : place + 2]
        parts.append(f"\\{command}" + (" " if following.isalpha() else "") if command else character)
    written = "".join(parts).replace("−", "-").replace(r"\{", r"\lbrace ").replace(r"\}", r"\rbrace ")
    return re.sub(r"\\([A-Za-z]+)", lambda name: f"\\{_WITHOUT_PACKAGE.get(name[1], name[1])}", written)


def _tokens(formula: str) -> Iterator[re.Match[str]]:
    place = 0
    while place < len(formula):
        token = _TOKEN.match(formula, place)
        if token is None:
            raise _NotAFormula
        yield token
        place = token.end()


def _check_list(tokens: Sequence[re.Match[str]], place: int, depth: int = 0, *, words: bool = False) -> int:
    """The place behind a list of a formula, which ends at a closing brace. Raises `_NotAFormula`.

    TeX stops at a second superscript or subscript of one sign, and at a script or a command without its argument.
    """
    scripts: set[str] = set()
    while place < len(tokens) and tokens[place].group() != "}":
        token = tokens[place]
        if token["space"]:
            place += 1
        elif token["script"] or token["prime"]:
            script = "^" if token["prime"] else token.group()
            # A superscript may follow primes, but not the other way round.
            if words or script in scripts:
                raise _NotAFormula
            scripts |= set() if token["prime"] and _follows(tokens, place, "^") else {script}
            place = place + 1 if token["prime"] else _check_argument(tokens, place + 1, depth)
        else:
            scripts = set()
            place = _check_nucleus(tokens, place, depth, words=words)
    return place


def _follows(tokens: Sequence[re.Match[str]], place: int, sign: str) -> bool:
    return place + 1 < len(tokens) and tokens[place + 1].group() == sign


def _check_nucleus(tokens: Sequence[re.Match[str]], place: int, depth: int, *, words: bool) -> int:
    token = tokens[place]
    name = token["name"]
    if token["brace"]:
        return _check_group(tokens, place, depth, words=words)
    if not name or (name in _SIGNS and not words):
        return place + 1
    if name in _WORDS:
        return _check_group(tokens, place + 1, depth, words=True)
    if name not in _ARGUMENTS or words:
        raise _NotAFormula
    place += 1
    for _ in range(_ARGUMENTS[name]):
        place = _check_group(tokens, place, depth)
    return place


def _check_argument(tokens: Sequence[re.Match[str]], place: int, depth: int) -> int:
    """The place behind the argument of a script: a group, a sign, or a command that takes none."""
    if place >= len(tokens):
        raise _NotAFormula
    token = tokens[place]
    if token["brace"]:
        return _check_group(tokens, place, depth)
    if token["sign"] or token["name"] in _SIGNS:
        return place + 1
    raise _NotAFormula


def _check_group(tokens: Sequence[re.Match[str]], place: int, depth: int, *, words: bool = False) -> int:
    if place >= len(tokens) or tokens[place].group() != "{" or depth >= _DEEPEST:
        raise _NotAFormula
    end = _check_list(tokens, place + 1, depth + 1, words=words)
    if end >= len(tokens):
        raise _NotAFormula
    return end + 1


def _character(character: str) -> str:
    if command := _greek(character):
        return f"$\\{command}$"
    special = SPECIAL.get(character)
    if special is None:
        return character
    return f"{special}{{}}" if special[1:].isalpha() else special


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
