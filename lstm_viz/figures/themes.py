"""The app's two themes as Streamlit gives them to components, for where there is no Streamlit."""

import tomllib
from functools import cache

from lstm_viz.figures.palette import THEMES
from lstm_viz.files import ROOT

KINDS = {
    "primary-color": "primaryColor",
    "background-color": "backgroundColor",
    "secondary-background-color": "secondaryBackgroundColor",
    "text-color": "textColor",
    "border-color": "borderColor",
}


@cache
def _sheets() -> tuple[str, str, str]:
    """What the themes have in common, light, dark: declarations between braces."""
    themes = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())["theme"]
    common = f"{{--st-font:{themes['font']};--st-base-radius:{themes['baseRadius']}}}"
    light, dark = (
        "".join(f"--st-{name}:{themes[theme][key]};" for name, key in KINDS.items())
        for theme in THEMES
    )
    return common, f"{{{light}color-scheme:light}}", f"{{{dark}color-scheme:dark}}"


def page_themes() -> str:
    """Of a page of its own: its reader's theme, or the one that its data-theme says."""
    common, light, dark = _sheets()
    return (
        f":root{common}:root{light}@media (prefers-color-scheme:dark){{:root{dark}}}"
        f":root[data-theme=light]{light}:root[data-theme=dark]{dark}"
    )


def host_themes() -> str:
    """Of a part of another page: the one that its host's data-theme says."""
    common, light, dark = _sheets()
    return f":host{common}:host{light}:host([data-theme=dark]){dark}"
