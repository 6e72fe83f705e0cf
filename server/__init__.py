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

__all__ = ["MIDDLEWARE", "ROUTES", "lifespan"]
