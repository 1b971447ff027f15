"""The elements of a Guardian-style page's block, mapped to blocks here. What has no counterpart is named in the story's losses."""

from __future__ import annotations

import html as entities
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from newsroom.importers import values
from newsroom.importers.errors import ImportRefused
from newsroom.importers.html_text import read_post
from newsroom.importers.story import Photo, Story
from newsroom.sanitise import DROPPED_WHOLE, TooMuchMarkup, plain_text, sanitise_html

Block = dict[str, Any]
Element = dict[str, Any]

PREFIX = "model.dotcomrendering.pageElements."
# Below the sanitiser's own limit, so that joined paragraphs never exceed it.
JOINED_BYTES = 48 * 1024
LINE, WORDS, ALT, CAPTION, CREDIT = 300, 5000, 500, 1000, 200

_REMOVED = re.compile(rf"<({'|'.join(sorted(DROPPED_WHOLE))})[\s>/]", re.IGNORECASE)
_LINK = re.compile(r"<a\s", re.IGNORECASE)
_SOURCE = re.compile(r"""\bsrc=["']?(https?://[^"'\s>]+)""", re.IGNORECASE)
_VIDEO_ID = re.compile(r"^[A-Za-z0-9_-]{6,20}$")


def short_type(element: Element, where: str) -> str:
    name = values.text(element, "_type", where).removeprefix(PREFIX)
    if not name:
        raise ImportRefused(f"{where} has no “_type”. Nothing was imported.")
    return values.shorten(name, 60)


def site_of(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")


def first_address(element: Element, *keys: str) -> str:
    return next((found for key in keys if (found := values.web_address(element.get(key)))), "")


class ElementReader:
    """Turns elements into blocks and keeps the story's account: every element is either carried or lost, never neither."""

    def __init__(self, story: Story) -> None:
        self.story = story

    def blocks_of(self, elements: list[Element], where: str) -> list[Block]:
        """The blocks, adjacent texts joined. Raises `ImportRefused` for a value of the wrong type."""
        blocks: list[Block] = []
        for number, element in enumerate(elements, 1):
            place = f"{where}, element {number}"
            kind = short_type(element, place)
            self.story.seen[kind] += 1
            reader = READERS.get(kind)
            made = reader(self, element, place) if reader else None
            if reader is None:
                self.story.lose(place, kind, "there is no counterpart for this type of element here")
            elif made:
                self.story.carried[kind] += 1
                for block in made:
                    join(blocks, block)
        return blocks

    def lose(self, where: str, element: Element, why: str) -> None:
        self.story.lose(where, short_type(element, where), why)

    def safe_html(self, raw: str, where: str) -> str:
        """Sanitised HTML; what the sanitiser takes away is accounted for."""
        try:
            clean = sanitise_html(raw)
        except TooMuchMarkup as error:
            raise ImportRefused(f"{where}: {error} Nothing was imported.") from error
        for name in sorted({found.lower() for found in _REMOVED.findall(raw)}):
            self.story.lose(where, f"<{name}>", "removed: a page here never runs or frames what others wrote")
        dead = len(_LINK.findall(raw)) - len(_LINK.findall(clean))
        if dead > 0:
            self.story.lose(
                where,
                f"{dead} link{'s' if dead > 1 else ''}",
                "the text is kept; the address is not one of the web or of mail, or it was empty",
            )
        return clean

    def line(self, element: Element, key: str, where: str, longest: int = LINE) -> str:
        """A text without markup, at most `longest` characters."""
        plain = plain_text(values.raw_text(element, key, where)[:100_000])
        short = values.shorten(plain, longest)
        if short != plain:
            self.story.lose(where, f"the end of “{key}”", f"it is longer than {longest} characters")
        return short

    # One method a family of elements; each returns its blocks, or [] after it said why not.

    def text(self, element: Element, where: str) -> list[Block]:
        clean = self.safe_html(values.raw_text(element, "html", where), where)
        if not plain_text(clean):
            self.lose(where, element, "it holds no text")
            return []
        return [{"type": "text", "html": clean}]

    def blockquote(self, element: Element, where: str) -> list[Block]:
        made = self.text(element, where)
        if made and "<blockquote" not in made[0]["html"]:
            made[0]["html"] = f"<blockquote>{made[0]['html']}</blockquote>"
        return made

    def titled_text(self, element: Element, where: str) -> list[Block]:
        title = self.line(element, "title", where)
        body = self.safe_html(values.raw_text(element, "html", where) or values.raw_text(element, "body", where), where)
        if not title and not plain_text(body):
            self.lose(where, element, "it holds no text")
            return []
        return [{"type": "text", "html": (f"<h4>{entities.escape(title)}</h4>" if title else "") + body}]

    def titled_list(self, element: Element, where: str) -> list[Block]:
        """Key takeaways and questions with answers: a heading and elements of their own for each point."""
        blocks: list[Block] = []
        for key, inside in (("items", "elements"), ("keyTakeaways", "body"), ("qAndAExplainers", "body")):
            for number, point in enumerate(values.objects(element, key, where), 1):
                place = f"{where}, point {number}"
                title = self.line(point, "title", place)
                if title:
                    join(blocks, {"type": "text", "html": f"<h4>{entities.escape(title)}</h4>"})
                for block in self.blocks_of(values.objects(point, inside, place), place):
                    join(blocks, block)
        if not blocks:
            self.lose(where, element, "the list is empty")
        return blocks

    def pullquote(self, element: Element, where: str) -> list[Block]:
        speaker = self.line(element, "attribution", where)
        if not speaker:
            return self.blockquote(element, where)
        said = self.line(element, "html", where, WORDS)
        if not said:
            self.lose(where, element, "it holds no text")
            return []
        return [{"type": "quote", "text": said, "speaker": speaker, "role": "", "source_url": "", "source_label": ""}]

    def comment(self, element: Element, where: str) -> list[Block]:
        said, speaker = self.line(element, "body", where, WORDS), self.line(element, "profileName", where)
        if not said or not speaker:
            self.lose(where, element, "a comment is quoted with its words and its author; one of them is missing")
            return []
        link = first_address(element, "permalink")
        return [{"type": "quote", "text": said, "speaker": speaker, "role": "Reader", "source_url": link, "source_label": site_of(link)}]

    def photo(self, element: Element, where: str) -> str:
        """The key of the photo that the element shows, now in the story; "" when it has no usable address."""
        media = values.objects(values.record(element, "media", where), "allImages", where)
        sizes = []
        for row in media:
            fields = values.record(row, "fields", where)
            url = values.web_address(row.get("url"))
            width, height = values.whole(fields.get("width")), values.whole(fields.get("height"))
            # Without its size a page cannot keep room for it.
            if url and width and height:
                master = str(fields.get("isMaster", "")).lower() == "true"
                sizes.append((width, not master, height, url))
        if not sizes:
            return ""
        width, _, height, url = max(sizes)
        facts = values.record(element, "data", where)
        caption = self.line(facts, "caption", where, CAPTION)
        alt = self.line(facts, "alt", where, ALT)
        if not alt and caption:
            alt = values.shorten(caption, ALT)
            self.story.lose(where, "an alternative text", "the file has none; the caption stands in for it")
        key = (values.text(element, "elementId", where) or url)[:150]
        credit = self.line(facts, "credit", where, CREDIT)
        self.story.photos[key] = Photo(
            key=key, alt=alt, decorative=not alt, caption=caption, credit=credit, width=width, height=height, url=url
        )
        if not alt:
            self.story.lose(where, "an alternative text", "the file has neither that nor a caption; the picture is marked decorative")
        return key

    def image(self, element: Element, where: str) -> list[Block]:
        key = self.photo(element, where)
        if not key:
            self.lose(where, element, "it names no picture with a web address and a size")
            return []
        return [{"type": "image", "image": key}]

    def gallery(self, element: Element, where: str) -> list[Block]:
        keys = list(dict.fromkeys(key for image in values.objects(element, "images", where) if (key := self.photo(image, where))))
        if not keys:
            self.lose(where, element, "it names no picture with a web address and a size")
            return []
        if len(keys) > 30:
            self.story.lose(where, f"{len(keys) - 30} pictures", "a gallery holds at most 30")
        if len(keys) == 1:
            return [{"type": "image", "image": keys[0]}]
        return [{"type": "gallery", "images": keys[:30]}]

    def card(self, element: Element, where: str) -> list[Block]:
        """Anything of another site: a static card with its link, never the other site's HTML."""
        url = first_address(element, "originalUrl", "url", "embedUrl", "scriptUrl")
        if not url:
            inside = _SOURCE.search(values.raw_text(element, "html", where)[:100_000])
            url = values.web_address(entities.unescape(inside[1])) if inside else ""
        if not url:
            self.lose(where, element, "it holds no web address that a card could link to")
            return []
        title = self.line(element, "title", where) or self.line(element, "text", where) or self.line(element, "alt", where)
        return [embed(url, title=title, text=self.line(element, "caption", where, WORDS))]

    def post(self, element: Element, where: str) -> list[Block]:
        """A post of a social network, as the words it was shown with."""
        url = first_address(element, "url")
        if not url:
            self.lose(where, element, "it has no web address")
            return []
        found = read_post(values.raw_text(element, "html", where)[:100_000])
        if values.flag(element, "hasMedia", where):
            self.story.lose(where, "the post’s picture or film", "a card holds words and a link only")
        provider = {"twitter.com": "Twitter", "x.com": "X", "instagram.com": "Instagram"}.get(site_of(url), site_of(url))
        author, published = values.shorten(found.author, LINE), iso_day(values.shorten(found.published, LINE))
        return [embed(url, provider=provider, author=author, text=values.shorten(found.text, WORDS), published=published)]

    def recording(self, element: Element, where: str) -> list[Block]:
        """A film: YouTube's by its id, others by their address."""
        if values.flag(element, "expired", where):
            self.lose(where, element, "the film is marked as expired")
            return []
        name = values.text(element, "assetId", where)
        url = (
            f"https://www.youtube.com/watch?v={name}" if _VIDEO_ID.match(name) else first_address(element, "originalUrl", "url", "embedUrl")
        )
        if not url:
            url = next((found for asset in values.objects(element, "assets", where) if (found := first_address(asset, "url"))), "")
        if not url:
            self.lose(where, element, "it names no film with a web address")
            return []
        title = self.line(element, "mediaTitle", where) or self.line(element, "title", where) or self.line(element, "caption", where)
        if values.objects(element, "posterImage", where):
            self.story.lose(where, "the film’s still picture", "it is another site’s and a page here loads no pictures from elsewhere")
        credit = self.line(element, "credit", where)
        duration = min(values.whole(element.get("duration")), 86_400) or None
        return [
            {
                "type": "video",
                "url": url,
                "title": title or f"Video on {site_of(url)}",
                "credit": credit,
                "duration": duration,
                "poster": "",
            }
        ]

    def sound(self, element: Element, where: str) -> list[Block]:
        url = first_address(element, "trackUrl")
        if not url:
            self.lose(where, element, "it names no recording with a web address")
            return []
        title = self.line(element, "title", where) or self.line(element, "kicker", where) or f"Audio on {site_of(url)}"
        return [
            {
                "type": "audio",
                "url": url,
                "title": title,
                "credit": "",
                "duration": min(values.whole(element.get("duration")), 86_400) or None,
            }
        ]


def iso_day(words: str) -> str:
    """“February 19, 2021” as 2021-02-19, which a page prints in its own language; other words as they are."""
    try:
        return datetime.strptime(words, "%B %d, %Y").replace(tzinfo=UTC).date().isoformat()
    except ValueError:
        return words


def embed(url: str, *, provider: str = "", title: str = "", author: str = "", text: str = "", published: str = "") -> Block:
    return {
        "type": "embed",
        "url": url,
        "provider": provider or site_of(url),
        "title": title,
        "author": author,
        "text": text,
        "published": published,
    }


def join(blocks: list[Block], block: Block) -> None:
    """Adds the block; a text that follows a text continues it, as paragraphs of one block."""
    if blocks and block["type"] == "text" == blocks[-1]["type"]:
        joined = blocks[-1]["html"] + block["html"]
        if len(joined.encode()) <= JOINED_BYTES and joined.count("<a ") <= 400:
            blocks[-1]["html"] = joined
            return
    blocks.append(block)


Reader = Callable[[ElementReader, Element, str], list[Block]]
_FAMILIES: dict[Reader, tuple[str, ...]] = {
    ElementReader.text: ("TextBlockElement", "SubheadingBlockElement", "NumberedTitleBlockElement", "HighlightBlockElement",
                         "DisclaimerBlockElement", "ItemLinkBlockElement"),
    ElementReader.blockquote: ("BlockquoteBlockElement",),
    ElementReader.titled_text: ("ExplainerAtomBlockElement", "GuideAtomBlockElement", "ProfileAtomBlockElement", "QABlockElement"),
    ElementReader.titled_list: ("ListBlockElement", "KeyTakeawaysBlockElement", "QAndAExplainerBlockElement"),
    ElementReader.pullquote: ("PullquoteBlockElement",),
    ElementReader.comment: ("CommentBlockElement",),
    ElementReader.image: ("ImageBlockElement",),
    ElementReader.gallery: ("MultiImageBlockElement",),
    ElementReader.post: ("TweetBlockElement", "InstagramBlockElement"),
    ElementReader.recording: ("YoutubeBlockElement", "VideoYoutubeBlockElement", "VideoVimeoBlockElement", "VideoFacebookBlockElement",
                              "GuVideoBlockElement", "MediaAtomBlockElement"),
    ElementReader.sound: ("AudioAtomBlockElement",),
    ElementReader.card: ("RichLinkBlockElement", "EmbedBlockElement", "MapBlockElement", "DocumentBlockElement", "SpotifyBlockElement",
                         "SoundcloudBlockElement", "VineBlockElement", "InteractiveBlockElement"),
}  # fmt: skip
READERS: dict[str, Reader] = {name: reader for reader, names in _FAMILIES.items() for name in names}
