"""The guide: which step stands open, done by real happenings and never by a Next button."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from playground.elements import all_elements
from playground.records import Json
from playground.state import State
from playground.things import Chapter, Guide, Happening, Step

Listener = Callable[[Json], None]
MOST_ENDINGS = 3
DEEDS = frozenset({"click", "submit", "command", "message", "step"})


class GuideBook:
    """Follows what people do; its place is kept with the workspace's memory."""

    def __init__(self, state: State, guide: Guide | None) -> None:
        self._state = state
        self.guide = guide
        self.listeners: list[Listener] = []
        self._deaf = 0
        if guide is not None:
            _refuse_what_leads_nowhere(guide)

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
            "opened": self._opened(),
            "touched": self._state.memory.touched,
            "closing": self.guide.closing,
            "ending": [{"label": label, "to": to} for label, to in self.guide.ending],
        }

    def _step_view(self, step: Step) -> Json:
        return {
            "key": step.key,
            "act_as": self._id(step.act_as),
            "sentence": step.sentence,
            "action": step.action,
            "target": self._target_view(step),
            "fill": dict(step.fill),
            "chapter": self._chapter_title(step.chapter),
            "beside": self._id(step.beside),
            "did": step.done_when.did,
        }

    def _id(self, key: str) -> str:
        person = self._state.person(key)
        return person.id if person else key

    def _target_view(self, step: Step) -> Json | None:
        target = step.target
        if target is None:
            return None
        ref = self._id(target.ref) if target.kind == "person" else target.ref
        if target.kind != "until":
            return {"kind": target.kind, "ref": ref}
        return {"kind": target.kind, "ref": ref, "who": self._id(target.who or step.act_as), "days": target.days}

    def _chapter_title(self, name: str) -> str:
        return next((each.title for each in self._chapters if each.name == name), name)

    @property
    def _chapters(self) -> tuple[Chapter, ...]:
        return self.guide.chapters if self.guide else ()

    def chapters(self) -> list[Json]:
        """What can be opened by itself, and which of it stands open."""
        now = self.step.chapter if self.step else ""
        return [{"name": each.name, "title": each.title, "current": each.name == now} for each in self._chapters]

    def _opened(self) -> Json | None:
        """Where the page goes once a chapter has been opened."""
        name = self._state.memory.chapter
        found = next((each for each in self._chapters if each.name == name), None)
        return {"name": name, "act_as": self._id(found.act_as), "place": found.place} if found else None

    # -- what happens ------------------------------------------------------------------------------------

    def happened(self, did: str, who: str = "", ref: str = "") -> None:
        """A deed was done by user `who`; completes the open step, or counts as wandering off."""
        if self._deaf:
            return
        if did in DEEDS and not self._state.memory.touched:
            self._state.memory.touched = True
            self._state.keep(self._state.memory)
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

    def arrived(self, people: Iterable[str], blocks: list[Json] | None) -> None:
        """A message of the app reached these people; completes a step that waits for an action in it."""
        step = self.step
        if self._deaf or step is None or step.done_when.did != "message" or not step.done_when.ref:
            return
        wanted = step.done_when
        right_person = not wanted.who or self._id(wanted.who) in people
        if right_person and any(element.get("action_id") == wanted.ref for _, element in all_elements(blocks)):
            self._go(self.index + 1)
            self._pass_known_faces()

    @contextmanager
    def unheard(self) -> Iterator[None]:
        """What happens meanwhile is nobody's walk along the path."""
        self._deaf += 1
        try:
            yield
        finally:
            self._deaf -= 1

    def open_chapter(self, chapter: Chapter) -> None:
        """Stand at the chapter's first step, in a world just played up to it."""
        memory = self._state.memory
        memory.chapter, memory.touched, memory.guide_as = chapter.name, False, self._id(chapter.act_as)
        self._go(_first_of(self._steps, chapter))
        self.happened("chapter", ref=chapter.name)
        self._pass_known_faces()

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

    def turn(self, action: str) -> None:
        """`skip`, `back` or `restart`; `fill_shown` changes nothing and is only noted."""
        places = {"skip": self.index + 1, "back": self.index - 1, "restart": 0}
        if action in places:
            self._go(places[action])


def _first_of(steps: tuple[Step, ...], chapter: Chapter) -> int:
    """The place of the chapter's first step."""
    for index, step in enumerate(steps):
        if chapter.first in {step.key, ""} and (chapter.first or step.chapter == chapter.name):
            return index
    raise ValueError(f"No step of the guide begins the chapter {chapter.name!r}.")


def _refuse_what_leads_nowhere(guide: Guide) -> None:
    names = [each.name for each in guide.chapters]
    if len(set(names)) < len(names):
        raise ValueError("Two chapters have one name.")
    for chapter in guide.chapters:
        _first_of(guide.steps, chapter)
    for step in guide.steps:
        if step.target and step.target.kind == "chapter" and step.target.ref not in names:
            raise ValueError(f"The step {step.key!r} opens {step.target.ref!r}, which is no chapter.")
    if len(guide.ending) > MOST_ENDINGS:
        raise ValueError(f"A guide ends with at most {MOST_ENDINGS} things to do.")
    for label, to in guide.ending:
        if to not in {"#gallery", "faults"} and not to.startswith(("https://", "http://")):
            raise ValueError(f"{label!r} leads to {to!r}, which is neither a web address, '#gallery' nor 'faults'.")
