"""What closing a campaign reads and stores."""

from uuid import UUID

from django.db import connection
from typing_extensions import override

from application.production.ports import BalanceBook
from domain.production.closing import StoredBalance
from domain.production.lot import LotKey
from domain.shared.canonical import canonical_json
from infrastructure.persistence.production.models import CampaignBalance, Operation
from infrastructure.persistence.production.totals import STANDING

_WAITING = f"""
SELECT site.code, product.code, lot.code, lot.sub_lot
FROM lot
JOIN product ON product.id = lot.product_id
JOIN site ON site.id = lot.site_id
WHERE product.product_class = 'finished' AND lot.decided = 'pending' AND lot.holds = 0 AND EXISTS (
    SELECT FROM movement JOIN operation ON operation.id = movement.operation_id
    WHERE movement.lot_id = lot.id AND movement.direction = 'out' AND operation.campaign_id = %s AND {STANDING}
)
ORDER BY site.code, product.code, lot.code, lot.sub_lot
"""  # noqa: S608 - our own text


class DjangoBalanceBook(BalanceBook):
    """Keeps stored balances as the very text that was hashed."""

    @override
    def waiting_lots(self, campaign: UUID) -> tuple[LotKey, ...]:
        with connection.cursor() as cursor:
            cursor.execute(_WAITING, [campaign])
            return tuple(LotKey(*row) for row in cursor.fetchall())

    @override
    def recorded_by(self, campaign: UUID) -> frozenset[str]:
        standing = Operation.objects.standing().filter(campaign=campaign)
        return frozenset(standing.values_list("recorded_by", flat=True).distinct())

    @override
    def store(self, balance: StoredBalance) -> None:
        CampaignBalance.objects.create(
            campaign_id=balance.campaign,
            version=balance.version,
            document=canonical_json(balance.document).decode(),
            sha256=balance.sha256,
            closed_at=balance.closed_at,
        )
