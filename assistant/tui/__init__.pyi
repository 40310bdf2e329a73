from .runner import require_startable as require_startable
from .runner import run_application as run_application
