"""ASGI beside Streamlit: live socket, HTTP API, assets, guard, names of browsers, lifespan."""

from starlette.middleware import Middleware
from starlette.routing import BaseRoute, Mount, Route

from server.api import METHODS, api, no_route
from server.assets import Assets
from server.browsers import Browsers
from server.guard import Guard
from server.lifespan import CheckedSettings, lifespan

MIDDLEWARE = [Middleware(CheckedSettings), Middleware(Guard), Middleware(Browsers)]

__all__ = ["MIDDLEWARE", "lifespan", "routes"]


def routes(base: str) -> list[BaseRoute]:
    """Our routes where the pages are served below the path `base`: there, and at the root for programs."""
    prefix = base.strip("/")
    return [*(_below(f"/{prefix}") if prefix else ()), *_below("")]


def _below(path: str) -> list[BaseRoute]:
    # The bare path is no part of what is mounted there, and would get Streamlit's page.
    bare = Route(f"{path}/api", no_route, methods=METHODS)
    return [bare, Mount(f"{path}/api", app=api), Mount(f"{path}/assets", app=Assets())]
