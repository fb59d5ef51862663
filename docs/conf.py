"""How the site is made: ``sphinx-build -W -n docs <folder>``. Nothing is fetched while it is."""

import sys
from importlib import metadata
from pathlib import Path

sys.path.append(str(Path(__file__).parent / "_extensions"))
sys.path.append(str(Path(__file__).parents[1]))  # the incidents are data of the tests

project = "lastgood"
author = "The lastgood maintainers"
project_copyright = author
release = metadata.version("lastgood")

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx_copybutton",
    "sphinx_design",
    "comments",
    "forge",
    "incidents",
    "llms",
    "names",
    "outside",
    "plain",
    "playground",
]
exclude_patterns = ["_*"]
nitpicky = True  # a name in a docstring that leads nowhere is an error
nitpick_ignore_regex = [
    # Python's own names, which are documented elsewhere: no site is asked for their addresses.
    (r"py:.*", r"(?!lastgood).*"),
    # Types in signatures that a reader need not name.
    (
        r"py:class",
        r"lastgood\.[\w.]+\.(Keeping|Memory|Recording|\w*Violation)",
    ),
]

myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3  # the anchors that a forge gives to headings work here as well

highlight_language = "none"  # a drawing in a docstring is not a program

default_role = "py:obj"  # `deploy` in a docstring is a link, where it names something
add_module_names = False
python_use_unqualified_type_names = True
python_maximum_signature_line_length = 120
toc_object_entries = False  # headings lead through a page
napoleon_use_ivar = True  # the facts of an error are a list
autodoc_member_order = "bysource"

copybutton_prompt_text = r">>> |\.\.\. |\$ "  # what is copied can be pasted: no prompt, no answer
copybutton_prompt_is_regexp = True
copybutton_selector = ", ".join(  # not what a program printed
    f"div.{block} pre"
    for block in [*(f"highlight-{tag}" for tag in ("python", "console", "toml", "yaml")), "doctest"]
)

html_theme = "furo"
pygments_dark_style = "monokai"  # the usual one underlines names like links
html_title = "lastgood"
html_favicon = "_static/favicon.svg"
html_static_path = ["_static"]
html_css_files = ["site.css"]
