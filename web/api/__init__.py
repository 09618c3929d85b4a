"""The HTTP API: a module per subject, each with ``HANDLERS``; found by itself."""

from __future__ import annotations

import importlib
import pkgutil

from litestar.handlers import HTTPRouteHandler


def handlers() -> list[HTTPRouteHandler]:
    """The route handlers of every module of this package."""
    found: list[HTTPRouteHandler] = []
    for module in pkgutil.iter_modules(__path__):
        loaded = importlib.import_module(f"{__name__}.{module.name}")
        found.extend(getattr(loaded, "HANDLERS", ()))
    return found
