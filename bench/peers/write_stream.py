"""The usual way: `st.write_stream` over a LangChain model."""

import os

import streamlit as st
from langchain_openai import ChatOpenAI
from pydantic import SecretStr

model = ChatOpenAI(
    model=st.query_params["model"],
    base_url=os.environ["PROVIDER_URL"],
    api_key=SecretStr("EMPTY"),
    timeout=60,
    max_retries=0,
)
if st.button("Ask", key="ask"):
    st.write_stream(model.stream("go"))
