"""What a list does not say and Linli does not guess: questions, and the file they are answered in."""

import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from linli.io.territory.manifest import LONGEST_ID
from linli.kernel.errors import LinliError
from linli.kernel.texts import Language, Text, catalogue

__all__ = ["QUESTIONS", "Question", "question", "questions_text", "read_answers"]

say = catalogue("linli.io.territory")

QUESTIONS: Final = ("name", "county", "coordinates", "level")
LONGEST_FILE: Final = 64 * 1024
LONGEST_ANSWER: Final = LONGEST_ID * 2


@dataclass(frozen=True, kw_only=True)
class Question:
    """One thing to be answered: its key, which is an option of the command too, and the text."""

    key: str
    text: Text
    choices: Sequence[str] = ()


def question(key: str, choices: Sequence[str] = (), **values: object) -> Question:
    """A question by its key."""
    return Question(key=key, text=say(f"question.{key}", **values), choices=choices)


def questions_text(questions: Sequence[Question], language: Language) -> str:
    """The file of questions: TOML with the questions as remarks and an empty answer to each."""
    lines = [f"# {say('questions.head').in_(language)}"]
    for asked in questions:
        lines += ["", f"# {asked.text.in_(language)}"]
        if asked.choices:
            choices = json.dumps(list(asked.choices), ensure_ascii=False)
            lines.append(f"# {say('questions.choices', choices=choices).in_(language)}")
        lines.append(f'{asked.key} = ""')
    return "\n".join(lines) + "\n"


def read_answers(path: Path) -> Mapping[str, str]:
    """The answers in a file of questions; those left empty are none.

    Raises
    ------
    LinliError
        It cannot be read, or holds something else than answers to these questions.
    """
    try:
        if path.stat().st_size > LONGEST_FILE:
            raise LinliError(say("answers.unreadable", file=path, reason="> 64 kB"))
        found = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise LinliError(say("answers.unreadable", file=path, reason=error.strerror or "")) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise LinliError(say("answers.unreadable", file=path, reason=str(error))) from error
    for key, value in found.items():
        if key not in QUESTIONS or not isinstance(value, str) or len(value) > LONGEST_ANSWER:
            raise LinliError(say("answers.unknown", file=path, key=key, known=", ".join(QUESTIONS)))
    return {key: value.strip() for key, value in found.items() if value.strip()}
