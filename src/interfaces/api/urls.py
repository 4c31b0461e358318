"""The routes of the API, by version."""

from django.urls import URLPattern, URLResolver, include, path, re_path

from interfaces.api.documents import VersionsView
from interfaces.api.views import nothing_here

urlpatterns: list[URLPattern | URLResolver] = [
    path("", VersionsView.as_view()),
    path("v1/", include("interfaces.api.v1.urls", namespace="v1")),
    re_path("", nothing_here),
]
