"""The tests of the strategies: how they are asked, and a module for what each of them follows."""
