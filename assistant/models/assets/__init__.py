"""Every byte from outside: the list with its hashes, fetching, verifying.

`load_catalog` reads the list, `AssetStore` knows the folder and gives verified files, `Puller` fetches what is missing.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
