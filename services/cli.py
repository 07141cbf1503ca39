"""`daybreak ...`: every command in one place."""

from typing import cast

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


# What typer raises for any mistake in what was typed; it exports only this one heir of it.
_Mistyped = cast(type[typer.BadParameter], typer.BadParameter.__mro__[1])


def main() -> None:
    """Run the command. What was typed wrong is said in one line, and ends with 2."""
    try:
        code = app(prog_name="daybreak", standalone_mode=False)
    except _Mistyped as fault:
        says = " ".join(fault.format_message().split())
        command = fault.ctx.command_path if fault.ctx else "daybreak"
        if says:
            typer.echo(f"{command}: {says}", err=True)
        elif fault.ctx:  # nothing was typed at all
            typer.echo(fault.ctx.get_help(), err=True)
        raise SystemExit(2) from None
    except typer.Abort:
        raise SystemExit(130) from None
    except Unavailable as fault:
        typer.echo(f"something that is needed does not answer ({type(fault).__name__})", err=True)
        raise SystemExit(1) from None
    raise SystemExit(code)


if __name__ == "__main__":
    main()
