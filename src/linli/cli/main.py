"""The ``linli`` command: every subcommand lives in its own module and is listed here.

A subcommand's module is imported when it is called, so that ``linli pack list`` does not wait for
the planners and the typesetter.
"""

import importlib
import os
import sys
from dataclasses import dataclass
from typing import Any, Final

import click

from linli import __version__
from linli.cli.language import language_option
from linli.kernel.errors import InputRefused, LinliError
from linli.kernel.texts import Language

__all__ = ["COMMANDS", "Door", "linli", "main"]


@dataclass(frozen=True)
class Door:
    """Where a subcommand lives, and its line in the list of commands."""

    module: str
    help: str


COMMANDS: Final = {
    "assess": Door("linli.cli.assess", "考核：计算、解释、偶然性 · assessment: compute, explain, chance"),
    "audit": Door("linli.web.commands.auditing", "审计日志：核验 · the audit log: verify it"),
    "backup": Door(
        "linli.web.commands.safekeeping",
        "备份数据库和附件；运行中也可执行 · back up the database and attached files, also while running",
    ),
    "deployment": Door(
        "linli.cli.deployment",
        "部署方案：核对、对照、文件格式 · deployments: check, compare, format of the file",
    ),
    "facts": Door(
        "linli.cli.facts", "事实数据：表结构、检查、导入、导出 · facts: schema, check, import, export"
    ),
    "pack": Door("linli.cli.pack", "方案包：列出、检查、解释 · policy packs: list, check, explain"),
    "plan": Door(
        "linli.cli.plan", "由辖区资料和方案包生成部署方案 · plan a deployment from a territory and a pack"
    ),
    "platform": Door(
        "linli.web.commands.platform",
        "平台：初始化、账户、检查、升级 · the platform: set-up, accounts, checks, upgrade",
    ),
    "restore": Door(
        "linli.web.commands.safekeeping",
        "从备份恢复；先停止平台 · restore from a backup; stop the platform first",
    ),
    "secret": Door(
        "linli.web.commands.secret",
        "生成一串随机密钥，用于 LINLI_SECRET_KEY · a random key for LINLI_SECRET_KEY or LINLI_AUDIT_KEY",
    ),
    "serve": Door(
        "linli.cli.serving",
        "启动平台，或查看已生成的方案 · run the platform, or show a written plan",
    ),
    "territory": Door(
        "linli.cli.territory",
        "辖区数据：由名单新建、检查、合成 · a territory's data: make it of lists, check it, make data up",
    ),
    "worker": Door(
        "linli.web.commands.working",
        "后台任务进程：时限、提醒、到期删除、消息推送 · a worker: deadlines, reminders, retention, webhooks",
    ),
}
"""Every subcommand by name; a test holds each line against the command's own help."""


class RefusingGroup(click.Group):
    """Finds subcommands by ``COMMANDS``; turns a refusal into its sentences and exit code 2."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all subcommands."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The subcommand of a name; its module is imported now."""
        door = COMMANDS.get(cmd_name)
        if door is None:
            return None
        found: click.Command = getattr(importlib.import_module(door.module), cmd_name)
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, without importing any of them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name].help) for name in self.list_commands(ctx)])

    def invoke(self, ctx: click.Context) -> Any:
        """Run the subcommand; a ``LinliError`` ends the program with exit code 2."""
        try:
            return super().invoke(ctx)
        except LinliError as refusal:
            language: Language = ctx.obj if ctx.obj in ("zh", "en") else "zh"
            for line in refusal_lines(refusal, language):
                click.echo(line, err=True)
            ctx.exit(2)


def refusal_lines(refusal: LinliError, language: Language) -> list[str]:
    """The lines a user reads: one for the refusal, one for each finding."""
    lines = [refusal.text.in_(language)]
    if isinstance(refusal, InputRefused):
        lines += [f"  - {finding.sentence(language)}" for finding in refusal.findings]
    return lines


@click.group(
    cls=RefusingGroup,
    help="邻里：把社区警务方案变成可运行的部署 · Linli: from a published plan to a deployment",
)
@language_option
@click.version_option(__version__, package_name="linli")
@click.pass_context
def linli(ctx: click.Context, language: Language) -> None:
    """The root command; its object is the language that all subcommands speak."""
    ctx.obj = language


def main() -> None:
    """Entry point of the installed ``linli`` command."""
    os.environ.setdefault("PYTHONUTF8", "1")
    sys.exit(linli(standalone_mode=True))
