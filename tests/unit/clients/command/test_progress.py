from __future__ import annotations

import io

from armoire.command.progress import Progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_shows_the_bar_and_clears_it() -> None:
    terminal = Terminal()
    progress = Progress("indexing", 4, terminal)
    progress.advance()
    assert terminal.getvalue().startswith("\r\x1b[Kindexing [#######-----------------------] 1/4 ")
    progress.clear()
    assert terminal.getvalue().endswith("\r\x1b[K")


def test_a_file_and_a_single_step_show_nothing() -> None:
    for stream, total in ((io.StringIO(), 4), (Terminal(), 1)):
        progress = Progress("indexing", total, stream)
        progress.advance()
        progress.clear()
        assert stream.getvalue() == ""


def test_steps_in_a_unit_show_it_instead_of_their_rate() -> None:
    progress = Progress("measuring", 3, io.StringIO(), unit="s")
    progress.advance()
    assert progress.line() == "measuring [##########--------------------] 1/3 s"
