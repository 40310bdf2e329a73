"""Finding papers for a question, and the sentences in them that answer it."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
