"""An issued invoice, its payer, and a picture as a telephone takes it."""

from __future__ import annotations

from io import BytesIO
from itertools import count
from typing import Any

import pytest


@pytest.fixture
def payer() -> Any:
    from wasl.app.support.conversations import Payer

    return Payer("buyer@example.com")


@pytest.fixture
def new_key() -> Any:
    """A key for each form, as the pages make one."""
    numbers = count(1)
    return lambda: f"form-{next(numbers)}"


@pytest.fixture
def worker(owner: Any) -> Any:
    """The owner of the seller, as an actor."""
    from wasl.app.tenancy.actor import Actor

    return Actor.of(owner)


@pytest.fixture
def picture() -> Any:
    """`picture(format, size, exif=True)`: the bytes of a photo taken in Riyadh by a camera with a name."""

    def make(kind: str = "JPEG", size: tuple[int, int] = (640, 480), *, exif: bool = True, colour: str = "teal") -> bytes:
        from PIL import Image

        image = Image.new("RGB", size, colour)
        options: dict[str, Any] = {}
        if exif:
            tags = Image.Exif()
            tags[0x010F], tags[0x0112] = "Secret Camera", 6
            tags.get_ifd(0x8825)[1] = "N"
            tags.get_ifd(0x8825)[2] = (24.0, 42.0, 49.0)
            options["exif"] = tags.tobytes()
        out = BytesIO()
        image.save(out, kind, **options)
        return out.getvalue()

    return make
