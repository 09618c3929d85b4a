"""The OpenAPI document of the application."""

from __future__ import annotations

from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, Contact, License, SecurityScheme, Tag

from web.api.status import ledger_version

_INNER = "/docs/schema"
"""Where the framework serves what it makes; the document itself stands at ``/docs/openapi.json``, the page at ``/docs``."""


def openapi_config() -> OpenAPIConfig:
    """What the document says of the whole."""
    return OpenAPIConfig(
        title="Trajectory ledger",
        version=ledger_version(),
        description=(
            "The event-sourced register of how newcomers in Flanders and Brussels find their way to work. "
            "Errors are RFC 9457 problem details with a sentence in Dutch and English."
        ),
        contact=Contact(name="The operator of this ledger"),
        license=License(name="EUPL-1.2", identifier="EUPL-1.2"),
        path=_INNER,
        render_plugins=[JsonRenderPlugin(path="/openapi.json")],
        components=Components(
            security_schemes={
                "token": SecurityScheme(
                    type="http", scheme="bearer", description="Token of a publisher, an auditor or the operator. A sandbox needs none."
                )
            }
        ),
        security=[{}, {"token": []}],
        tags=[
            Tag(name="Publishing", description="Events in, verdicts out."),
            Tag(name="Trajectories", description="One person's trajectory."),
            Tag(name="Figures", description="Counts over many, small ones hidden."),
            Tag(name="Quality", description="What was refused, late, missing or contradictory."),
            Tag(name="Audit", description="The log itself."),
            Tag(name="Contracts", description="What may be published."),
            Tag(name="Operations", description="How the ledger is, and keeping it so."),
        ],
        use_handler_docstrings=True,
    )
