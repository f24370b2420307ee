"""Standard streams that remember what was written and say what they are told to say."""

from __future__ import annotations

import io


class Stream(io.TextIOWrapper):
    """UTF-8 text in memory; a terminal or not, as asked."""

    def __init__(self, text: str = "", *, terminal: bool = False) -> None:
        super().__init__(
            io.BytesIO(text.encode(errors="surrogatepass")), encoding="utf-8", newline="", write_through=True
        )
        self._terminal = terminal

    def isatty(self) -> bool:
        return self._terminal

    @property
    def written(self) -> str:
        self.flush()
        raw = self.buffer
        assert isinstance(raw, io.BytesIO)
        return raw.getvalue().decode()
