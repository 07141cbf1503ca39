"""How does a page come to be? Templates over the page components, with every page's headers."""

from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import (
    ChainableUndefined,
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    PackageLoader,
    PrefixLoader,
)

from services.chassis.clock import Clock
from services.front import words

HERE = Path(__file__).parent
# Nothing from elsewhere, nothing inline, in no frame. Every page works without its script.
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
_COMPONENTS = "govuk_frontend_jinja"

Banner = Callable[[], Awaitable[Mapping[str, Any] | None]]
Home = Callable[[Request], Awaitable[HTMLResponse]]


class _Undefined(ChainableUndefined):
    """The components ask after parameters that nobody gave; anything else that is printed is."""

    def __str__(self) -> str:
        if self._undefined_name is not None and not isinstance(self._undefined_obj, dict):
            self._fail_with_undefined_error()
        return ""


class Pages:
    """`clock` is that of the house: what day it is, also where a demonstration moves it.

    `folders`: further templates, of who adds pages of its own. `banner`: what every page says
    first, or None. `home`: what `/` shows instead of saying that the installation runs, or None.
    """

    def __init__(self, clock: Clock, *, folders: tuple[Path, ...] = ()) -> None:
        self.clock = clock
        self.banner: Banner | None = None
        self.home: Home | None = None
        own = [FileSystemLoader(folder) for folder in (HERE / "templates", *folders)]
        components = PrefixLoader({_COMPONENTS: PackageLoader(_COMPONENTS)})
        self._templates = Environment(
            loader=ChoiceLoader([*own, components]),
            autoescape=True,
            undefined=_Undefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.filters.update(words.FILTERS)

    async def show(
        self, request: Request, template: str, *, status: int = 200, **content: Any
    ) -> HTMLResponse:
        visitor = getattr(request.state, "visitor", None)
        banner = await self.banner() if self.banner else None
        text = self._templates.get_template(template).render(
            visitor=visitor,
            banner=banner,
            path=request.url.path,
            now=self.clock.now(),
            **content,
        )
        return HTMLResponse(text, status, headers=HEADERS)
