"""How the drawn pictures of a registry are made; the public face is `lastgood.render`."""
