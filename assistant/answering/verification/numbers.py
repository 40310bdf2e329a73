"""Numbers of a text with their units, in one form however they are written: 1,300 and 1.3K, 99% and 99 percent."""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass

from assistant.plain_text import plain_text

_WORDS = {
    "two": 2, "both": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60,
    "seventy": 70, "eighty": 80, "ninety": 90, "dozen": 12,
}  # fmt: skip
_TIMES = {
    "twice": 2, "twofold": 2, "double": 2, "doubles": 2, "doubled": 2, "doubling": 2, "triple": 3, "triples": 3,
    "tripled": 3, "tripling": 3, "threefold": 3, "quadruple": 4, "quadruples": 4, "quadrupled": 4, "fourfold": 4,
    "fivefold": 5, "tenfold": 10,
}  # fmt: skip
_SCALES = {
    "k": 1e3, "thousand": 1e3, "m": 1e6, "million": 1e6, "b": 1e9, "bn": 1e9, "billion": 1e9, "t": 1e12,
    "trillion": 1e12, "hundred": 1e2,
}  # fmt: skip
_UNITS = {
    "%": "%", "percent": "%", "percentage": "%", "point": "%", "points": "%", "pp": "%", "pts": "%",
    "x": "x", "×": "x", "times": "x", "fold": "x",
    "ms": "ms", "millisecond": "ms", "milliseconds": "ms", "s": "s", "sec": "s", "second": "s", "seconds": "s",
    "min": "min", "minute": "min", "minutes": "min", "hour": "h", "hours": "h", "day": "d", "days": "d",
    "week": "w", "weeks": "w", "month": "mo", "months": "mo", "year": "y", "years": "y",
    "kb": "kb", "mb": "mb", "gb": "gb", "tb": "tb", "bit": "bit", "bits": "bit",
}  # fmt: skip
_DIGITS = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+"
_QUANTITY = re.compile(
    rf"(?<![\w.])(?<![A-Za-z]-)[-−]?(?P<digits>{_DIGITS})(?P<exponent>e[+-]?\d{{1,3}}(?![\w.]))?"
    r"(?P<scale>\s?(?:thousand|million|billion|trillion|hundred)s?\b|\s?[KMBTkmbt]n?(?![\w/]))?"
    r"(?![A-Za-z]*\d)(?!D\b)(?:[\s-]{0,2}(?P<unit>%|×|[A-Za-z]+))?"  # the sign itself
)
_POWER = re.compile(r"(?<![\w.])(?:(\d+(?:\.\d+)?)\s?[x×*]\s?)?10\^([-−]?\d{1,2})")  # as written
_WORD = re.compile(r"[A-Za-z]+")
_FORMULA = re.compile(r"\\,|[$\\{}~]")
_GAPS = r"[\u00a0\u2009\u202f'’]"
_THOUSANDS = re.compile(  # a plain space parts thousands only before a word: "1 200 toys", not "5 100-layer nets"
    rf"(?<![\w.,])[1-9]\d{{0,2}}(?:{_GAPS}\d{{3}})+(?![\d.])"
    r"|(?<![\d.,] )(?<![\w.,])[1-9]\d{0,2}(?: \d{3})+(?= [A-Za-z]|\s*$)"
)
_BETWEEN_NUMBERS = re.compile(r"(?<=\d)(?<!\b0)[x×](?=\d)")  # the sign itself
_LEADING_TIMES = re.compile(r"(?<!\w)x(?=\d+\.\d)")
_SPACED_PERCENT = re.compile(r"\s+%")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number: its value, its unit in a short form ("" for none that is known), and how it stands in the text.

    ``step`` is the value of its last digit, which tells how far it was rounded. ``spelled`` when written as a word.
    """

    value: float
    unit: str
    written: str
    step: float
    spelled: bool = False

    def says(self, other: "Quantity") -> bool:
        """Whether it may stand for another number: the same one, or that one rounded; known units must agree."""
        if self.unit and other.unit and self.unit != other.unit:
            return False
        if math.isclose(self.value, other.value, rel_tol=1e-9):
            return True
        return self.step > other.step and abs(self.value - other.value) <= self.step / 2 * (1 + 1e-9)


def quantities(text: str) -> tuple[Quantity, ...]:
    """The numbers of a text in order; "one" and digits within names (GPT-4, 3D, L2) are not among them."""
    plain = _plain(text)
    return tuple(_written_in_digits(plain)) + tuple(_written_in_words(plain))


def missing_quantities(claim: Iterable[Quantity], source: Iterable[Quantity]) -> tuple[Quantity, ...]:
    """Numbers of a claim that no number of its source bears out."""
    known = tuple(source)
    return tuple(one for one in claim if not any(one.says(other) for other in known))


def _plain(text: str) -> str:
    """Without the signs of formulas; powers of ten as computers write them, thousands without a gap."""
    text = plain_text(text).replace("\\times", " x ").replace("\\%", "%").replace("−", "-")  # the sign itself
    text = _FORMULA.sub("", text)
    text = _THOUSANDS.sub(lambda match: "".join(filter(str.isdigit, match.group())), text)
    text = _LEADING_TIMES.sub("", _BETWEEN_NUMBERS.sub(" x ", text))
    text = _POWER.sub(lambda match: f"{match.group(1) or 1}e{match.group(2)}", text)
    return _SPACED_PERCENT.sub("%", text)


def _written_in_digits(text: str) -> Iterable[Quantity]:
    for match in _QUANTITY.finditer(text):
        digits = match.group("digits").replace(",", "")
        factor = float("1" + match.group("exponent")) if match.group("exponent") else 1.0
        scale = (match.group("scale") or "").strip().casefold()
        factor *= _SCALES.get(scale, _SCALES.get(scale.rstrip("s"), 1.0))
        word = match.group("unit") or ""
        decimals = len(digits.partition(".")[2])
        written = match.group()[: match.end("scale") - match.start()] if scale else match.group("digits")
        written += match.group("exponent") or ""
        unit = _UNITS.get(word.casefold(), "")
        sign = unit if unit == "%" and word == "%" else ""
        yield Quantity(float(digits) * factor, unit, written.strip() + sign, 10.0**-decimals * factor)


def _written_in_words(text: str) -> Iterable[Quantity]:
    found = list(_WORD.finditer(text))
    for match, following in zip(found, [*found[1:], None], strict=False):
        word = match.group().casefold()
        if word in _TIMES:
            yield Quantity(_TIMES[word], "x", match.group(), 0.0, spelled=True)
        elif word in _WORDS:
            after = following.group().casefold() if following else ""
            factor = _SCALES[after] if len(after) > 2 and after in _SCALES else 1.0
            yield Quantity(_WORDS[word] * factor, _UNITS.get(after, ""), match.group(), 0.0, spelled=True)
