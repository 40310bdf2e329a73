"""Research directions that build on papers: proposed by a model, grounded by the program."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
