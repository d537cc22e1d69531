"""Who is answered next."""

from lstm_viz.runs.asking import Question, Queue


def waiting(queue: Queue, *whose: str, long: bool = False) -> list[Question]:
    """Questions of these owners, in this order."""
    questions = [Question(owner, long=long) for owner in whose]
    for question in questions:
        queue.enter(question)
    return questions


def begin(queue: Queue) -> Question:
    """The next question has a place."""
    question = queue.next()
    assert question is not None
    queue.begin(question)
    return question


def test_one_owner_leaves_a_place_to_the_others() -> None:
    queue = Queue(2)
    first, _second, _third = waiting(queue, "ada", "ada", "ada")
    assert begin(queue) is first
    assert queue.next() is None
    (other,) = waiting(queue, "bo")
    assert begin(queue) is other


def test_who_has_fewest_places_comes_first() -> None:
    queue = Queue(3)
    waiting(queue, "ada", "ada")
    begin(queue)
    (other,) = waiting(queue, "bo")
    assert begin(queue) is other


def test_long_questions_leave_a_place_to_the_others_whosever_they_are() -> None:
    queue = Queue(2)
    first, second = waiting(queue, "ada", "bo", long=True)
    assert begin(queue) is first
    assert queue.next() is None
    (short,) = waiting(queue, "cy")
    assert begin(queue) is short
    queue.leave(short)
    assert queue.next() is None
    queue.leave(first)
    assert begin(queue) is second


def test_owners_take_turns() -> None:
    queue = Queue(1)
    waiting(queue, "ada", "ada", "ada", "bo", "cy")
    turns = []
    while (question := queue.next()) is not None:
        queue.begin(question)
        turns.append(question.owner)
        queue.leave(question)
    assert turns == ["ada", "bo", "cy", "ada", "ada"]


def test_the_only_place_is_for_long_questions_too() -> None:
    queue = Queue(1)
    (long,) = waiting(queue, "ada", long=True)
    assert begin(queue) is long


def test_who_waits_no_longer_takes_no_turn() -> None:
    queue = Queue(1)
    first, second = waiting(queue, "ada", "ada")
    queue.leave(first)
    assert begin(queue) is second
    queue.leave(second)
    assert queue.next() is None
