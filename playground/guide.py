"""The guide: which step stands open, done by real happenings and never by a Next button."""

from collections.abc import Callable

from playground.records import Json
from playground.state import State
from playground.things import Guide, Happening, Step

Listener = Callable[[Json], None]


class GuideBook:
    """Follows what people do; its place is kept with the workspace's memory."""

    def __init__(self, state: State, guide: Guide | None) -> None:
        self._state = state
        self.guide = guide
        self.listeners: list[Listener] = []

    # -- where we are ------------------------------------------------------------------------------------

    @property
    def index(self) -> int:
        """How many steps are behind us."""
        return min(self._state.memory.guide_index, len(self._steps))

    @property
    def _steps(self) -> tuple[Step, ...]:
        return self.guide.steps if self.guide else ()

    @property
    def step(self) -> Step | None:
        """The open step, None once all are done."""
        return self._steps[self.index] if self.index < len(self._steps) else None

    def view(self) -> Json | None:
        """The guide as the page shows it, None when there is none."""
        if self.guide is None:
            return None
        return {
            "title": self.guide.title,
            "index": self.index,
            "count": len(self._steps),
            "done": self.step is None,
            "wandered": self._state.memory.guide_wandered,
            "step": self._step_view(self.step) if self.step else None,
            "said_when_wandered": self.guide.wandered,
            "chapters": self.chapters(),
        }

    def _step_view(self, step: Step) -> Json:
        person = self._state.person(step.act_as)
        target = {"kind": step.target.kind, "ref": self._target_ref(step)} if step.target else None
        return {
            "key": step.key,
            "act_as": person.id if person else step.act_as,
            "sentence": step.sentence,
            "action": step.action,
            "target": target,
            "fill": dict(step.fill),
            "chapter": step.chapter,
            "did": step.done_when.did,
        }

    def _target_ref(self, step: Step) -> str:
        if step.target is None or step.target.kind != "person":
            return step.target.ref if step.target else ""
        person = self._state.person(step.target.ref)
        return person.id if person else step.target.ref

    def chapters(self) -> list[Json]:
        """The named parts of the path, by the step each begins with."""
        found: list[Json] = []
        for index, step in enumerate(self._steps):
            if step.chapter and (not found or found[-1]["name"] != step.chapter):
                found.append({"name": step.chapter, "index": index})
        return found

    # -- what happens ------------------------------------------------------------------------------------

    def happened(self, did: str, who: str = "", ref: str = "") -> None:
        """A deed was done by user `who`; completes the open step, or counts as wandering off."""
        if who:
            self._state.memory.guide_as = who
            self._pass_known_faces()
        step = self.step
        if step is None:
            return
        if self._completes(step.done_when, did, who, ref):
            self._go(self.index + 1)
            self._pass_known_faces()
        elif did in {"click", "submit", "command"} and not self._state.memory.guide_wandered:
            self._state.memory.guide_wandered = True
            self._changed()

    def _completes(self, wanted: Happening, did: str, who: str, ref: str) -> bool:
        person = self._state.person(wanted.who) if wanted.who else None
        right_person = not wanted.who or (person is not None and person.id == who)
        if did != wanted.did or not right_person:
            return False
        if wanted.did == "command":
            return ref.startswith(wanted.ref)
        if wanted.did == "become" and wanted.ref:
            meant = self._state.person(wanted.ref)
            return meant is not None and meant.id == who
        return not wanted.ref or ref == wanted.ref

    def _pass_known_faces(self) -> None:
        """A step that asks to become somebody one already is (or acts as), is done."""
        now = self._state.memory.guide_as
        while (
            self.step
            and self.step.done_when.did == "become"
            and self._completes(self.step.done_when, "become", now, now)
        ):
            self._go(self.index + 1)

    def _go(self, index: int) -> None:
        memory = self._state.memory
        memory.guide_index = max(0, min(index, len(self._steps)))
        memory.guide_wandered = False
        self._changed()

    def _changed(self) -> None:
        self._state.keep(self._state.memory)
        view = self.view()
        if view is not None:
            for listener in self.listeners:
                listener(view)

    # -- what one may ask of it --------------------------------------------------------------------------

    def turn(self, action: str, name: str = "") -> None:
        """`skip`, `back`, `restart`, or `chapter` by its name; `fill_shown` changes nothing and is only noted."""
        places = {"skip": self.index + 1, "back": self.index - 1, "restart": 0}
        if action in places:
            self._go(places[action])
        elif action == "chapter":
            for chapter in self.chapters():
                if chapter["name"] == name:
                    self._go(chapter["index"])
