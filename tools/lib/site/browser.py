"""Looks at the built site in headless Chromium, from the file system: the search finds, no page is wider than its window, no script
fails; and takes screenshots."""
import sys

from chromium import Page
from progress import Progress

SHOWN = ("index", "guide/start-here", "gallery/index", "gallery/cosine", "catalogue/rules", "reference/index", "reference/root",
         "reference/save", "coming-from/pytorch", "performance", "reliability", "who-has-what", "design/000-the-house", "changelog",
         "headline/index", "guide/search")
WIDTHS = (1280, 390)


def patiently(page, script, tries=6):
    """Waits until an expression is true; on a busy machine, the index of the search takes its time."""
    for left in reversed(range(tries)):
        try:
            return page.wait(script)
        except RuntimeError:
            if left == 0:
                raise


def searched(folder):
    """The numbers of results of some searches, from the file system."""
    with Page((folder / "index.html").as_uri()) as page:
        page.evaluate("document.querySelector('[data-md-component=search-query]').focus()")
        found = {}
        put = "(words => {{ const box = document.querySelector('[data-md-component=search-query]'); box.value = words; " \
              "box.dispatchEvent(new Event('keyup', {{ bubbles: true }})); }})({!r})"
        said = "document.querySelector('.md-search-result__meta').textContent.trim()"
        for words in ("warmup", "weight decay", "Optimizer", "resume"):
            page.evaluate(put.format(words))
            patiently(page, f"/^(\\d+|No) matching/.test({said})")
            found[words] = page.evaluate("document.querySelectorAll('a.md-search-result__link').length")
            page.evaluate(put.format(""))
            patiently(page, f"/^Type/.test({said})")
        return found, list(page.errors)


def problems(folder, found):
    """Yields a sentence for each problem; the numbers of results go into `found`."""
    results, errors = searched(folder)
    found.update(results)
    yield from (f"index.html: {error}" for error in errors)
    yield from (f"the search finds nothing for {words!r}" for words, number in results.items() if number == 0)
    paths = sorted(p for p in folder.rglob("*.html") if p.relative_to(folder).parts[0] not in {"source", "playground"})
    with Progress("tools/site: look at the pages", total=len(paths)) as progress:
        with Page("about:blank", width=390, height=800) as page:
            for path in paths:
                page.errors.clear()
                page.open(path.as_uri())
                wide = page.evaluate("document.scrollingElement.scrollWidth - innerWidth")
                name = path.relative_to(folder)
                if wide > 0:
                    yield f"{name}: {wide} pixels wider than a window of 390"
                yield from (f"{name}: {error}" for error in page.errors)
                progress.advance()


def shoot(folder, out):
    """Screenshots of some pages, wide and narrow, light and dark."""
    out.mkdir(parents=True, exist_ok=True)
    total = len(SHOWN) * len(WIDTHS) * 2
    with Progress("tools/site: take screenshots", total=total) as progress:
        for width in WIDTHS:
            for dark in (False, True):
                with Page("about:blank", width=width, height=1400, dark=dark) as page:
                    for name in SHOWN:
                        page.open((folder / f"{name}.html").as_uri())
                        page.evaluate("new Promise(done => setTimeout(done, 300))")
                        page.screenshot(out / f"{name.replace('/', '_')}-{width}-{'dark' if dark else 'light'}.png")
                        progress.advance()
    print(f"tools/site: {total} screenshots in {out}", file=sys.stderr)
