"""Whether the program is alive, and whether it can do its work; for supervisors, without authentication."""

from django.db import Error, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe


@never_cache
@require_safe
def live(_request: HttpRequest) -> JsonResponse:
    """Answer 200 while the process answers at all."""
    return JsonResponse({"status": "live"})


@never_cache
@require_safe
def ready(_request: HttpRequest) -> JsonResponse:
    """Answer 200 when the database does and takes changes, otherwise 503."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SHOW transaction_read_only")
            (read_only,) = cursor.fetchone()
    except Error:
        return JsonResponse({"status": "no database"}, status=503)
    if read_only == "on":
        return JsonResponse({"status": "read only"}, status=503)
    return JsonResponse({"status": "ready"})
