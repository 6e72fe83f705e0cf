"""ASGI beside Streamlit: live socket, HTTP API, assets, guard, lifespan."""

from starlette.middleware import Middleware
from starlette.routing import Mount

from server.api import api
from server.assets import Assets
from server.guard import Guard
from server.lifespan import CheckedSettings, lifespan

ROUTES = [Mount("/api", app=api), Mount("/assets", app=Assets())]
MIDDLEWARE = [Middleware(CheckedSettings), Middleware(Guard)]

__all__ = ["MIDDLEWARE", "ROUTES", "lifespan"]
