"""What does a browser find in a page? Faults of accessibility and width, and its complaints."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.async_api import BrowserContext, Page

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
_RUN = "tags => axe.run(document, {runOnly: tags}).then(found => found.violations)"


@dataclass
class Visit:
    """A page, and all that the browser complained of or asked for meanwhile."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)


async def visit(context: BrowserContext) -> Visit:
    seen = Visit(await context.new_page())
    seen.page.on("console", lambda said: seen.messages.append(said.text))
    seen.page.on("pageerror", lambda error: seen.complaints.append(error.message))
    seen.page.on("request", lambda asked: seen.requests.append(asked.url))
    return seen


async def faults(page: Page) -> list[str]:
    """Rule and place of everything that axe finds against WCAG 2.2 AA."""
    await page.evaluate(AXE.read_text())
    found: list[dict[str, Any]] = await page.evaluate(_RUN, STANDARD)
    return [f"{one['id']}: {node['html'][:150]}" for one in found for node in one["nodes"]]


async def overflow(page: Page) -> int:
    """By how many pixels the page is wider than the window."""
    return int(await page.evaluate(_OVERFLOW))
