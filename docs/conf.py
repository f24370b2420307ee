"""How Sphinx builds these pages."""

from importlib.metadata import version as version_of

project = "cleveragents"
author = "the cleveragents authors"
release = version = version_of(project)

extensions = ["myst_parser"]
myst_enable_extensions = ["deflist", "colon_fence"]
myst_heading_anchors = 3
exclude_patterns = ["_build"]
# Console blocks hold output between their commands, which no lexer understands.
highlight_language = "none"
suppress_warnings = ["misc.highlighting_failure"]

html_theme = "furo"
html_title = f"cleveragents {release}"
html_show_copyright = False
