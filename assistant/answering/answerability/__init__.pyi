from .refusal import RetrievalResult as RetrievalResult
from .refusal import about_topic as about_topic
from .refusal import refused as refused
from .values import Sufficiency as Sufficiency
