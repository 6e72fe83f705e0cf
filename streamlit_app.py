"""The served app and the script in one file: routes and lifespan when imported, navigation when run by Streamlit."""

import streamlit as st

from components.shell import report_error, run_pages

if __name__ == "__main__":
    run_pages()
else:
    from server import MIDDLEWARE, lifespan, routes

    app = st.App(
        __file__,
        routes=routes(st.get_option("server.baseUrlPath")),
        middleware=MIDDLEWARE,
        lifespan=lifespan,
        on_script_error=report_error,
    )
