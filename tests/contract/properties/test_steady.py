"""What hypothesis is told beforehand is what it would find out by itself, and it looks there."""

from hypothesis.internal import charmap

from factify_contract.properties.steady import UTF_8, traceless


def test_the_table_of_utf_8_is_the_one_that_hypothesis_makes(tmp_path, monkeypatch):
    monkeypatch.setattr(charmap, "charmap_file", lambda name="charmap": tmp_path / "none" / name)
    monkeypatch.setattr(charmap, "storage_directory", lambda *names: None)
    encodable, lossy = charmap.intervals_from_codec.__wrapped__("utf-8")

    assert ([*encodable.intervals], [*lossy.intervals]) == UTF_8


def test_hypothesis_reads_the_table_instead_of_trying_every_character(monkeypatch):
    with traceless():
        monkeypatch.setattr(charmap, "sys", None)  # what its own way needs
        encodable, _ = charmap.intervals_from_codec.__wrapped__("utf-8")

    assert [*encodable.intervals] == UTF_8[0]
