"""The graphs of an application of LangGraph, with runs that can be held up between two nodes."""

from __future__ import annotations

import operator
import threading
from typing import Annotated, Any, TypedDict

from langchain_core.runnables import RunnableConfig  # type: ignore[import-not-found]
from langgraph.checkpoint.base import BaseCheckpointSaver  # type: ignore[import-not-found]
from langgraph.graph import END, START, StateGraph  # type: ignore[import-not-found]
from langgraph.types import interrupt  # type: ignore[import-not-found]


class State(TypedDict):
    """PostgreSQL keeps a list and a mapping apart from the checkpoint, and a text inside."""

    messages: Annotated[list[str], operator.add]
    facts: dict[str, Any]
    status: str
    asks: bool


class Waiting:
    """Runs that stop between two nodes until they are let go."""

    def __init__(self) -> None:
        self.begun = threading.Semaphore(0)
        self.may_go_on: dict[str, threading.Event] = {}

    def wait(self, thread: str) -> None:
        if thread in self.may_go_on:
            self.begun.release()
            self.may_go_on[thread].wait()


WAITING = Waiting()


def answer(state: State) -> dict[str, Any]:
    said = state["messages"][-1]
    return {"messages": [f"you said: {said}"], "facts": {"last": said, "\u2603": [1, 2.5]}, "status": "calm"}


def pause(_: State, config: RunnableConfig) -> dict[str, Any]:
    WAITING.wait(config["configurable"]["thread_id"])
    return {"status": "rested"}


def ask(state: State, config: RunnableConfig) -> dict[str, Any]:
    if not state["asks"]:
        return {"status": "content"}
    said = interrupt("Shall I go on?")
    WAITING.wait(config["configurable"]["thread_id"])
    return {"messages": [f"the human: {said}"], "asks": False}


def research(state: State) -> dict[str, Any]:
    return {"facts": {**state["facts"], "found": "a lot"}}


def conclude(state: State) -> dict[str, Any]:
    return {"status": f"{state['status']} and sure"}


def in_a_row(*nodes: Any, **compiled_with: Any) -> Any:
    builder = StateGraph(State)
    names = [name for name, _ in nodes]
    for name, node in nodes:
        builder.add_node(name, node)
    for begin, end in zip([START, *names], [*names, END], strict=True):
        builder.add_edge(begin, end)
    return builder.compile(**compiled_with)


def agent(saver: BaseCheckpointSaver) -> Any:
    """An agent that asks a team of others, a graph in its graph, and a human where its state says so."""
    team = in_a_row(("research", research), ("conclude", conclude))
    return in_a_row(("answer", answer), ("team", team), ("pause", pause), ("ask", ask), checkpointer=saver)
