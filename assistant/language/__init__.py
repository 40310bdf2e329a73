"""The languages of questions: told by small rules, turned into English word by word, spoken in fixed phrases."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
