"""What the generated client's types refuse, before anything is sent: each line for its own fault."""

from datetime import datetime

from lignage import AuthenticatedClient, models
from lignage.api.lots import lot_list
from lignage.api.partners import partner_partial_update


def wrong(client: AuthenticatedClient, recorded: models.OperationRead, problem: models.Problem, at: datetime) -> None:
    """None of this would be taken."""
    loss, taken, used = models.OperationKind.LOSS, models.Direction.IN, models.MovementRole.INPUT
    models.OperationWrite(kind="brewing", occurred_at=at, site="M", operator="O", movements=[])  # refused: arg-type
    models.OperationWrite(kind=loss, occurred_at="noon", site="M", operator="O", movements=[])  # refused: arg-type
    models.OperationWrite(kind=loss, site="M", operator="O", movements=[])  # refused: call-arg
    models.MovementWrite(direction=taken, role=used, product="P", quantity=1.5, unit="KGM")  # refused: arg-type
    models.MovementWrite(direction=taken, role=used, product="P", unit="KGM")  # refused: call-arg
    str(models.OperationKind.BREWING)  # refused: attr-defined
    models.PartnerWrite(code="FAIR")  # refused: call-arg
    models.PartnerWrite(code="FAIR", role=models.PartnerRole.BOTH, colour="red")  # refused: call-arg
    partner_partial_update.sync("FAIR", client=client, body=models.PatchedPartnerWrite())  # refused: call-arg
    lot_list.sync(client=client, disposition="eaten")  # refused: arg-type
    str(recorded.quantity)  # refused: attr-defined
    recorded.campaign.upper()  # refused: union-attr
    problem.errors[0].pointer.upper()  # refused: union-attr
