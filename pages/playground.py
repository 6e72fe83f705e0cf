"""Playground: the prompt on one side, the run on the other."""

from components import shell

shell.frame()

import streamlit as st

from components.ablation import start
from components.kept import drafts, link
from components.library import clash
from components.prompt import editor, model_picker
from components.run import bar, key, pane
from components.sharing import opened
from components.start import hint

opened.take_up()
link.follow()
hint.show()
clash.show()
prompt, run = st.columns([1, 1], gap="large")
with prompt:
    editor.show()
with run:
    model_picker.show()
    going = pane.is_going()
    ready = bar.show(going=going)
    start.show(ready, going=going)
    pane.show_current(ready, going=going)
pane.show_current_wide(going=going)
key.mount()
drafts.keep()
