"""The badge is a picture that anybody can show."""

from xml.etree import ElementTree

import msgspec

from factify_contract.certification.badge import badge

_SVG = "{http://www.w3.org/2000/svg}"


def test_absences_are_on_the_badge(certified):
    terms = msgspec.structs.replace(
        certified.certificate.terms, capabilities={"timeline": False, "export": False, "logo": True}
    )
    said = msgspec.structs.replace(certified.certificate, terms=terms, document_version="1.1.0")
    root = ElementTree.fromstring(badge(said))

    assert [text.text for text in root.iter(f"{_SVG}text")] == ["Factify contract", "full 1.1.0, 2 absent"]


def test_names_cannot_break_out_of_it(certified):
    said = msgspec.structs.replace(certified.certificate, target='"><script>alert(1)</script>')
    root = ElementTree.fromstring(badge(said))

    assert {element.tag for element in root.iter()} == {
        f"{_SVG}{name}" for name in ("svg", "title", "clipPath", "rect", "g", "text")
    }
    assert '"><script>' in root.find(f"{_SVG}title").text
