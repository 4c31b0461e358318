"""Where each channel answers."""

from django.contrib import admin
from django.urls import include, path, re_path
from django.views.generic import RedirectView

from config import health
from interfaces.web.outside import nothing_here

urlpatterns = [
    path("", RedirectView.as_view(url="/api/v1/docs")),
    path("", include("interfaces.web.urls")),
    path("api/", include("interfaces.api.urls")),
    # Passwords are looked at on one page alone.
    path("admin/login/", RedirectView.as_view(pattern_name="web:sign_in", query_string=True)),
    path("admin/password_change/", RedirectView.as_view(pattern_name="web:password")),
    path("admin/", admin.site.urls),
    path("health/live", health.live),
    path("health/ready", health.ready),
    # A view, as Django's own page about a missing route would be shown in its place in development.
    re_path("", nothing_here),
]
handler400 = "config.outside.bad_request"
handler404 = "config.outside.not_found"
handler500 = "config.outside.server_error"
