"""How good the answers are: retrieval, refusal and citations on files of questions."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
