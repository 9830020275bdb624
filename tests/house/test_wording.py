"""Sentences put together for readers of Chinese and of English."""

from __future__ import annotations

from yiwang.kernel.wording import about, joined


def test_a_title_inside_an_english_sentence_begins_small() -> None:
    assert about("Enter {title}.", "Phone number") == "Enter phone number."
    assert about("Enter {title}.", "ID number") == "Enter ID number."
    assert about("{title} can have at most {limit} files.", "Photos", limit=4) == "Photos can have at most 4 files."
    assert about("请填写{title}。", "手机号码") == "请填写手机号码。"


def test_english_sentences_are_set_apart_and_chinese_ones_are_not() -> None:
    assert joined("This has ended.", "Reload the page.") == "This has ended. Reload the page."
    assert joined("该事项已经结束。", "请刷新页面。") == "该事项已经结束。请刷新页面。"
    assert joined("“a.jpg”: ", "Too large.", "") == "“a.jpg”: Too large."
    assert joined("", "Reload the page.") == "Reload the page."
