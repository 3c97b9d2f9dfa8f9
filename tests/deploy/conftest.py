"""Fixtures for how it is run: small copies of the tree."""

from tests.deploy.script_tree import bare, made, own, ready

__all__ = ["bare", "made", "own", "ready"]
