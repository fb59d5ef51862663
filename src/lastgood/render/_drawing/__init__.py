"""How `lastgood.render.svg` draws: the parts of the drawing, from single marks to the card."""
