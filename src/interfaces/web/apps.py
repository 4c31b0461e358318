"""The application that brings the pages."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Pages, with their templates, styles and words."""

    name = "interfaces.web"
    label = "web"
