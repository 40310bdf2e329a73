"""What other programs read: the shape of every JSON object as a typed dictionary, and the functions that make them.

One module a subject. A shape derives from `Published`; its docstring and those below its keys become the
descriptions of its JSON Schema. `commands.SHAPES` says which command prints which one. Where a value lives above
this package (an evaluation, a diagnosis, a conversation), its shape stands here and its maker beside the value.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
