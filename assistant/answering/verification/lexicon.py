"""The words that the support check knows: numbers, units, directions, denials, opposites, and what says little."""

# Numbers and units
NUMBER_WORDS = {
    "two": 2, "both": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60,
    "seventy": 70, "eighty": 80, "ninety": 90, "dozen": 12,
}  # fmt: skip
MULTIPLIER_WORDS = {
    "twice": 2, "twofold": 2, "double": 2, "doubles": 2, "doubled": 2, "doubling": 2, "triple": 3, "triples": 3,
    "tripled": 3, "tripling": 3, "threefold": 3, "quadruple": 4, "quadruples": 4, "quadrupled": 4, "fourfold": 4,
    "fivefold": 5, "tenfold": 10,
}  # fmt: skip
SCALES = {
    "k": 1e3, "thousand": 1e3, "m": 1e6, "million": 1e6, "b": 1e9, "bn": 1e9, "billion": 1e9, "t": 1e12,
    "trillion": 1e12, "hundred": 1e2,
}  # fmt: skip
UNITS = {
    "%": "%", "percent": "%", "percentage": "%", "point": "%", "points": "%", "pp": "%", "pts": "%",
    "x": "x", "×": "x", "times": "x", "fold": "x",
    "ms": "ms", "millisecond": "ms", "milliseconds": "ms", "s": "s", "sec": "s", "second": "s", "seconds": "s",
    "min": "min", "minute": "min", "minutes": "min", "hour": "h", "hours": "h", "day": "d", "days": "d",
    "week": "w", "weeks": "w", "month": "mo", "months": "mo", "year": "y", "years": "y",
    "kb": "kb", "mb": "mb", "gb": "gb", "tb": "tb", "bit": "bit", "bits": "bit",
}  # fmt: skip
"""Units by the ways they are written, each in one short form."""

# Names
COMMON_ABBREVIATIONS = frozenset(
    """
    ai ml nlp llm llms gpu gpus cpu cpus api apis sota 2d 3d 4d ui us uk eu id qa ok pdf url rl cv dl vlm vlms mllm
    mllms
    ii iii iv
    """.split()  # noqa: SIM905  # a list of words reads better as text
)
"""Abbreviations that papers use without meaning anything of theirs; they are no names."""
FUNCTION_WORDS = frozenset(["a", "an", "and", "by", "for", "from", "in", "of", "on", "or", "the", "to", "with"])
"""Words whose initials an abbreviation may leave out."""

# Direction and denial
RISING = """
increase increases increasing increased improve improved improvement enhance enhanced boost raise raises raised
higher high greater elevate elevated grow grows growth gain gains promote promotes upregulate activate activates
activation accelerate faster larger longer stronger better outperform outperforms surpass surpasses exceed exceeds
beat beats superior strengthen expand extend more stimulate induce induces favor facilitate enable enables allow
rise rises risen rose up encourage double triple expanded abundant frequent
"""
FALLING = """
decrease decreases decreasing decreased reduce reduced reduction lower low lowers fewer less diminish drop drops
decline declines downregulate inhibit inhibits inhibition suppress suppresses attenuate impair impairs impaired slow
slower slows smaller shorter weaker worse underperform underperforms lag lags fall falls degrade degrades
degradation hurt hurts harm worsen inferior shrink cut cuts prevent prevents block blocks limit hinder weaken
protect deteriorate loss lose halt deactivate delay down decreasingly scarce rare deplete depletion deficiency
discourage sacrifice
"""
NEGATIONS = frozenset(
    """
    not no never neither nor without cannot lack lacks lacking fail fails failed unlike hardly absence absent
    unable little barely none n't unrelated ineffective insignificant
    """.split()  # noqa: SIM905  # a list of words reads better as text
)
OPPOSITES = (
    ("with", "without"), ("open", "closed"), ("most", "least"), ("best", "worst"), ("always", "never"),
    ("succeed", "fail"), ("all", "none"), ("positive", "negative"), ("maximize", "minimize"),
    ("stable", "unstable"), ("success", "failure"), ("easy", "hard"), ("early", "late"), ("large", "small"),
    ("many", "few"), ("dense", "sparse"), ("before", "after"), ("simple", "complex"), ("cheap", "expensive"),
    ("strong", "weak"), ("real", "synthetic"), ("short", "long"), ("online", "offline"), ("agree", "disagree"),
    ("easier", "hard"), ("easier", "harder"), ("remember", "forget"), ("fixed", "adaptive"), ("static", "dynamic"),
    ("supervised", "unsupervised"),
)  # fmt: skip
"""Words of which one sentence has the one and the other the other when they disagree; compared by their stems."""
NEGATING_PREFIXES = ("un", "in", "im", "non", "dis", "ir")
REPLACEABLE_OPPOSITES = (
    ("increases", "decreases"), ("increase", "decrease"), ("increased", "decreased"), ("increasing", "decreasing"),
    ("reduces", "increases"), ("reduce", "increase"), ("reduced", "increased"), ("reducing", "increasing"),
    ("raises", "lowers"), ("rises", "falls"), ("rise", "fall"), ("improves", "worsens"), ("improve", "worsen"),
    ("improved", "worsened"), ("enhances", "impairs"), ("enhance", "impair"), ("enhanced", "impaired"),
    ("promotes", "inhibits"), ("promote", "inhibit"), ("inhibits", "promotes"), ("inhibit", "promote"),
    ("activates", "inhibits"), ("activation", "inhibition"), ("upregulated", "downregulated"),
    ("prevents", "causes"), ("prevent", "cause"), ("higher", "lower"), ("greater", "smaller"), ("larger", "smaller"),
    ("longer", "shorter"), ("faster", "slower"), ("better", "worse"), ("more", "less"), ("high", "low"),
    ("best", "worst"),
    ("positive", "negative"), ("positively", "negatively"), ("gain", "loss"), ("gains", "losses"), ("with", "without"),
    ("outperforms", "underperforms"), ("outperform", "underperform"), ("effective", "ineffective"),
    ("beneficial", "harmful"), ("protects", "harms"), ("safe", "dangerous"), ("easier", "harder"), ("easy", "hard"),
    ("stable", "unstable"), ("succeeds", "fails"), ("always", "never"),
)  # fmt: skip
"""Words that a sentence exchanges to say the opposite, form for form; of two pairs with a word the first counts."""

# Claims
GENERIC_WORDS = frozenset(
    """
    several many some most few both all these those this that the a an of in on to for and or with by from as at it its
    paper papers work works study studies source sources approach approaches method methods researchers authors
    following
    given provided question topic subject problem issue area point points answer answers address addresses
    addressed look
    looks into discuss discusses discussed explore explores explored describe describes deal deals relevant related
    relate relates about there are is be here how what which ways way different various key main overall summary
    together
    detail details mentioned listed below above also can two three four five six
    more further information see refer read please consult full complete section article document text title abstract
    introduce introduces introduced present presents presented provide provides found shown show shows question
    answered asks asked user therefore hence
    """.split()  # noqa: SIM905  # a list of words reads better as text
)
LABEL_WORDS = (
    "aim author background benchmark challenge conclusion contribution data dataset evaluation experiment figure"
    " finding goal idea implication introduction key limitation main method motivation objective outcome"
    " performance problem result setup significance solution summary task technique training"
)
"""What a label may call a part of an answer by; any other word may claim something, or name what is spoken of."""
