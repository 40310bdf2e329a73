from .conversation import conversation_markdown as conversation_markdown
from .digest import digest_markdown as digest_markdown
from .document import comparison_markdown as comparison_markdown
from .document import comparison_rows as comparison_rows
from .document import comparison_table as comparison_table
