"""The images of a message: a button with their count, what they are, and a way to add and to delete them."""

from collections.abc import Sequence

import streamlit as st

from chains.images import MAX_CHAIN_BYTES, MAX_IMAGES, NoPicture, Picture, data_of, picture, picture_of, to_uri
from chains.words import fill
from components import state
from components.words import _, plain, several

THUMBNAIL = 96
BESIDE = 160
"""Widths in pixels: of the image, and of what is said of it."""
MOST_PIXELS = 50_000_000
"""A larger image is not drawn: opening it would take hundreds of megabytes."""


def popover(row: int, *, of: str = "") -> None:
    """Draws the button of a row's images; behind it they are added and deleted."""
    held = state.images.held(row, of)
    label = several("{count} image", "{count} images", len(held)) if held else _("Images")
    with st.popover(label, icon=":material/image:", type="tertiary", key=f"{of}images_of_{row}"):
        for number, uri in enumerate(held):
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                _thumbnail(uri)
                st.button(
                    fill(_("Delete image {number}"), {"number": str(number + 1)}),
                    icon=":material/delete:",
                    type="tertiary",
                    key=f"{of}drop_image_{row}_{number}",
                    on_click=state.images.drop,
                    args=(row, number, of),
                )
        st.file_uploader(
            _("Add images"),
            type=["png", "jpg", "jpeg", "webp"],
            accept_multiple_files=True,
            max_upload_size=5,
            key=state.images.uploader(row, of),
            on_change=_add,
            args=(row, of),
            disabled=len(held) >= MAX_IMAGES,
            help=_("PNG, JPEG or WebP, 5 MB each, 10 a message, 20 MB in all. They are sent with the message."),
        )


def thumbnails(uris: Sequence[str]) -> None:
    """Draws images in a row, each with what it is."""
    if uris:
        with st.container(horizontal=True, gap="small"):
            for uri in uris:
                _thumbnail(uri)


def said(found: Picture) -> str:
    """An image for a reader: its format, size in pixels and in bytes."""
    return fill(_("image, {facts}"), {"facts": str(found)})


def _thumbnail(uri: str) -> None:
    found = picture_of(uri)
    with st.container(width=BESIDE, gap="small"):
        if found.width * found.height <= MOST_PIXELS:
            # What has the header of an image may be none behind it; its facts stand below all the same.
            try:
                st.image(data_of(uri), width=THUMBNAIL, alt=said(found))
            except (OSError, SyntaxError, ValueError):
                st.caption(_("It cannot be drawn."))
        st.caption(plain(str(found)))


def _add(row: int, of: str) -> None:
    refused = []
    for data in state.images.taken(row, of):
        reason = _refusal(data, row, of)
        if reason:
            refused.append(reason)
        else:
            state.images.put(row, [*state.images.held(row, of), to_uri(data)], of)
    for reason in dict.fromkeys(refused):
        st.toast(plain(reason))


def _refusal(data: bytes, row: int, of: str) -> str:
    """Why an image cannot be added; '' when it can."""
    try:
        found = picture(data)
    except NoPicture as no:
        if no.code == "image_size":
            return _("An image may have 5 MB at most.")
        return _("The file is no PNG, JPEG or WebP image, whatever its name says.")
    if len(state.images.held(row, of)) >= MAX_IMAGES:
        return _("A message holds 10 images at most.")
    if state.images.weight() + found.size > MAX_CHAIN_BYTES:
        return _("The images of a chain may have 20 MB at most together.")
    return ""
