"""What a question asks for beside its subject: days, organizations, upvotes, order; what it leaves to a turn before."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
