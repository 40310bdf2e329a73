from .detection import language_of as language_of
from .detection import wanted_language as wanted_language
from .detection import without_language as without_language
from .glossing import in_english as in_english
from .known import ENGLISH as ENGLISH
from .known import known_languages as known_languages
from .known import listed as listed
from .known import say as say
