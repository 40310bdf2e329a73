from .proposer import IdeaProposer as IdeaProposer
from .values import CandidateWritten as CandidateWritten
from .values import Idea as Idea
from .values import IdeaRequest as IdeaRequest
from .values import Ideas as Ideas
from .values import IdeasFinished as IdeasFinished
from .values import IdeasRefused as IdeasRefused
from .values import IdeasStarted as IdeasStarted
