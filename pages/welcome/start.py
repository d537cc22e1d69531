"""The first screen: a story in five scenes, and one click to a live training."""

from lstm_viz.ui import opening
from lstm_viz.ui.say import heading, show_problem
from lstm_viz.ui.story.scenes import scenes
from lstm_viz.ui.story.telling import tell
from lstm_viz.words import _

heading(_("See inside a network while it learns"))
show_problem()
tell(scenes())
opening.bring()
