"""Runs: what was run, to be found, opened, taken along and deleted."""

from components import shell

shell.frame()

import streamlit as st

from components.kept import listing, one

if st.query_params.get("run"):
    one.show(st.query_params["run"])
else:
    listing.show()
