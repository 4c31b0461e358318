"""What the catalog has to know of the ledger."""

from uuid import UUID

from typing_extensions import override

from application.catalog.ports import ProductUse
from infrastructure.persistence.production.models import Movement


class DjangoProductUse(ProductUse):
    """Looks for one movement."""

    @override
    def has_movements(self, product: UUID) -> bool:
        return Movement.objects.filter(product=product).exists()
