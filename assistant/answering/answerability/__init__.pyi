from .gates import Sufficiency as Sufficiency
from .refusal import RetrievalResult as RetrievalResult
from .refusal import about_topic as about_topic
from .refusal import refused as refused
