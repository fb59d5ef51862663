"""Languages that are shown as they are, because Pygments does not know them."""

from pygments.lexers import find_lexer_class_by_name
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata


def setup(app: Sphinx) -> ExtensionMetadata:
    """Tell Sphinx about them."""
    app.add_lexer("mermaid", find_lexer_class_by_name("text"))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
