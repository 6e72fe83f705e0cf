"""ASGI beside Streamlit: live socket, HTTP API, assets, guard, lifespan."""

from pathlib import Path

from starlette.middleware import Middleware
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from server.api import api
from server.guard import Guard
from server.lifespan import lifespan

ASSETS = Path(__file__).parent.parent / "components" / "frontend"

ROUTES = [Mount("/api", app=api), Mount("/assets", app=StaticFiles(directory=ASSETS))]
MIDDLEWARE = [Middleware(Guard)]

__all__ = ["MIDDLEWARE", "ROUTES", "lifespan"]
