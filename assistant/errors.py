"""Everything that can go wrong in words for the reader, each with a remedy and an exit code.

AssistantError                 1   anything below
├── UsageError                 2   the command, the configuration or an input file is not as it should be
│   ├── ConfigError
│   └── InputError
├── NothingFound               3   the request was fine, the library has no answer
│   └── NothingNew             8   everything was shown before; not a failure
├── ModelError                 4
│   ├── ModelMissing               no such model here, or no key for it
│   ├── ModelUnavailable           the server or the file does not answer; trying later may help
│   └── ModelInterrupted           the answer stopped in the middle; what came is kept
│       └── ModelCrowdedOut            the server ended it for another request; asked again it is written alone
├── FeedError                  5   the feed does not answer, or answers something else
├── LibraryError               6
│   ├── LibraryLocked              another process is writing
│   └── LibraryMismatch            schema or embedder are not the ones the library was made with
├── AssetError                 7
│   ├── AssetMissing               it was not pulled yet
│   └── AssetCorrupt               bytes are not those of the list
└── DeliveryError              9   a text is made, and cannot be written or sent
    └── DeliveredInPart            some of the receivers have it
"""


class AssistantError(Exception):
    """The root: a message for the reader and, where there is one, what to do about it."""

    exit_code = 1

    def __init__(self, message: str, remedy: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy


class UsageError(AssistantError):
    """The command line asks for something that does not exist or does not fit together."""

    exit_code = 2


class ConfigError(UsageError):
    """A key or a value of the configuration is wrong; the message names file, key and the nearest valid name."""


class InputError(UsageError):
    """A file to read is missing, empty or of an unknown kind."""


class NothingFound(AssistantError):
    """The library has no paper for the request."""

    exit_code = 3


class NothingNew(NothingFound):
    """Everything that there is to show was shown before, or is outside the profile: nothing failed."""

    exit_code = 8


class ModelError(AssistantError):
    """A language model cannot do what was asked."""

    exit_code = 4


class ModelMissing(ModelError):
    """The model is not here: no key, no file, no such name, or its package is not installed."""


class ModelUnavailable(ModelError):
    """The model is known but does not answer: server down, refused, timed out, unreadable file."""


class ModelInterrupted(ModelError):
    """The stream broke off; the text that arrived before stands and is marked incomplete."""


class ModelCrowdedOut(ModelInterrupted):
    """The server ended the answer when another request came; asked again it is written with no other beside it."""


class FeedError(AssistantError):
    """The feed cannot be reached or its answer cannot be read."""

    exit_code = 5


class LibraryError(AssistantError):
    """The library on disk cannot be used."""

    exit_code = 6


class LibraryLocked(LibraryError):
    """Another process writes to the library; the message names it."""


class LibraryMismatch(LibraryError):
    """The library was made by a newer program or with another embedder."""


class AssetError(AssistantError):
    """An outside file cannot be had or used."""

    exit_code = 7


class AssetMissing(AssetError):
    """The asset is on the list and not on this machine."""


class AssetCorrupt(AssetError):
    """The bytes differ from the SHA-256 on the list."""


class DeliveryError(AssistantError):
    """A file cannot be written, a page not be converted, a mail not be sent; the message says what became of it."""

    exit_code = 9


class DeliveredInPart(DeliveryError):
    """A mail went to some of its receivers; to them it is not sent again."""
