"""Playground: the prompt on one side, the run on the other."""

from components import shell

shell.frame()

import streamlit as st

from components import link, model_picker, prompt_editor, run_bar, run_key, run_pane

link.follow()
prompt, run = st.columns([1, 1], gap="large")
with prompt:
    prompt_editor.show()
with run:
    model_picker.show()
    going = run_pane.is_going()
    run_bar.show(going=going)
    run_pane.show_current(going=going)
run_key.mount()
