"""Words that mean the same, or the opposite, in abstracts; only for making training sentences."""

_SAME = """
propose present introduce describe offer
proposes presents introduces describes offers
proposed presented introduced described
improves enhances raises boosts strengthens
improve enhance raise boost strengthen
improving enhancing raising boosting
improvement gain boost
improvements gains
reduces cuts lowers decreases shrinks
reduce cut lower decrease shrink
reducing cutting lowering decreasing
outperforms beats surpasses exceeds
outperform beat surpass exceed
outperforming beating surpassing
achieves reaches attains obtains
achieve reach attain obtain
achieving reaching attaining
shows finds demonstrates reveals
show find demonstrate reveal
uses employs applies utilizes
use employ apply utilize
using employing applying
leverages exploits uses
leveraging exploiting using
enables allows lets
enable allow let
significantly substantially markedly considerably
significant substantial marked considerable
several multiple various
method approach technique
methods approaches techniques
evaluates tests assesses examines
evaluate test assess examine
evaluation assessment
generates produces creates
generate produce create
generating producing creating
generation creation
consists comprises
integrates combines merges
integrate combine merge
integrating combining
addresses tackles handles
address tackle handle
challenges difficulties problems
challenge difficulty problem
challenging hard difficult
investigates studies explores examines
investigate study explore examine
comprehensive extensive broad
accurate precise
robust reliable
rapidly quickly
efficiently economically
crucial essential vital
diverse varied
large-scale extensive
images pictures
limited restricted
while whereas
consistently steadily
maintaining keeping preserving
maintains keeps preserves
facilitates eases supports
establishes sets
constructs builds
construct build
constructed built
framework system
existing earlier prior previous
due owing
"""
_OPPOSED = """
improves/degrades,worsens,reduces improve/degrade,worsen improving/degrading increases/decreases,reduces
increase/decrease increasing/decreasing reduces/increases,raises reduce/increase,raise reducing/increasing,raising
decreases/increases outperforms/underperforms,trails outperform/underperform,trail outperforming/trailing
surpasses/trails surpassing/trailing surpass/trail exceeds/trails higher/lower lower/higher faster/slower
slower/faster more/less,fewer less/more fewer/more better/worse worse/better larger/smaller smaller/larger
stronger/weaker weaker/stronger high/low low/high strong/weak weak/strong large/small small/large with/without
without/with before/after after/before supervised/unsupervised,self-supervised unsupervised/supervised
static/dynamic dynamic/static local/global global/local dense/sparse sparse/dense single/multiple offline/online
online/offline explicit/implicit implicit/explicit early/late late/early frozen/fine-tuned
open-source/proprietary,closed proprietary/open-source closed-source/open-source training-free/training-based
simple/complex complex/simple synthetic/real,human-written real-world/synthetic automatically/manually
automatic/manual manual/automatic efficient/inefficient minimal/substantial maintaining/sacrificing,losing
preserving/sacrificing preserves/loses discrete/continuous continuous/discrete autoregressive/diffusion-based
diffusion/autoregressive text/audio,image image/text,audio video/image,audio audio/video first/last,second
short/long long/short shorter/longer longer/shorter rare/common generalizes/overfits robust/brittle
accurate/inaccurate enables/prevents enabling/preventing struggle/succeed struggles/succeeds struggling/succeeding
fails/succeeds fail/succeed superior/inferior competitive/inferior comparable/inferior positive/negative
negative/positive maximize/minimize minimize/maximize maximizing/minimizing minimizing/maximizing unlike/like
lightweight/heavy linear/quadratic quadratic/linear understanding/generation encoder/decoder decoder/encoder
teacher/student student/teacher pretraining/fine-tuning pre-training/fine-tuning post-training/pre-training
inference/training training/inference English/Chinese Chinese/English 2D/3D 3D/2D
"""
_WIDENED = """
some/all several/all many/all most/all various/all certain/all multiple/all two/all three/all often/always
usually/always sometimes/always frequently/always typically/always largely/entirely mainly/only primarily/only
partially/fully partly/fully almost/fully nearly/fully diverse/all unseen/all seven/all four/all five/all
"""
_HEDGED = """
can/,always may/,does might/,does could/, potentially/, up/ potential/proven promising/proven preliminary/conclusive
suggest/prove suggests/proves suggesting/proving help/guarantee helps/guarantees mitigate/eliminate
mitigates/eliminates mitigating/eliminating reduce/eliminate reduces/eliminates comparable/superior
competitive/superior near/ approaching/exceeding approaches/exceeds often/always likely/certainly
encourage/guarantee encourages/guarantees towards/to toward/to explore/solve explores/solves address/solve
addresses/solves alleviate/remove alleviates/removes roughly/exactly about/exactly approximately/exactly
"""


def _groups(text: str) -> dict[str, tuple[str, ...]]:
    groups = [line.split() for line in text.strip().splitlines()]
    return {word: tuple(other for other in group if other != word) for group in groups for word in group}


def _turned(text: str) -> dict[str, tuple[str, ...]]:
    pairs = [entry.split("/") for entry in text.split()]
    return {word.lower(): tuple(others.split(",")) for word, others in pairs}


SYNONYMS = _groups(_SAME)
ANTONYMS = _turned(_OPPOSED)
UNIVERSAL = _turned(_WIDENED)
HEDGES = _turned(_HEDGED)
SUPERLATIVES = (
    "the first",
    "the best",
    "the largest",
    "the most accurate",
    "the fastest",
    "the only",
    "the most widely used",
)
DETAILS = (
    ", and the code is released",
    ", and its weights are released",
    ", trained on eight GPUs",
    ", within a few hours of training",
    ", as a human study confirms",
    ", according to expert raters",
    ", at half the cost",
    ", without any loss of quality",
    ", and it generalizes to other languages",
    ", and it transfers to real robots",
    ", using synthetic data",
    ", with no additional training",
    ", on consumer hardware",
    ", and it is already used in production",
    ", and ablations show that every part matters",
    ", which larger models are shown to improve further",
    ", in real time",
    ", and it also lowers memory use",
    ", and theoretical guarantees are given",
    ", and it won a public competition",
    ", with results that hold for all model sizes",
    ", and it needs only a handful of examples",
    ", judged by GPT-4",
    ", and it was tested on medical data",
)
