"""What people read when a service went back: a message in Slack, a summary in GitHub Actions.

Nothing here sends anything. Labels and reasons are texts, whatever they contain.
"""

import re
from typing import Any

from lastgood import RollbackPlan, VersionRegistry
from lastgood.render import mermaid, timeline

#: Slack refuses a block with a longer text.
LONGEST = 3000


def slack_message(registry: VersionRegistry, plan: RollbackPlan) -> dict[str, Any]:
    """Return what ``chat.postMessage``, or an incoming webhook, takes."""
    heading = f"Rolled back {plan.source} to {plan.target}"
    shown = f"{plan.explain()}\n\n{timeline(registry, last=5)}"
    return {
        "text": _escaped(heading),
        "blocks": [
            {"type": "header", "text": {"type": "plain_text", "text": heading[:150]}},
            {"type": "section", "text": {"type": "mrkdwn", "text": _code(shown)}},
        ],
    }


def summary(registry: VersionRegistry, plan: RollbackPlan) -> str:
    """Return the Markdown to append to the file that ``$GITHUB_STEP_SUMMARY`` names."""
    explained = plan.explain()
    fence = "`" * max([3, *(len(run) + 1 for run in re.findall("`+", explained))])
    return (
        f"## Rollback\n\n{fence}text\n{explained}\n{fence}\n\n"
        f"```mermaid\n{mermaid(registry, last=8)}\n```\n"
    )


def _code(text: str) -> str:
    """Return the text as a block of code, cut where Slack would refuse it."""
    inside = _escaped(text.replace("```", "'''"))
    room = LONGEST - len("```\n\n```")
    return f"```\n{inside if len(inside) <= room else inside[: room - 1] + '…'}\n```"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
