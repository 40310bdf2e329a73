"""The terminal application: a Textual front end; it knows events and values, never a vendor of models."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
