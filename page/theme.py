"""The page's theme: paper and ink, one accent, the system's own typefaces."""

from __future__ import annotations

import gradio as gr

SANS = ("system-ui", "Segoe UI", "Roboto", "Inter", "Noto Sans", "sans-serif")
"""Nothing is fetched: the reader's system has these, or its own."""

INK = gr.themes.Color(
    *("#eef4f5", "#d8e6e9", "#b3ced4", "#86afb8", "#5a8f9b", "#37727f"),
    *("#1f5a68", "#184854", "#133a44", "#0e2c34", "#081b20"),
    name="ink",
)
PAPER = gr.themes.Color(
    *("#fbfaf7", "#f4f2ec", "#e6e2d8", "#d2ccbe", "#a59e8f", "#756f62"),
    *("#57524a", "#423e38", "#2a2825", "#1d1c1a", "#131211"),
    name="paper",
)


COLOURS = {
    "body_background_fill": ("#fbfaf7", "#161513"),
    "body_text_color": ("#1d1c1a", "#ece8df"),
    "body_text_color_subdued": ("#57524a", "#b5aea0"),
    "background_fill_primary": ("#fffefb", "#1d1c1a"),
    "background_fill_secondary": ("#f4f2ec", "#232220"),
    "block_background_fill": ("transparent", "transparent"),
    "block_border_width": ("0px", "0px"),
    "block_label_text_color": ("#57524a", "#b5aea0"),
    "block_title_text_color": ("#423e38", "#d2ccbe"),
    "border_color_primary": ("#d2ccbe", "#423e38"),
    "input_background_fill": ("#fffefb", "#1d1c1a"),
    "input_border_color": ("#8d8676", "#756f62"),
    "input_border_width": ("1px", "1px"),
    "input_placeholder_color": ("#6b6558", "#a59e8f"),
    "link_text_color": ("#1f5a68", "#8fc3cf"),
    "button_primary_background_fill": ("#1f5a68", "#8fc3cf"),
    "button_primary_background_fill_hover": ("#133a44", "#b3ced4"),
    "button_primary_text_color": ("#ffffff", "#0e2c34"),
    "button_secondary_background_fill": ("transparent", "transparent"),
    "button_secondary_border_color": ("#8d8676", "#756f62"),
    "button_secondary_text_color": ("#1d1c1a", "#ece8df"),
}
"""What Gradio calls each part, and how it looks in the light and in the dark."""


def theme() -> gr.themes.Base:
    """Light and dark, of the same two colours."""
    base = gr.themes.Base(
        primary_hue=INK, secondary_hue=INK, neutral_hue=PAPER, font=SANS,
        font_mono=("ui-monospace", "monospace"), radius_size="sm", text_size="md",
    )  # fmt: skip
    dark = {f"{name}_dark": dark for name, (_, dark) in COLOURS.items()}
    light = {name: light for name, (light, _) in COLOURS.items()}
    return base.set(block_title_text_weight="500", **light, **dark)
