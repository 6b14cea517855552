"""``linli secret``: a key for LINLI_SECRET_KEY or LINLI_AUDIT_KEY."""

import secrets

import click

__all__ = ["secret"]


@click.command(
    help="生成一串随机密钥，用于 LINLI_SECRET_KEY · a random key for LINLI_SECRET_KEY or LINLI_AUDIT_KEY"
)
def secret() -> None:
    """Print one."""
    click.echo(secrets.token_urlsafe(64))
