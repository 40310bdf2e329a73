"""Where papers live: SQLite is the source of truth, Chroma and Tantivy are its indexes."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
