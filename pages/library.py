"""Library: saved chains, to be found, opened, compared, restored, taken along and deleted."""

from components import shell

shell.frame()

import streamlit as st

from components.library import listing, one

if st.query_params.get("chain"):
    one.show(st.query_params["chain"])
else:
    listing.show()
