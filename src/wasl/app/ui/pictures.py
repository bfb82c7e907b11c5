"""Our SVG pictures as PNG, for chat programs and mail: drawn by the typesetter that draws the PDFs, so nothing new is needed."""

from __future__ import annotations

import typst

SIDE_PIXELS = 512
_SOURCE = f"""#set page(width: {SIDE_PIXELS}pt, height: {SIDE_PIXELS}pt, margin: 0pt, fill: none)
#image(bytes(sys.inputs.svg), format: "svg", width: 100%)"""


def png(svg: str) -> bytes:
    """A square picture of 512 pixels. The SVG is ours: nothing that somebody uploaded comes here."""
    made = typst.compile(_SOURCE.encode(), format="png", ppi=72.0, sys_inputs={"svg": svg})
    assert isinstance(made, bytes), "one page, one picture"
    return made
