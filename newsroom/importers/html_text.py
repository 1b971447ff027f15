"""The words of a social post, read out of the HTML it was quoted with."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html.parser import HTMLParser

# Their words for a picture that the card does not show.
_PICTURE = re.compile(r"\s*pic\.(?:twitter|x)\.com/\w+")
_SPACES = re.compile(r"[ \t\r\f\v]+")
_DASH = " \n\t—–-"


@dataclass(frozen=True, slots=True)
class Post:
    text: str
    author: str
    published: str


class _PostReader(HTMLParser):
    """A quoted post is paragraphs of text, then the author, then the date as the last link."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text: list[str] = []
        self.author: list[str] = []
        self.published: list[str] = []
        self.inside_paragraph = 0
        self.paragraphs = 0
        self.inside_link = False
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"script", "style"}:
            self.hidden += 1
        elif tag == "p":
            self.inside_paragraph += 1
            self.text.append("\n" if self.paragraphs else "")
            self.paragraphs += 1
        elif tag == "br":
            self.text.append("\n" if self.inside_paragraph else "")
        elif tag == "a":
            # Two links that touch in the source would run into one word.
            self.text.append(" " if self.inside_paragraph else "")
            self.inside_link = True

    def handle_endtag(self, tag: str) -> None:
        if tag in {"script", "style"}:
            self.hidden = max(0, self.hidden - 1)
        elif tag == "p":
            self.inside_paragraph = max(0, self.inside_paragraph - 1)
        elif tag == "a":
            self.inside_link = False

    def handle_data(self, data: str) -> None:
        if self.hidden:
            return
        if self.inside_paragraph:
            self.text.append(data)
        elif self.inside_link:
            self.published.append(data)
        else:
            self.author.append(data)


def read_post(html: str) -> Post:
    """The text (lines kept), the author and the date as the post's HTML gives them; "" for what it does not."""
    reader = _PostReader()
    reader.feed(html)
    reader.close()
    lines = [_SPACES.sub(" ", line).strip() for line in _PICTURE.sub("", "".join(reader.text)).split("\n")]
    return Post(
        text=re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip(),
        author=" ".join("".join(reader.author).strip(_DASH).split()),
        published=" ".join("".join(reader.published).split()),
    )
