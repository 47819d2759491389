"""The words of a tree of HTML as paragraphs, with what its layout says put into words.

A block quotation is given marks, and whoever it is by stands below it behind a dash; a row of
a table that is a name and what was said reads "Name: words".  Everything else is one
paragraph a block.
"""

from __future__ import annotations

import copy
import re

import lxml.html
from lxml import etree

from index.ingest.loaders.lines import SENTENCE_END, unwrapped_paragraphs
from index.text.time_code import TIME_CODE

BLOCKS = frozenset(
    "address article aside blockquote br dd div dl dt figcaption figure footer h1 h2 h3 h4 h5 h6 "
    "header hr li main ol p pre section table td th tr ul".split()
)
_UNSEEN = (
    "script style noscript template iframe object embed svg canvas audio video select textarea"
)
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all", re.IGNORECASE
)
_BLOCK_BREAK = "\u2029"  # parts paragraphs where line ends are only blanks
_GONE = "gone"  # what an element is called that is to be taken out
_POST = re.compile(r"(?:^|[\s_-])(?:tweet|toot|skeet|post|status|embed)", re.IGNORECASE)
_BODY = re.compile(r"(?:text|content|body)\b", re.IGNORECASE)
_WRITER = re.compile(r"(?:author|user|name|handle|account)", re.IGNORECASE)
_HANDLE = re.compile(r"@\w+")
_LONGEST_POST = 700
_DASH = re.compile(r"\s*(?:[—–―]|--?)\s*(?=[^\W\d_]|@)")
_MARKED = re.compile(r"\s*[“\"«„‘']")
_CODE = re.compile(rf"{TIME_CODE}$")
_LONGEST_LABEL = 60  # characters of a cell that names who speaks


def text_of(tree: lxml.html.HtmlElement) -> str:
    """The words of a tree that a reader sees, a block a line; the tree is changed."""
    for row in list(tree.iter("tr")):
        _label_row(row)
    return "\n\n".join(_block_lines(tree))


def _block_lines(tree: lxml.html.HtmlElement) -> list[str]:
    """The words of a tree, a block a line; a line end in the source is a blank there."""
    for element in tree.iter("pre"):
        _set_lines(element, unwrapped_paragraphs(element.text_content()))
    for element in tree.iter(*BLOCKS):
        element.tail = _BLOCK_BREAK + (element.tail or "")
        element.text = _BLOCK_BREAK + (element.text or "") if element.tag != "br" else None
    lines = (" ".join(line.split()) for line in tree.text_content().split(_BLOCK_BREAK))
    return [line for line in lines if line]


def _set_lines(element: lxml.html.HtmlElement, text: str) -> None:
    """Give an element these lines as its words."""
    _empty(element)
    element.text = text.replace("\n", _BLOCK_BREAK)


def _empty(element: lxml.html.HtmlElement) -> None:
    """Take the words and the elements out of an element."""
    for child in list(element):
        element.remove(child)
    element.text = None


def strip_unseen(tree: lxml.html.HtmlElement) -> None:
    """Take out what a reader does not see: scripts, comments, hidden elements."""
    for element in tree.iter(etree.Element):
        hidden = "hidden" in element.attrib or _HIDDEN.search(element.get("style", ""))
        if hidden and element.getparent() is not None:
            element.tag = _GONE
    # All at once: each that is taken out by itself joins the words around it anew.
    unseen = (_GONE, *_UNSEEN.split(), etree.Comment, etree.ProcessingInstruction)
    etree.strip_elements(tree, *unseen, with_tail=False)


# -- sentences where pages have none ----------------------------------------------------


def keep_sentences(tree: lxml.html.HtmlElement) -> None:
    """Make paragraphs of what is told in lists and under pictures, which the extraction takes for
    menus and credits: entries that are sentences, and captions in which somebody is quoted."""
    for listed in list(tree.iter("ul", "ol", "dl")):
        entries = [e for e in listed if e.tag in ("li", "dd")]
        if any(e.tag in _PAGE_PARTS for e in listed.iterancestors()):
            continue
        if entries and all(_is_running_text(e) for e in entries):
            listed.tag = "div"
            for entry in entries:
                entry.tag = "p"
    for caption in list(tree.iter("figcaption")):
        figure = next(caption.iterancestors("figure"), None)
        if (
            figure is None
            or figure.getparent() is None
            or not _QUOTED_WORDS.search(_words(caption))
        ):
            continue
        caption.drop_tree()
        caption.tag, caption.tail = "p", None
        figure.addnext(caption)


_PAGE_PARTS = frozenset("nav header footer aside".split())
_QUOTED_WORDS = re.compile(r"[“\"«„][^”\"»]{3,}[”\"»]")
_MIN_ENTRY_WORDS = 5
"""Words, at least, of an entry of a list that is told and not only named."""


def _is_running_text(entry: lxml.html.HtmlElement) -> bool:
    """Whether an entry of a list is a sentence, and not for the most part a link."""
    words = _words(entry)
    linked = sum(len(_words(a)) for a in entry.iter("a"))
    enough = len(words.split()) >= _MIN_ENTRY_WORDS and 2 * linked < len(words)
    return enough and bool(SENTENCE_END.search(words))


def _words(element: lxml.html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


# -- quotations -------------------------------------------------------------------------


def mark_quotations(tree: lxml.html.HtmlElement) -> None:
    """Put block quotations and embedded posts into marks, and their source behind a dash."""
    for element in [e for e in tree.iter("div", "a", "section", "article") if _is_post(e)]:
        _rewrite_post(element)
    for quotation in list(tree.iter("blockquote")):
        if quotation.getparent() is None or next(quotation.iterancestors("blockquote"), None):
            continue
        figure = quotation.getparent() if quotation.getparent().tag == "figure" else None
        source = _quotation_source(quotation, figure)
        paragraphs, signature = _quotation_paragraphs(quotation)
        holder = figure if figure is not None else quotation
        if paragraphs:
            _replace(holder, _in_marks(paragraphs), source or signature)


def _is_post(element: lxml.html.HtmlElement) -> bool:
    """Whether an element is a post of a network: short, with its words and its account."""
    if not _POST.search(element.get("class", "")) or next(
        element.iterancestors("blockquote"), None
    ):
        return False
    if element.find(".//blockquote") is not None or element.find(".//h1") is not None:
        return False
    text = element.text_content()
    return (
        len(text) <= _LONGEST_POST
        and bool(_HANDLE.search(text))
        and _post_body(element) is not None
    )


def _post_body(element: lxml.html.HtmlElement) -> lxml.html.HtmlElement | None:
    return next((e for e in element.iterdescendants() if _BODY.search(_class(e))), None)


def _class(element: lxml.html.HtmlElement) -> str:
    return element.get("class", "") if isinstance(element.tag, str) else ""


def _rewrite_post(element: lxml.html.HtmlElement) -> None:
    body = _post_body(element)
    if body is None or element.getparent() is None:
        return
    inside = set(body.iterdescendants())
    writers = [
        _element_words(e)
        for e in element.iterdescendants()
        if e not in inside and e is not body and _WRITER.search(_class(e)) and not len(e)
    ]
    writer = next((w for w in writers if w and not w.startswith("@")), "")
    handle = _HANDLE.search(" ".join(w for w in writers if w) or element.text_content())
    name = " ".join(filter(None, (writer, f"({handle[0]})" if handle and writer else "")))
    signed = name or (handle[0] if handle else "")
    if words := _element_words(body):
        _replace(element, _in_marks([words]), signed)


def _quotation_source(
    quotation: lxml.html.HtmlElement, figure: lxml.html.HtmlElement | None
) -> str:
    """Whom a quotation's own markup names as its source; its words are taken out."""
    found = [e for e in quotation.iter("footer", "cite") if not _within(e, ("footer", "cite"))]
    if figure is not None:
        found += list(figure.iter("figcaption"))
    names = [_element_words(e) for e in found]
    for element in found:
        element.drop_tree()
    return next((re.sub(_DASH, "", name, count=1) for name in names if name), "")


def _within(element: lxml.html.HtmlElement, tags: tuple[str, ...]) -> bool:
    return next(element.iterancestors(*tags), None) is not None


def _quotation_paragraphs(quotation: lxml.html.HtmlElement) -> tuple[list[str], str]:
    """The paragraphs of a quotation, and the name behind a dash with which it ends."""
    lines = _block_lines(_copy(quotation))
    if len(lines) > 1 and _DASH.match(lines[-1]) and len(lines[-1]) < 200:
        return lines[:-1], _DASH.sub("", lines[-1], count=1)
    return lines, ""


def _copy(element: lxml.html.HtmlElement) -> lxml.html.HtmlElement:
    copied = copy.deepcopy(element)
    copied.tail = None
    return copied


def _in_marks(paragraphs: list[str]) -> list[str]:
    """The paragraphs as a quotation of several is printed, unless they have marks already."""
    if _MARKED.match(paragraphs[0]):
        return paragraphs
    out = [f"“{_curled(line)}" for line in paragraphs]
    return [*out[:-1], f"{out[-1]}”"]


def _curled(line: str) -> str:
    """Straight marks within a quotation as opening and closing ones, which nest."""
    sides = iter("“”" * (line.count('"') // 2 + 1))
    return re.sub('"', lambda _: next(sides), line)


def _replace(element: lxml.html.HtmlElement, paragraphs: list[str], source: str) -> None:
    element.tag = "div"
    element.attrib.clear()
    _put(element, [*paragraphs, f"— {source}"] if source else paragraphs)


def _element_words(element: lxml.html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


# -- tables -----------------------------------------------------------------------------


def _label_row(row: lxml.html.HtmlElement) -> None:
    """Make a row one paragraph: that of a name and what was said with a colon between them,
    one of figures and words as it stands."""
    cells = _worded_cells(row)
    if len(cells) > 1 and all(_is_figure(c, words) for c, words in cells):
        _put(row, [" ".join(words for _, words in cells)])
        return
    code = next((words for _, words in cells if _CODE.match(words)), "")
    cells = [(c, words) for c, words in cells if not _CODE.match(words)]
    if len(cells) != 2 or any(c.find(".//table") is not None for c, _ in cells):
        return
    (name, label), (said, spoken) = cells
    label = label.rstrip(":")
    if len(label) > _LONGEST_LABEL or not _is_label(label) or not SENTENCE_END.search(spoken):
        return
    rows = int(name.get("rowspan", "1")) if name.get("rowspan", "1").isdigit() else 1
    _say(row, code, label, said)
    following = row.getnext()
    for _ in range(min(rows, 100) - 1):  # a name that stands beside several rows
        if following is None or following.tag != "tr":
            return
        rest = _worded_cells(following)
        if len(rest) == 1:
            _say(following, "", label, rest[0][0])
        following = following.getnext()


def _worded_cells(row: lxml.html.HtmlElement) -> list[tuple[lxml.html.HtmlElement, str]]:
    """The cells of a row that have words, with these."""
    return [(c, words) for c in row if c.tag in ("td", "th") and (words := _element_words(c))]


def _is_label(label: str) -> bool:
    words = re.findall(r"[^\W\d_][\w.'’-]*", label)
    capital = sum(w[0].isupper() for w in words)
    return bool(words) and not SENTENCE_END.search(label) and 2 * capital >= len(words)


def _say(row: lxml.html.HtmlElement, code: str, label: str, said: lxml.html.HtmlElement) -> None:
    lines = _block_lines(_copy(said))
    lines[0] = f"{f'{code} ' if code else ''}{label}: {lines[0]}"
    _put(row, lines)


def _put(element: lxml.html.HtmlElement, lines: list[str]) -> None:
    """Give an element these paragraphs instead of what it holds."""
    _empty(element)
    for line in lines:
        etree.SubElement(element, "p").text = line


def _is_figure(cell: lxml.html.HtmlElement, words: str) -> bool:
    """Whether a cell holds a word or a number of a table, and no sentence or heading."""
    headed = any(e.tag in ("h1", "h2", "h3", "h4", "table", "ul", "img") for e in cell.iter())
    return (
        len(words) <= 40
        and not headed
        and not SENTENCE_END.search(words)
        and not _CODE.match(words)
    )
