"""Standard streams that remember what was written and say what they are told to say."""

from __future__ import annotations

import io
from collections.abc import Callable


class Stream(io.TextIOWrapper):
    """UTF-8 text in memory; a terminal or not, as asked."""

    def __init__(
        self, text: str = "", *, terminal: bool = False, before_answer: Callable[[], object] | None = None
    ) -> None:
        super().__init__(
            io.BytesIO(text.encode(errors="surrogatepass")), encoding="utf-8", newline="", write_through=True
        )
        self._terminal = terminal
        self._before_answer = before_answer

    def readline(self, size: int = -1, /) -> str:
        """Read what the operator types; while the question stands, somebody else may act."""
        if self._before_answer is not None:
            act, self._before_answer = self._before_answer, None
            act()
        return super().readline(size)

    def isatty(self) -> bool:
        return self._terminal

    @property
    def written(self) -> str:
        self.flush()
        raw = self.buffer
        assert isinstance(raw, io.BytesIO)
        return raw.getvalue().decode()
