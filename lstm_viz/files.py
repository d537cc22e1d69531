"""Where the app's files lie: beside the package in a checkout, inside it in an installed wheel."""

from pathlib import Path

PACKAGE = Path(__file__).parent
INSTALLED = PACKAGE / "_app"
"""Where setup.py puts into a wheel what a checkout keeps beside the package."""

ROOT = INSTALLED if INSTALLED.is_dir() else PACKAGE.parent
APP = ROOT / "app.py"
ASSETS = ROOT / "assets"
COMPONENTS = ASSETS / "components"
RECORDINGS = ASSETS / "recordings"
SERIES = ASSETS / "series"
GALLERY = ASSETS / "gallery"
