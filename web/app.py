"""The web application: the HTTP API and the pages of one ledger, as an ASGI application."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from litestar import Litestar, Request
from litestar.datastructures import CacheControlHeader, State
from litestar.di import Provide
from litestar.static_files import create_static_files_router

from streams.clock import SystemClock
from streams.folder import Mode
from streams.wiring import Parts
from web.api import handlers
from web.api.events import Intake
from web.edge import Edge
from web.faults import answer
from web.metrics import Metrics
from web.news import News
from web.onlooking import takes_nothing_in
from web.openapi import openapi_config
from web.parameters import FREE, only_known
from web.render import STATIC
from web.site import site_handlers
from web.started import Started
from web.visitor import Visitor, visitor_of


def create_app(parts: Parts) -> Edge:
    """The application for one set of parts. It starts nothing but a listener for news; the parts live and end elsewhere."""
    metrics, intake, news = Metrics(), Intake(), News(parts.store)
    started = Started(SystemClock().now())

    async def visitor(request: Request[Any, Any, Any]) -> Visitor:
        return await visitor_of(request, parts)

    @asynccontextmanager
    async def living(_: Litestar) -> AsyncIterator[None]:
        await news.start()
        try:
            yield
        finally:
            await news.stop()

    def given(value: object) -> Provide:
        return Provide(lambda: value, sync_to_thread=False, use_cache=True)

    inner = Litestar(
        route_handlers=[
            *handlers(),
            *site_handlers(),
            create_static_files_router(
                path="/static",
                directories=[STATIC],
                include_in_schema=False,
                opt={FREE: True},
                cache_control=CacheControlHeader(max_age=86_400, public=True),
            ),
        ],
        dependencies={
            "parts": given(parts),
            "metrics": given(metrics),
            "intake": given(intake),
            "news": given(news),
            "started": given(started),
            "visitor": Provide(visitor),
        },
        guards=[only_known, *([takes_nothing_in(parts.settings.publish_url)] if parts.only_shows else [])],
        exception_handlers={Exception: answer},
        openapi_config=openapi_config(),
        lifespan=[living],
        state=State({"sandbox": parts.ledger.mode is Mode.SANDBOX}),
        logging_config=None,
        debug=False,
    )
    return Edge(inner, metrics)
