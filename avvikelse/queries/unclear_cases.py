"""When nobody knows yet who should answer for a report, and why, in SQL and in words. For lists of cases to assign."""

from __future__ import annotations

from sqlalchemy import case, literal, or_, select

from avvikelse.domain.vocabulary import TransferKind
from avvikelse.models.asking import exists_by_index
from avvikelse.models.avvikelse import Avvikelse, Transfer

_DECLINED = exists_by_index(
    select(Transfer.id)
    .where(Transfer.avvikelse_id == Avvikelse.id, Transfer.kind == TransferKind.DECLINED)
    .correlate(Avvikelse)
)
UNCLEAR = or_(_DECLINED, Avvikelse.routing_contested, Avvikelse.counterpart_unknown)
WHY = case(
    (_DECLINED, literal("Någon har svarat att det inte är deras")),
    (Avvikelse.routing_contested, literal("Rapportören säger emot förslaget")),
    (Avvikelse.counterpart_unknown, literal("Rapportören vet inte vem det gäller")),
    else_=literal(""),
)
