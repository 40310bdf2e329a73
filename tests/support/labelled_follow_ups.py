"""Labelled follow-ups: what a person types after an answer from five sources, and what it is about."""

from dataclasses import dataclass

from assistant.retrieval.query.follow_ups import Earlier

EARLIER = Earlier(
    question="how do papers compress the KV cache?",
    answer="SnapStore drops entries [2]. TinyCache quantizes them to 2 bits [1]. Layers may share keys [4].",
    titles=(
        "TinyCache: Two-Bit Quantization of Key-Value Caches",
        "SnapStore: Evicting Tokens that Nobody Attends to",
        "A Survey of Cache Compression for Long Contexts",
        "LazyHeads: Sharing Keys and Values across Layers",
        "Streaming Transformers with Constant Memory",
    ),
    cited=(2, 1, 4),
)


@dataclass(frozen=True, slots=True)
class Case:
    """``alone``: stands alone; ``numbers`` and ``brings_in`` as a reader would label them."""

    question: str
    alone: bool
    numbers: tuple[int, ...] = ()
    brings_in: str | None = None


WRITTEN_BEFORE = (
    Case("and the second one?", False, (2,)),
    Case("how does it compare with LoRA?", False, (2,), "LoRA"),
    Case("what about its limitations", False, (2,)),
    Case("why?", False),
    Case("more details", False),
    Case("how many parameters?", False),
    Case("and on ImageNet?", False),
    Case("what does [3] say about evaluation?", False, (3,)),
    Case("is number 4 better than number 1?", False, (4, 1)),
    Case("paper 5: which models did they test?", False, (5,)),
    Case("who are the authors?", False, (2,)),
    Case("which of these is the fastest?", False),
    Case("do they report latency?", False),
    Case("does this method need training?", False, (2,)),
    Case("tell me more about SnapStore", True, (2,)),
    Case("what is the bit width in TinyCache?", True, (1,)),
    Case("what datasets were used?", False),
    Case("the last one, is code available?", False, (5,)),
    Case("can the latter be combined with FlashAttention?", False, (1,), "FlashAttention"),
    Case("is it possible to train a diffusion model on one GPU?", True),
    Case("how long does it take to pretrain a 7B language model?", True),
    Case("which benchmarks measure hallucination in vision-language models?", True),
    Case("papers on protein folding", True),
    Case("what is GRPO?", True),
    Case("how does speculative decoding work?", True),
    Case("does Mamba scale to long sequences?", True),
    Case("text-to-video models that keep identity", True),
    Case("what are the limitations of chain-of-thought prompting?", True),
    Case("show me agent memory papers from last week", True),
    Case("how do people detect contamination in benchmarks", True),
    Case("compare DPO and PPO for alignment", True),
    Case("which paper introduces the MegaHan97K dataset?", True),
    Case("robot manipulation with world models, what works best?", True),
    Case("anything new on machine unlearning?", True),
    Case("what accuracy does DeepSeek-R1 reach on AIME 2024?", True),
    Case("why do language models fail when they count letters?", True),
    Case("how can an agent learn from its own mistakes?", True),
    Case("do LLMs know what they do not know?", True),
)

WRITTEN_AFTER = (
    Case("what is its main idea?", False, (2,)),
    Case("and the third?", False, (3,)),
    Case("explain that again please", False),
    Case("is it open source", False, (2,)),
    Case("how much faster are they?", False),
    Case("what about LoRA?", False, (), "LoRA"),
    Case("any code available?", False),
    Case("does [1] need more memory than H2O?", False, (1,), "H2O"),
    Case("summarize the first one in two sentences", False, (1,)),
    Case("which GPUs did the authors use?", False, (2,)),
    Case("why does this work?", False, (2,)),
    Case("both papers: what are the baselines?", False, (2, 1)),
    Case("and for images?", False),
    Case("how large is the improvement?", False),
    Case("what are the results?", False),
    Case("can it be used with mixture-of-experts models?", False, (2,), "mixture-of-experts models"),
    Case("are there other papers like these?", False),
    Case("compare 1 and 2", False, (1, 2)),
    Case("go on", False),
    Case("when was it published?", False, (2,)),
    Case("LazyHeads: what is shared between layers?", True, (4,)),
    Case("how is TinyCache different from SnapStore?", True, (1, 2)),
    Case("does the survey of sparse attention by Tay discuss kernels?", True),
    Case("is it better to fine-tune or to prompt for text classification?", True),
    Case("papers that show that scaling laws break", True),
    Case("what datasets exist for sign language translation?", True),
    Case("the first open video diffusion transformer, which one is it?", True),
    Case("LLM agents and their safety risks", True),
    Case("how do you evaluate long-context retrieval?", True),
    Case("which optimizers beat AdamW at scale?", True),
    Case("if a reward model is noisy, does it hurt RLHF?", True),
    Case("this week's papers on quantization", True),
    Case("does it make sense to distill reasoning traces?", True),
    Case("what is the role of the tokenizer in multilingual models?", True),
    Case("who wrote the Llama 3 paper?", True),
    Case("best open-weight vision encoder", True),
    Case("can transformers learn arithmetic without a scratchpad?", True),
    Case("eviction or quantization of the KV cache: which loses less accuracy?", True),
    Case("and what is known about grokking?", True),
    Case("three surveys on embodied AI", True),
)

WRITTEN_LAST = (
    Case("and how slow is that?", False),
    Case("what hardware is it tested on", False, (2,)),
    Case("does the second paper also quantize keys?", False, (2,)),
    Case("are their results reproducible?", False),
    Case("which one keeps the most accuracy?", False),
    Case("what would happen without it?", False, (2,)),
    Case("ok, and [5]?", False, (5,)),
    Case("how does SnapStore differ from H2O?", True, (2,)),
    Case("is this method better than StreamingLLM?", False, (2,), "StreamingLLM"),
    Case("so what is the downside?", False),
    Case("give me the numbers", False),
    Case("translate that into plain English", False),
    Case("tell me about the fourth one", False, (4,)),
    Case("how about quantized attention?", False, (), "quantized attention"),
    Case("does it work for speech?", False, (2,)),
    Case("what is a good learning rate for LoRA?", True),
    Case("what are the results of Qwen3 on math?", True),
    Case("does retrieval help if the model already knows its facts?", True),
    Case("which model won the ARC challenge?", True),
    Case("how do diffusion models represent time?", True),
    Case("the authors of Mamba: what else did they write?", True),
    Case("methods that need no labels for segmentation", True),
    Case("first paper on chain of thought distillation", True),
    Case("when do mixture-of-experts models collapse?", True),
    Case("is it known whether RLHF reduces diversity?", True),
    Case("are vision transformers robust to blur, and why are they?", True),
    Case("those who study grokking: which tasks do they use?", True),
    Case("can we predict downstream scores from the pretraining loss?", True),
    Case("text embedding models under 100M parameters", True),
    Case("code generation benchmarks that cover Rust", True),
)

CASES = (*WRITTEN_BEFORE, *WRITTEN_AFTER, *WRITTEN_LAST)
