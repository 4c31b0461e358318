"""The paths of the product that are measured, and where health is asked for."""

from django.urls import include, path

from config import health
from tests.benchmarks.bare import reading
from tests.benchmarks.bare.recording import BareOperationViewSet

routes = [
    path("campaigns/", reading.Campaigns.as_view()),
    path("campaigns/<code>/", reading.Campaign.as_view()),
    path("operations/", BareOperationViewSet.as_view({"post": "create", "get": "list"})),
    path("operations/<uuid:operation_id>/", reading.Operation.as_view(), name="operation-detail"),
    path("lots/", reading.Lots.as_view()),
    path("lots/<uuid:lot_id>/", reading.Lot.as_view()),
]
urlpatterns = [
    path("api/v1/", include((routes, "v1"))),
    path("health/ready", health.ready),
]
