"""Where in a run an event falls: which phase, and which story of it."""

from factify_contract.events import Event, PhaseStarted, StoryFinished, StoryStarted


class Whereabouts:
    """Follows the events of a run. Mutable; `story` is empty between stories."""

    def __init__(self) -> None:
        self.phase = ""
        self.story = ""

    def follow(self, event: Event) -> None:
        """Takes note when a phase or a story begins or ends."""
        match event:
            case PhaseStarted(phase=phase):
                self.phase, self.story = phase, ""
            case StoryStarted(id=story):
                self.story = story
            case StoryFinished():
                self.story = ""
            case _:
                pass
