"""A change set as a patch: what `git am` and `git apply` take, for where the repository is not at hand."""

from __future__ import annotations

from email.header import Header
from email.utils import format_datetime, formataddr

from handover.tuning.changes.repository import MAIL_DOMAIN, CommitLine, DataRepository

#: The line that begins a mail of a patch has always had this date (git-format-patch(1)).
_MAGIC_DATE = "Mon Sep 17 00:00:00 2001"


def export_patch(repository: DataRepository, base: str, head: str) -> bytes:
    """Return the commits after `base` as a series of mails, oldest first; empty where there are none."""
    commits = repository.commits(base, head)
    mails = [_mail(line, stat, diff, number, len(commits)) for number, (line, stat, diff) in enumerate(commits, 1)]
    return "".join(mails).encode("utf-8")


def _mail(line: CommitLine, stat: str, diff: str, number: int, of: int) -> str:
    title, _, body = line.message.strip().partition("\n")
    # git takes the first word with an @ for the address, whatever the rules of mail say.
    author = formataddr((line.author.name.replace("@", " at "), f"{line.author.id}@{MAIL_DOMAIN}"))
    head = [
        f"From {line.id} {_MAGIC_DATE}",
        f"From: {author}",
        f"Date: {format_datetime(line.at)}",
        f"Subject: {_header(f'[PATCH {number}/{of}] {title}')}",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=UTF-8",
        "Content-Transfer-Encoding: 8bit",
    ]
    return "\n".join([*head, "", *([body.strip()] if body.strip() else []), "---", stat, diff]) + "--\nKontakt\n\n"


def _header(text: str) -> str:
    return text if text.isascii() else Header(text, "utf-8", maxlinelen=10_000).encode()
