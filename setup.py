"""What pyproject.toml cannot say: a wheel carries the app, which lies beside the package."""

from setuptools import find_packages, setup

setup(
    packages=[*find_packages(include=["lstm_viz*"]), "lstm_viz._app"],
    package_dir={"lstm_viz._app": "."},
    script_name="setup.py",  # the one module of this folder that is no part of the app
)
