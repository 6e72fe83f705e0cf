"""Chat: a conversation with the present chain, as a tree of turns of which one path is shown."""

from components import shell

shell.frame()

import streamlit as st

from components.chat import asking, conversations, frame, link, turns
from components.kept import drafts
from components.run import key

conversation = link.follow()
with st.container(width=asking.WIDTH):
    conversations.show(conversation)
    asks = frame.show()
    turns.show(conversation, asks)
asking.show(conversation, asks)
key.mount()
drafts.keep()
