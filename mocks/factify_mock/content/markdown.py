"""Blocks of a Markdown text; Markdown has no pages, so there is no layout."""

from typing import Any

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from factify_mock.content.blocks import heading, paragraph, table
from factify_mock.content.extraction import Extraction
from factify_mock.content.source import Source, text_of

# Lists in lists deeper than this are flattened: the record's form is recursive, the reader's patience is not.
_DEEPEST_LIST = 20
# A record ends there, so that no file keeps its reader busy for long.
_MOST_BYTES = 1024 * 1024


def extract(source: Source) -> Extraction:
    """The blocks in order; the first heading of the highest level is the title."""
    text, is_whole = text_of(source, most=_MOST_BYTES)
    parser = MarkdownIt("commonmark", {"maxNesting": 40}).enable("table")
    root = SyntaxTreeNode(parser.parse(text))
    blocks = [block for node in root.children for block in _blocks(node)]
    titles = (block["heading"]["text"] for block in blocks if block.get("heading", {}).get("level") == 1)
    return Extraction("document", {"blocks": blocks}, None, title=next(titles, None), is_whole=is_whole)


def _blocks(node: SyntaxTreeNode) -> list[dict[str, Any]]:
    match node.type:
        case "heading":
            return [heading(int(node.tag[1:]), _text(node))]
        case "paragraph":
            image = _only_image(node)
            return [image] if image is not None else [paragraph(_text(node))]
        case "fence" | "code_block":
            language = node.info.split()[0] if node.type == "fence" and node.info.strip() else None
            code = {"code": node.content}
            return [{"code_block": code if language is None else {**code, "language": language}}]
        case "blockquote":
            return [{"quote": {"text": "\n".join(_text(child) for child in node.children)}}]
        case "bullet_list" | "ordered_list":
            return [{"list": _list(node, depth=0)}]
        case "table":
            rows = [[_text(cell) for cell in row.children] for part in node.children for row in part.children]
            return [table(rows, header_rows=1)]
        case "hr":
            return [{"thematic_break": {}}]
        case _:
            text = (node.content if not node.children else _text(node)).strip()
            return [paragraph(text)] if text else []


def _list(node: SyntaxTreeNode, *, depth: int) -> dict[str, Any]:
    items = []
    for child in node.children:
        texts = [_text(part) for part in child.children if part.type not in ("bullet_list", "ordered_list")]
        item: dict[str, Any] = {"text": "\n".join(texts)}
        nested = [part for part in child.children if part.type in ("bullet_list", "ordered_list")]
        if nested and depth < _DEEPEST_LIST:
            item["sub_list"] = _list(nested[0], depth=depth + 1)
        items.append(item)
    if node.type == "ordered_list":
        return {"style": "LIST_STYLE_ORDERED", "start": int(node.attrs.get("start", 1)), "items": items}
    return {"style": "LIST_STYLE_UNORDERED", "items": items}


def _only_image(node: SyntaxTreeNode) -> dict[str, Any] | None:
    inline = node.children[0].children if node.children else []
    if len(inline) == 1 and inline[0].type == "image":
        source = {"storage_ref": str(inline[0].attrs.get("src", ""))}
        return {"image": {"alt_text": inline[0].content, "source": source}}
    return None


def _text(node: SyntaxTreeNode) -> str:
    if node.type in ("softbreak", "hardbreak"):
        return "\n"
    if not node.children:
        return node.content if node.type in ("text", "code_inline", "fence", "code_block", "image") else ""
    return "".join(_text(child) for child in node.children)
