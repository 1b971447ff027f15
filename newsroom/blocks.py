"""The one schema of blocks (docs/contracts/blocks.md). What leaves `clean_blocks` is typed, sanitised and safe to store.

A draft may be incomplete (a quote whose speaker is still asked for): `missing_parts` says what publishing still needs.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from newsroom.errors import Fault, Invalid
from newsroom.refs import ALPHABET, new_block_id
from newsroom.sanitise import TooMuchMarkup, plain_text, sanitise_html, sanitise_inline

MAX_BLOCKS = 100
# What a block has without anybody's typing.
UNTYPED = frozenset({"id", "type", "style", "provider"})
BLOCK_TYPES = ("text", "image", "gallery", "quote", "list", "embed", "audio", "video")


def _refuse(sentence: str) -> PydanticCustomError:
    # The sentence is data, not a template: braces in it must stay braces.
    return PydanticCustomError("refused", "{sentence}", {"sentence": sentence})


def _html(value: str) -> str:
    try:
        return sanitise_html(value)
    except TooMuchMarkup as error:
        raise _refuse(str(error)) from error


def _inline(value: str) -> str:
    try:
        return sanitise_inline(value)
    except TooMuchMarkup as error:
        raise _refuse(str(error)) from error


def _one_line(value: str) -> str:
    return " ".join(value.replace("\x00", "").split())


def _lines(value: str) -> str:
    return "\n".join(" ".join(line.split()) for line in value.replace("\x00", "").replace("\r\n", "\n").split("\n")).strip()


def _link(value: str) -> str:
    value = value.strip()
    if value and not _names_a_site(value):
        raise _refuse("This is not a web address. It begins with https:// and names a site.")
    if any(character in value for character in ' \t\n"<>\\^`{|}'):
        raise _refuse("This web address holds a character that no address has, such as a space or a quotation mark.")
    return value


def _names_a_site(url: str) -> bool:
    try:
        parts = urlsplit(url)
        # Asked for, because a bad port is noticed only then.
        _ = parts.port
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and len(parts.hostname or "") > 1


def _seconds(value: Any) -> Any:
    return None if value == "" else value


REF = rf"^(i-[{ALPHABET}]{{8}})?$"

Html = Annotated[str, AfterValidator(_html)]
Inline = Annotated[str, AfterValidator(_inline)]
Line = Annotated[str, Field(max_length=300), AfterValidator(_one_line)]
Words = Annotated[str, Field(max_length=5000), AfterValidator(_lines)]
Link = Annotated[str, Field(max_length=1000), AfterValidator(_link)]
ImageRef = Annotated[str, Field(pattern=REF)]
Seconds = Annotated[Annotated[int, Field(ge=0, le=86_400)] | None, BeforeValidator(_seconds)]


class Block(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=False)
    id: Annotated[str, Field(pattern=rf"^b-[{ALPHABET}]{{6}}$")] = Field(default_factory=new_block_id)


class TextBlock(Block):
    type: Literal["text"]
    html: Html = ""


class ImageBlock(Block):
    type: Literal["image"]
    image: ImageRef = ""


class GalleryBlock(Block):
    type: Literal["gallery"]
    images: Annotated[list[ImageRef], Field(max_length=30)] = Field(default_factory=list)


class QuoteBlock(Block):
    type: Literal["quote"]
    text: Words = ""
    speaker: Line = ""
    role: Line = ""
    source_url: Link = ""
    source_label: Line = ""


class ListBlock(Block):
    type: Literal["list"]
    style: Literal["bullet", "number"] = "bullet"
    items: Annotated[list[Inline], Field(max_length=100)] = Field(default_factory=list)


class EmbedBlock(Block):
    type: Literal["embed"]
    url: Link = ""
    provider: Line = ""
    title: Line = ""
    author: Line = ""
    text: Words = ""
    published: Line = ""


class AudioBlock(Block):
    type: Literal["audio"]
    url: Link = ""
    title: Line = ""
    credit: Line = ""
    duration: Seconds = None


class VideoBlock(Block):
    type: Literal["video"]
    url: Link = ""
    title: Line = ""
    credit: Line = ""
    duration: Seconds = None
    poster: ImageRef = ""


AnyBlock = TextBlock | ImageBlock | GalleryBlock | QuoteBlock | ListBlock | EmbedBlock | AudioBlock | VideoBlock
_ADAPTER: TypeAdapter[AnyBlock] = TypeAdapter(Annotated[AnyBlock, Field(discriminator="type")])


def _sentence(error: ErrorDetails, raw: Any) -> str:
    context = error.get("ctx", {})
    match error["type"]:
        case "refused":
            return str(context["sentence"])
        case "union_tag_invalid" | "union_tag_not_found":
            name = raw.get("type", "") if isinstance(raw, dict) else ""
            return f"There is no block of the type “{str(name)[:40]}”. The types are: {', '.join(BLOCK_TYPES)}."
        case "extra_forbidden":
            return f"A block of this type has no “{str(error['loc'][-1])[:40]}”."
        case "string_too_long":
            return f"This is longer than {context['max_length']} characters."
        case "too_long":
            return f"{context['max_length']} is the most there can be here."
        case "string_pattern_mismatch":
            return "This is not the ref of an image."
        case "literal_error":
            return f"This must be one of: {context['expected']}."
        case "int_parsing" | "int_type" | "int_from_float" | "greater_than_equal" | "less_than_equal":
            return "This is a whole number of seconds, at most a day."
        case _:
            return "This is not what belongs here."


def clean_blocks(raw: Any) -> list[dict[str, Any]]:
    """The blocks as they may be stored: typed, sanitised, each with an id of its own.

    Raises `Invalid` whose faults are named `blocks`, `blocks.<index>` or `blocks.<index>.<key>`; a bad block never hides the next
    one's faults.
    """
    if not isinstance(raw, list):
        raise Invalid([Fault("blocks", "The body is not a list of blocks.")])
    if len(raw) > MAX_BLOCKS:
        raise Invalid(
            [Fault("blocks", f"An entry holds at most {MAX_BLOCKS} blocks; this one has {len(raw)}. Publish it as several entries.")]
        )
    faults: list[Fault] = []
    blocks: list[dict[str, Any]] = []
    seen: set[str] = set()
    for index, item in enumerate(raw):
        try:
            block = _ADAPTER.validate_python(item).model_dump()
        except ValidationError as error:
            for detail in error.errors(include_url=False):
                # The first part of the place is the union's tag, which is not a key of the block.
                place = [str(part) for part in detail["loc"][1:]]
                faults.append(Fault(".".join(["blocks", str(index), *place]), _sentence(detail, item)))
            continue
        if block["id"] in seen:
            block["id"] = new_block_id()
        seen.add(block["id"])
        blocks.append(block)
    if faults:
        raise Invalid(faults)
    return blocks


def missing_parts(blocks: list[dict[str, Any]]) -> list[Fault]:
    """What publishing these (cleaned) blocks still needs, block by block. Images are judged by `newsroom.actions.texts`."""
    faults: list[Fault] = []
    for index, block in enumerate(blocks):

        def lacks(key: str, sentence: str, index: int = index) -> None:
            faults.append(Fault(f"blocks.{index}.{key}", sentence))

        match block["type"]:
            case "text" if not plain_text(block["html"]):
                lacks("html", "This text is empty. Write something or remove the block.")
            case "image" if not block["image"]:
                lacks("image", "Choose a picture or remove the block.")
            case "gallery" if len([ref for ref in block["images"] if ref]) < 2:
                lacks("images", "A gallery needs at least two pictures.")
            case "quote":
                if not block["text"]:
                    lacks("text", "Write what was said.")
                if not block["speaker"]:
                    lacks("speaker", "Say who said it. A quote is published with its speaker.")
            case "list" if not any(plain_text(item) for item in block["items"]):
                lacks("items", "The list is empty. Write a point or remove the block.")
            case "embed" if not block["url"]:
                lacks("url", "Paste the link of what is to be shown.")
            case "audio" | "video":
                if not block["url"]:
                    lacks("url", "Paste the link of the recording.")
                if not block["title"]:
                    lacks("title", "Say what is heard or seen, in a title.")
    return faults


def complete_blocks(blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The blocks without the empty points of lists and galleries."""
    result = []
    for block in blocks:
        if block["type"] == "list":
            block = {**block, "items": [item for item in block["items"] if plain_text(item)]}
        elif block["type"] == "gallery":
            block = {**block, "images": [ref for ref in block["images"] if ref]}
        result.append(block)
    return result


def hold_something(blocks: list[dict[str, Any]]) -> bool:
    """Whether anything at all was typed or chosen in these (cleaned) blocks, be it enough to publish or not."""
    return any(_typed(value) for block in blocks for name, value in block.items() if name not in UNTYPED)


def _typed(value: Any) -> bool:
    if isinstance(value, list):
        return any(_typed(item) for item in value)
    return bool(plain_text(value)) if isinstance(value, str) else value is not None
