"""Every address of the one origin."""

from __future__ import annotations

from importlib.util import find_spec

from django.urls import include, path

from wasl.app import health
from wasl.app.proofs import views as proofs

urlpatterns = [
    path("health/live", health.live, name="health-live"),
    path("health/ready", health.ready, name="health-ready"),
    path("log/checkpoint", proofs.checkpoint, name="log-checkpoint"),
    path("log/<int:shard>/checkpoint", proofs.checkpoint, name="log-shard-checkpoint"),
    path("log/tile/<path:tile>", proofs.tile, name="log-tile"),
    path("log/<int:shard>/tile/<path:tile>", proofs.tile, name="log-shard-tile"),
    path("log/trust.json", proofs.trust, name="log-trust"),
    path("accounts/", include("allauth.urls")),
]
PARTS = ("ui", "live", "payments", "notices", "support", "portal", "console")
urlpatterns += [path("", include(f"wasl.app.{name}.urls")) for name in PARTS if find_spec(f"wasl.app.{name}.urls")]
