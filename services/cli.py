"""`daybreak ...`: every command in one place."""

import typer

from services.chassis.errors import Unavailable
from services.chassis.logs import configure_logs
from services.commands import aids, explain, front, importing, keys, roles, scenario, serve, verify

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,  # locals may hold personal data
    help="Inter-agency safeguarding notifications: lawful, explained and on time.",
)
app.command("serve")(serve.serve)
app.command("front")(front.front)
app.command("settings")(serve.print_settings)
app.command("explain")(explain.explain)
app.command("verify")(verify.verify)
app.command("send")(aids.send)
app.command("listen")(aids.listen)
app.add_typer(scenario.app, name="scenario")
app.add_typer(keys.app, name="keys")
app.add_typer(importing.app, name="import")
for _service in ("notify", "consent", "directory"):
    app.add_typer(roles.commands_of(_service), name=_service)


@app.callback()
def daybreak() -> None:
    """Inter-agency safeguarding notifications: lawful, explained and on time."""
    configure_logs("warning")


def main() -> None:
    try:
        app()
    except Unavailable as fault:
        typer.echo(f"something that is needed does not answer ({type(fault).__name__})", err=True)
        raise SystemExit(1) from None


if __name__ == "__main__":
    main()
