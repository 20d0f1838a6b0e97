"""One property of our own in a Word file, which people don't see and which programs keep when they save the file."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

from docx.document import Document as Paper
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml.parser import parse_xml

_PLACE = "/docProps/custom.xml"
_TYPE = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
_PROPERTIES = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
# The format's id and the number of the first property are fixed by the standard.
_CONTENT = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    f'<Properties xmlns="{_PROPERTIES}"'
    ' xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes">'
    '<property fmtid="{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}" pid="2" name={name}><vt:lpwstr>{value}</vt:lpwstr>'
    "</property></Properties>"
)


def put(document: Paper, name: str, value: str) -> None:
    """Give a new file its property."""
    content = _CONTENT.format(name=quoteattr(name), value=escape(value)).encode()
    package = document.part.package
    part = Part(PackURI(_PLACE), _TYPE, content, package)
    package.relate_to(part, RELATIONSHIP_TYPE.CUSTOM_PROPERTIES)


def get(document: Paper, name: str) -> str:
    """The property's value; empty where the file has none. Raises what the parser does for a broken part."""
    part = next((each for each in document.part.package.iter_parts() if each.partname == _PLACE), None)
    if part is None:
        return ""
    for entry in parse_xml(part.blob).iter(f"{{{_PROPERTIES}}}property"):
        if entry.get("name") == name:
            return "".join(entry.itertext())
    return ""
