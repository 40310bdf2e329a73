"""Reports, references and conversations in other forms, and how they are delivered: file, page, feed, mail."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
