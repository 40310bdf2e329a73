"""Sentences about papers of the sample feed, written for this table, and whether the abstract bears them out.

Kinds: paraphrases that hold; a wrong number; another name; the opposite direction; one half that holds beside one that
does not; things that no abstract says.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Case:
    """A sentence about one paper; only paraphrases hold, and of mixed ones a part."""

    paper_id: str
    kind: str
    claim: str

    @property
    def holds(self) -> bool:
        """Whether the abstract bears it out whole."""
        return self.kind == "paraphrase"


_TABLE = {
    "paraphrase": (
        ("2608.13947", "The Multi-Genre Collection has 50,000 examples covering 13 genres such as rap and scripts."),
        ("2608.13947", "Human-written story prompts are used as seeds, and hand-curated attributes fix the format."),
        ("2608.14229", "AdaPop adapts the strength of unlearning to how popular each fact is."),
        ("2608.14229", "Under paraphrased queries, roughly five times less forgotten content leaks than with rivals."),
        ("2608.14929", "The lineage score classifies 3 related and 7 unrelated LLaMA-2 checkpoints correctly."),
        ("2608.14929", "It is 76 times faster than the nearest robust alternative on GPT-2."),
        ("2608.16590", "Zetta reaches a success rate of 93.6% on RoboCasa and 90.8% on LIBERO-Pro."),
        ("2608.16590", "Recovery skills and critics evolve online as code while the base policy stays frozen."),
        ("2608.17253", "Co-RL trains several models together, and each is rewarded by its peers without labels."),
        ("2608.17253", "Vision-language models improve by between 2.3% and 7.2% on four multimodal benchmarks."),
        ("2608.18115", "The detector feeds 33 features per token into a BiGRU and reaches an AUC of 0.84 on RAGTruth."),
        ("2608.18115", "On unseen generators the detector loses less than 4% AUC."),
        ("2608.18171", "Looping helps most when tool calls must be composed or depend on each other."),
        ("2608.18423", "FM-Bench lets language model agents manage a football club over 20 years."),
        ("2608.18423", "The score is computed by a deterministic engine without human raters."),
        ("2608.18565", "SemaPLC averages a strict verified pass rate of 72.6% across seven models."),
        ("2608.18701", "SoftVTBench offers 4,000 expert demonstrations with more than 50 assets."),
        ("2608.18701", "Touch improves task success in all six comparisons under distribution shift."),
        ("2608.18940", "C3LM is trained on some 45.6 million verified reactions."),
        ("2608.19197", "In SPADE the same language model designs environments and learns to act in them."),
        ("2608.13120", "SkillEvo beats evolution by self-reflection by 23 points."),
        ("2608.19799", "The best agent resolves fewer than 50% of the tasks in SWE-bench Science."),
        ("2608.19861", "PolicyGuide raises the mean Pass^4 from 0.42 to 0.62 with GPT-5.4."),
        ("2608.20202", "Every tested memory strategy performs worse than using no memory."),
        ("2608.20336", "Copy-paste artifacts drop from 0.169 to 0.055."),
        ("2608.20336", "WithEveryone supports as many as ten reference identities."),
    ),
    "number": (
        ("2608.13947", "The Multi-Genre Collection has 80K examples in 13 genres."),
        ("2608.14929", "On GPT-2 the score runs 67x faster than the closest robust alternative."),
        ("2608.16590", "Zetta reaches a success rate of 95.6% on RoboCasa."),
        ("2608.18115", "The features give an AUC of 0.904 on RAGTruth."),
        ("2608.18565", "SemaPLC has a strict verified pass rate of 82.6% on average."),
        ("2608.18940", "The training set holds about 45.6 thousand verified reactions."),
        ("2608.13120", "SkillEvo was evaluated on 98 skill-reference files and 19 production Skills."),
        ("2608.19880", "Held-out instances improve by up to 9.0 points with 19.8% fewer steps."),
    ),
    "name": (
        ("2608.14229", "MemoPop adapts the strength of unlearning to the popularity of a fact."),
        ("2608.18115", "The detector reaches an AUC of 0.840 on TruthfulQA."),
        ("2608.18171", "Looped models are compared with non-looped ones on ToolBench and BFCL."),
        ("2608.19758", "FlashPrefill V2 is measured on NVIDIA A100 GPUs at 128K context."),
        ("2608.19861", "PolicyGuide was tested with DeepSeek-R1 as agent and verifier."),
        ("2608.20281", "IAR is studied with Llama, Phi, Qwen and Mistral models."),
    ),
    "opposite": (
        ("2608.14229", "What is popular is easier to erase than what is rare."),
        ("2608.14229", "AdaPop lets more forgotten content leak when queries are paraphrased."),
        ("2608.16590", "Zetta slows down inference by 11.1x."),
        ("2608.17253", "Language models lose 3.0-8.6% on seven text-only benchmarks."),
        ("2608.18423", "The Arena is scored by LLM judges and human raters."),
        ("2608.18701", "Touch lowers task success in all six comparisons under distribution shift."),
        ("2608.20202", "Every memory strategy under test does better than having no memory at all."),
        ("2608.19799", "Badly matched guidance always raises exact success."),
        ("2608.20336", "Copy-paste artifacts rise from 0.055 to 0.169."),
    ),
    "mixed": (
        ("2608.13947", "The Multi-Genre Collection covers 13 genres and was translated by professional interpreters."),
        ("2608.17253", "Co-RL trains several models at once, and it needs a large cluster of Australian servers."),
        ("2608.18423", "FM-Bench runs a football club through 20 years and its source code won an industry award."),
        ("2608.19197", "SPADE lets one model play both roles, while teachers in schools grade its homework."),
        (
            "2608.20202",
            "AdaptiveMem is a simple inference-time method, which requires retraining the tokenizer weekly.",
        ),
        ("2608.18940", "C3LM is trained on verified reactions and predicts the price of each molecule on the market."),
    ),
    "invented": (
        ("2608.13947", "The dataset was annotated by crowd workers who were paid by the hour."),
        ("2608.14929", "The method requires access to the training data of both checkpoints' owners in court."),
        ("2608.16590", "The robots communicate with each other over a mesh network."),
        ("2608.18115", "Energy consumption of the detector is reported for mobile phones."),
        ("2608.18701", "The dataset contains recordings of surgical operations on animals."),
        ("2608.19758", "The authors prove a lower bound on the number of attention heads."),
        ("2608.19863", "Listeners rated the generated music in a blind test."),
        ("2608.20335", "Rendering a frame takes a few milliseconds on a laptop."),
        ("2608.19891", "The robot learned to fold laundry in a hospital."),
        ("2608.19799", "Paris is the capital of France."),
    ),
}

CASES = tuple(Case(paper_id, kind, claim) for kind, rows in _TABLE.items() for paper_id, claim in rows)
