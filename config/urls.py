"""Where each channel answers."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from config import health

urlpatterns = [
    path("", RedirectView.as_view(url="/api/v1/docs")),
    path("api/", include("interfaces.api.urls")),
    path("admin/", admin.site.urls),
    path("health/live", health.live),
    path("health/ready", health.ready),
]
handler400 = "interfaces.api.outside.bad_request"
handler500 = "interfaces.api.outside.server_error"
