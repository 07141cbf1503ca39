"""Who may open these pages? Whoever governs the sharing of information."""

from typing import Annotated

from fastapi import Depends

from services.front.visitor import Visitor, signed_in

Governor = Annotated[Visitor, Depends(signed_in("information-governance"))]
