"""`daybreak keys`: which agency may knock, under which key?"""

import asyncio
from pathlib import Path
from typing import Annotated, Any

import httpx
import typer

from services.commands.opening import opened

app = typer.Typer(no_args_is_help=True, help="API keys of agencies.")
Data = Annotated[Path | None, typer.Option(help="Folder of the embedded deployment.")]
_ROLES = (
    "publisher",
    "recipient",
    "operations",
    "information-governance",
    "reviewer",
    "administrator",
)


@app.command("issue")
def issue(
    agency: Annotated[str, typer.Argument(help="The agency's id, as in its source.")],
    role: Annotated[list[str] | None, typer.Option(help="May be given more than once.")] = None,
    data: Data = None,
) -> None:
    """Print a new key once; only its hash is kept."""
    roles = role or ["publisher", "recipient"]
    unknown = sorted(set(roles) - set(_ROLES))
    if unknown:
        typer.echo(f"no such role: {', '.join(unknown)}; one of {', '.join(_ROLES)}", err=True)
        raise typer.Exit(2)
    body = {"agency": agency, "roles": roles}
    answer = _ask(data, "POST", "/directory/v1/keys", json=body)
    typer.echo(answer["key"])


@app.command("revoke")
def revoke(key_id: str, data: Data = None) -> None:
    """From now on the key opens nothing."""
    _ask(data, "POST", f"/directory/v1/keys/{key_id}/revoke")
    typer.echo(f"revoked {key_id}")


@app.command("list")
def list_keys(data: Data = None) -> None:
    """Every key: its id, agency, roles and whether it is revoked; never the key itself."""
    answer = _ask(data, "GET", "/directory/v1/keys")
    for key in answer["keys"]:
        state = "revoked" if key.get("revoked") else "live"
        typer.echo(f"{key['key_id']}  {key['agency']}  {','.join(key['roles'])}  {state}")


def _ask(data: Path | None, method: str, path: str, **kwargs: Any) -> dict[str, Any]:
    async def ask() -> httpx.Response:
        async with opened(data) as house:
            return await house.doors.request(method, path, **kwargs)

    answer = asyncio.run(ask())
    if answer.is_error:
        problem = answer.json()
        details = "; ".join(f"{e['pointer']} {e['detail']}" for e in problem.get("errors") or [])
        typer.echo(f"{problem.get('title', answer.status_code)} {details}".strip(), err=True)
        raise typer.Exit(2 if answer.status_code < 500 else 1)
    return dict(answer.json()) if answer.content else {}
