"""/docs: the API explained on a page of our own, without anybody's network; the same as OpenAPI at /docs/openapi.json."""

from __future__ import annotations

from typing import Any

from litestar import Request
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin, OpenAPIRenderPlugin
from litestar.openapi.spec import Components, Contact, License, SecurityScheme, Tag

from web.api.status import ledger_version
from web.language import COOKIE, language_of
from web.problem import ProblemKind
from web.render import Frame, render

_METHODS = ("get", "post", "put", "patch", "delete")


class DocsPage(OpenAPIRenderPlugin):
    """The operations of the API as a plain page."""

    def render(self, request: Request[Any, Any, Any], openapi_schema: dict[str, Any]) -> bytes:
        """The page."""
        language = language_of(request.query_params.get("lang"), request.cookies.get(COOKIE))
        operations: dict[str, list[dict[str, Any]]] = {}
        for path, item in openapi_schema["paths"].items():
            for method in _METHODS:
                if method in item:
                    operation = item[method] | {"path": path, "method": method.upper()}
                    operations.setdefault((operation.get("tags") or ["Other"])[0], []).append(operation)
        frame = Frame(
            title=language.say("API-documentatie", "API documentation"),
            path="/docs",
            query={},
            sandbox=False,
            signed_in=True,
            reads=False,
            operates=False,
            position=None,
            known="",
            today="",
        )
        view = {"groups": operations, "info": openapi_schema["info"], "problems": list(ProblemKind)}
        return render("docs.html", language=language, frame=frame, view=view).encode()


def openapi_config() -> OpenAPIConfig:
    """The OpenAPI document of the application, and where it is shown."""
    return OpenAPIConfig(
        title="Trajectory ledger",
        version=ledger_version(),
        description=(
            "The event-sourced register of how newcomers in Flanders and Brussels find their way to work. "
            "Errors are RFC 9457 problem details with a sentence in Dutch and English."
        ),
        contact=Contact(name="The operator of this ledger"),
        license=License(name="EUPL-1.2", identifier="EUPL-1.2"),
        path="/docs",
        render_plugins=[DocsPage(path="/"), JsonRenderPlugin(path="/openapi.json")],
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
