"""ASGI beside Streamlit: live socket, HTTP API, assets, guard, names of browsers, lifespan."""

from starlette.middleware import Middleware
from starlette.routing import Mount

from server.api import api
from server.assets import Assets
from server.browsers import Browsers
from server.guard import Guard
from server.lifespan import CheckedSettings, lifespan

ROUTES = [Mount("/api", app=api), Mount("/assets", app=Assets())]
MIDDLEWARE = [Middleware(CheckedSettings), Middleware(Guard), Middleware(Browsers)]

__all__ = ["MIDDLEWARE", "ROUTES", "lifespan", "routes"]


def routes(base: str) -> list[Mount]:
    """Our routes where the pages are served below the path `base`: there, and at the root for programs."""
    prefix = base.strip("/")
    return [*(Mount(f"/{prefix}{route.path}", app=route.app) for route in ROUTES if prefix), *ROUTES]
