from .languages import ENGLISH as ENGLISH
from .languages import in_english as in_english
from .languages import known_languages as known_languages
from .languages import language_of as language_of
from .languages import listed as listed
from .languages import say as say
from .languages import wanted_language as wanted_language
from .languages import without_language as without_language
