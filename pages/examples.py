"""Examples: what the playground can show, each a press away."""

from components import shell

shell.frame()

from components.start import cards

cards.show()
