"""/aanmelden and /afmelden: a token in, a cookie out. In a sandbox nobody needs to."""

from __future__ import annotations

import msgspec

from ledger.errors import Unauthorised
from web.page import Answer, Moved, Shown, Visit, action, page
from web.visitor import of_token

PATH = "/aanmelden"


class SignInView(msgspec.Struct, frozen=True):
    """What the form shows."""

    back: str
    fault: str | None


@page(PATH, nl="Aanmelden", en="Sign in", template="signin.html")
async def form(visit: Visit) -> Answer:
    """The form."""
    return Shown(view=SignInView(_inside(visit.query.get("naar", "/")), None))


@action(PATH, reads=True)
async def sign_in(visit: Visit) -> Answer:
    """Check the token and keep it in a cookie that no script reads and no other site sends."""
    token = visit.form.get("token", "").strip()
    back = _inside(visit.form.get("naar", "/"))
    try:
        await of_token(token, visit.parts)
    except Unauthorised:
        fault = visit.say(
            "Dit token is onbekend, ingetrokken of verlopen. Kijk na of u het helemaal overnam.",
            "This token is unknown, revoked or expired. Check that you copied all of it.",
        )
        return Shown(view=SignInView(back, fault), status=401)
    return Moved(to=back, token=token)


@action("/afmelden", reads=True)
async def sign_out(_: Visit) -> Answer:
    """Forget the token."""
    return Moved(to="/", token="")


def _inside(path: str) -> str:
    """A path of this site; anything else is the first page."""
    return path if path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable() else "/"
