from .gathering import Gathered as Gathered
from .gathering import gather as gather
from .gathering import salient_terms as salient_terms
from .grouping import FURTHER as FURTHER
from .grouping import Approach as Approach
from .packing import spread_evidence as spread_evidence
from .writer import SurveyWriter as SurveyWriter
