"""Clauses on pages: colour, graphics, images, annotations, actions, forms."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pikepdf

from .clause import Document, clause

_OPERATORS = frozenset(
    re.findall(
        r"\S+",
        "b B b* B* BDC BI BMC BT BX c cm CS cs d d0 d1 Do DP EI EMC ET EX f F f* G g gs h i ID j J K k l m M MP n q Q re RG rg ri s S SC "
        "sc SCN scn sh T* Tc Td TD Tf Tj TJ TL Tm Tr Ts Tw Tz v w W W* y ' \" INLINE IMAGE",
    )
)
_RGB, _CMYK = frozenset({"rg", "RG"}), frozenset({"k", "K"})
_INTENTS = frozenset({"/RelativeColorimetric", "/AbsoluteColorimetric", "/Perceptual", "/Saturation"})
_BLEND_MODES = frozenset(
    "/" + mode
    for mode in re.findall(
        r"\w+",
        "Normal Compatible Multiply Screen Overlay Darken Lighten ColorDodge ColorBurn HardLight SoftLight Difference Exclusion "
        "Hue Saturation Color Luminosity",
    )
)
_ACTIONS = frozenset({"/GoTo", "/GoToR", "/GoToE", "/Thread", "/URI", "/Named", "/SubmitForm"})
_NAMED = frozenset({"/NextPage", "/PrevPage", "/FirstPage", "/LastPage"})
_FORBIDDEN_ANNOTATIONS = frozenset({"/3D", "/Sound", "/Screen", "/Movie"})
_INVISIBLE, _HIDDEN, _PRINT, _NO_VIEW, _TOGGLE_NO_VIEW = 1, 2, 4, 32, 256


@clause("A3-6.2.2", "Content streams hold only operators of ISO 32000-1.")
def known_operators(d: Document) -> Iterator[str]:
    for _, operators in d.contents:
        for unknown in {str(op.operator) for op in operators} - _OPERATORS:
            yield f"the operator {unknown}"


@clause("A3-6.2.4.3", "Device colours are used only under an output intent of the same kind.")
def device_colours(d: Document) -> Iterator[str]:
    profiles = [i.get("/DestOutputProfile") for i in d.pdf.Root.get("/OutputIntents", [])]
    kinds = {p.get("/N") for p in profiles if isinstance(p, pikepdf.Stream)}
    used = {str(op.operator) for _, operators in d.contents for op in operators}
    if used & _RGB and 3 not in kinds:
        yield "RGB is used without an RGB output intent"
    if used & _CMYK and 4 not in kinds:
        yield "CMYK is used without a CMYK output intent"


@clause("A3-6.2.5", "Graphics states set no transfer function, halftone phase or other halftone.")
def graphics_states(d: Document) -> Iterator[str]:
    for state in _graphics_states(d):
        if "/TR" in state or "/HTP" in state or state.get("/TR2", "/Default") != "/Default":
            yield "a graphics state has TR, TR2 or HTP"


@clause("A3-6.2.6", "Rendering intents are one of the four of ISO 32000-1.")
def rendering_intents(d: Document) -> Iterator[str]:
    named = [str(op.operands[0]) for _, operators in d.contents for op in operators if str(op.operator) == "ri"]
    named += [str(x[key]) for x in d.dictionaries for key in ("/RI", "/Intent") if key in x and isinstance(x[key], pikepdf.Name)]
    yield from (f"the intent {name}" for name in set(named) - _INTENTS - {"/View", "/Design"})


@clause("A3-6.2.8", "Images are not interpolated and have no alternates.")
def images(d: Document) -> Iterator[str]:
    for o in d.objects:
        if o.get("/Subtype") == "/Image":
            if o.get("/Interpolate", False):
                yield "an image is interpolated"
            yield from (f"an image has {key}" for key in ("/Alternates", "/OPI") if key in o)


@clause("A3-6.2.9", "There are no PostScript or reference XObjects.")
def form_objects(d: Document) -> Iterator[str]:
    for o in d.objects:
        if o.get("/Subtype") == "/PS" or o.get("/Subtype2") == "/PS" or (o.get("/Subtype") == "/Form" and ("/Ref" in o or "/OPI" in o)):
            yield "a PostScript or reference XObject"


@clause("A3-6.2.10", "Blend modes are those of ISO 32000-1.")
def blend_modes(d: Document) -> Iterator[str]:
    for state in _graphics_states(d):
        modes = state.get("/BM")
        for mode in modes if isinstance(modes, pikepdf.Array) else [modes] if modes is not None else []:
            if str(mode) not in _BLEND_MODES:
                yield f"the blend mode {mode}"


def _graphics_states(d: Document) -> list[pikepdf.Object]:
    found = [s for o in d.dictionaries if isinstance(o.get("/ExtGState"), pikepdf.Dictionary) for s in dict(o.ExtGState).values()]
    return [s for s in found if isinstance(s, pikepdf.Dictionary)]


@clause("A3-6.3.1", "There are no 3D, sound, screen or movie annotations.")
def annotation_types(d: Document) -> Iterator[str]:
    for a in d.annotations:
        if str(a.get("/Subtype")) in _FORBIDDEN_ANNOTATIONS or "/Subtype" not in a:
            yield f"an annotation {a.get('/Subtype')}"


@clause("A3-6.3.2", "Annotations print and are not hidden.")
def annotation_flags(d: Document) -> Iterator[str]:
    for a in d.annotations:
        flags = int(a.get("/F", 0))
        if a.get("/Subtype") != "/Popup" and (not flags & _PRINT or flags & (_INVISIBLE | _HIDDEN | _NO_VIEW | _TOGGLE_NO_VIEW)):
            yield f"an annotation has the flags {flags}"


@clause("A3-6.3.3", "Annotations other than links and pop-ups have an appearance.")
def annotation_appearance(d: Document) -> Iterator[str]:
    for a in d.annotations:
        if a.get("/Subtype") not in ("/Link", "/Popup") and "/N" not in a.get("/AP", {}):
            yield f"an annotation {a.get('/Subtype')} has no appearance"


@clause("A3-6.4", "There is no XFA form, and no form whose appearance a reader must make.")
def forms(d: Document) -> Iterator[str]:
    form = d.pdf.Root.get("/AcroForm")
    if isinstance(form, pikepdf.Dictionary) and ("/XFA" in form or form.get("/NeedAppearances", False)):
        yield "the form has XFA or NeedAppearances"


@clause("A3-6.5.1", "Actions only go to a place, open an address or turn pages: no script, no launching.")
def actions(d: Document) -> Iterator[str]:
    for o in d.dictionaries:
        candidates = [o.get("/A"), o.get("/OpenAction"), o.get("/Next")]
        for action in (c for c in candidates if isinstance(c, pikepdf.Dictionary) and isinstance(c.get("/S"), pikepdf.Name)):
            if "/O" in action and "/S" not in action:
                continue
            if str(action.S) not in _ACTIONS or (action.S == "/Named" and str(action.get("/N")) not in _NAMED):
                yield f"the action {action.S}"
    if "/JavaScript" in d.pdf.Root.get("/Names", {}):
        yield "the names have JavaScript"


@clause("A3-6.5.2", "Neither the document nor a page nor a field runs actions by itself (AA).")
def trigger_events(d: Document) -> Iterator[str]:
    if any("/AA" in o for o in d.dictionaries):
        yield "a dictionary has AA"
