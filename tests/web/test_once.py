"""An answer is kept for one request and never past a write."""

from linli.web.foundation.once import forget, once, one_request


def test_inside_a_request_a_question_is_asked_once() -> None:
    asked: list[int] = []
    with one_request():
        answers = [once("what", lambda: asked.append(1) or len(asked)) for _ in range(3)]
    assert answers == [1, 1, 1]


def test_after_a_write_it_is_asked_anew() -> None:
    asked: list[int] = []
    with one_request():
        once("what", lambda: asked.append(1) or len(asked))
        forget()
        assert once("what", lambda: asked.append(1) or len(asked)) == 2


def test_outside_a_request_nothing_is_kept() -> None:
    asked: list[int] = []
    forget()
    assert [once("what", lambda: asked.append(1) or len(asked)) for _ in range(2)] == [1, 2]
