"""Texts that lie on disk until somebody asks for one."""

import pytest

from bot.components.texts import Texts


@pytest.mark.parametrize("texts", [[], [""], ["hej"], ["å", "", "två\nrader", "مرحبا 🙂", "sist"]])
def test_what_was_saved_is_read_by_row(tmp_path, texts):
    Texts.save(tmp_path, "examples", texts)
    kept = Texts.load(tmp_path, "examples")
    assert [kept[row] for row in range(len(kept))] == (texts if any(texts) else [])


def test_they_stay_readable_when_the_folder_is_gone(tmp_path):
    Texts.save(tmp_path, "examples", ["ett", "två"])
    kept = Texts.load(tmp_path, "examples")
    for path in tmp_path.iterdir():
        path.unlink()
    assert kept[1] == "två"


def test_a_model_of_before_has_none(tmp_path):
    assert len(Texts.load(tmp_path, "examples")) == 0
