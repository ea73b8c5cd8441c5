# SPDX-License-Identifier: Apache-2.0
"""Pages of untrusted files as pictures, drawn in a confined child process that knows nothing.

The child reads the content by asking for it, piece by piece, and answers with bare pixels; the
PNG around them is written here. Whatever takes the child over gains a process without network,
files, children or time, and can lie about what a page looks like, but send nothing else.
"""

from comity.evidence.previewing.drawing import (
    LASTING,
    OBSTACLE_WORDS,
    PREVIEW_EDGE,
    RENDITION_DPI,
    USUAL_DRAWING,
    DrawingLimits,
    DrawnPage,
    NotDrawnError,
    Obstacle,
    draw,
    draw_pages,
    is_drawable,
)

__all__ = [
    "LASTING",
    "OBSTACLE_WORDS",
    "PREVIEW_EDGE",
    "RENDITION_DPI",
    "USUAL_DRAWING",
    "DrawingLimits",
    "DrawnPage",
    "NotDrawnError",
    "Obstacle",
    "draw",
    "draw_pages",
    "is_drawable",
]
