"""Executed notebooks as HTML without a page around it: notebookHtml.py NOTEBOOK... Each is a JSON line on stdout:

    {"file": PATH, "body": HTML}    or, of one that cannot be converted, {"file": PATH, "error": TEXT}
"""

import base64
import json
import os
import re
import sys

import nbformat
from markupsafe import escape
from nbconvert import HTMLExporter
from traitlets.config import Config

PLOTLY = "application/vnd.plotly.v1+json"
PICTURES = ["image/svg+xml", "image/png", "image/jpeg"]
RICHEST_FIRST = [PLOTLY, "text/html", *PICTURES, "text/markdown", "text/plain"]


def still(data):
    """The picture of an output that has one, as an image element."""
    svg = data.get("image/svg+xml")
    if svg is not None:
        # A title says less than a description; either is text of the picture, already escaped.
        said = re.search(r"<desc>(.*?)</desc>", svg, re.S) or re.search(r"<title>(.*?)</title>", svg, re.S)
        return image("image/svg+xml", base64.b64encode(svg.encode()).decode(), said.group(1) if said else "figure", size(svg))
    for kind in ("image/png", "image/jpeg"):
        if kind in data:
            return image(kind, data[kind].replace("\n", ""), str(escape(data.get("text/plain", "figure"))), "")
    return "<p>A figure that only Jupyter and a browser with scripts draw.</p>" if PLOTLY in data else ""


def image(kind, content, alt, more):
    alt = alt.replace('"', "&quot;")
    return f'<img alt="{alt}" loading="lazy"{more} src="data:{kind};base64,{content}">'


def size(svg):
    """Width and height, so that the page does not jump when it loads."""
    found = re.match(r'<svg[^>]*?\swidth="(\d+)(?:\.\d+)?"[^>]*?\sheight="(\d+)', svg)
    return f' width="{found.group(1)}" height="{found.group(2)}"' if found else ""


def json_in_script(value):
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).replace("<", "\\u003c")


def exporter():
    config = Config()
    config.NbConvertBase.display_data_priority = RICHEST_FIRST
    return HTMLExporter(
        config=config,
        template_name="base",
        extra_template_paths=[os.path.dirname(os.path.abspath(__file__))],
        template_file="notebook.html.j2",
        exclude_anchor_links=True,
        filters={"still": still, "json_in_script": json_in_script},
    )


def main(files):
    convert = exporter()
    for file in files:
        try:
            body, _ = convert.from_notebook_node(nbformat.read(file, as_version=4))
            line = {"file": file, "body": body}
        except Exception as error:
            line = {"file": file, "error": f"{type(error).__name__}: {error}"}
        print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
