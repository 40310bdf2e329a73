"""The configuration: every setting with its default and meaning, read once and strictly."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
