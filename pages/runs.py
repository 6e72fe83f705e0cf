"""Runs: what was run, to be found, opened, taken along and deleted."""

from components import shell

shell.frame()

import streamlit as st

from components import run_list, run_page

if st.query_params.get("run"):
    run_page.show(st.query_params["run"])
else:
    run_list.show()
