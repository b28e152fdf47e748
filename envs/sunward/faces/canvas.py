"""A picture as a NumPy array: rectangles, discs and letters, with no drawing library."""

from __future__ import annotations

import numpy as np

Colour = tuple[int, int, int]

#: Five columns of eight pixels a letter, two hexadecimal digits a column, lowest bit on top.
_GLYPHS = {
    " ": "0000000000", "%": "2313086462", "(": "001c224100", ")": "0041221c00", "+": "08083e0808",
    "-": "0808080808", ".": "0000606000", "/": "2010080402", "0": "3e5149453e", "1": "00427f4000",
    "2": "7249494946", "3": "2141494d33", "4": "1814127f10", "5": "2745454539", "6": "3c4a494931",
    "7": "4121110907", "8": "3649494936", "9": "464949291e", ":": "0036360000", "A": "7c1211127c",
    "B": "7f49494936", "C": "3e41414122", "D": "7f4141413e", "E": "7f49494941", "F": "7f09090901",
    "G": "3e41415173", "H": "7f0808087f", "I": "00417f4100", "J": "2040413f01", "K": "7f08142241",
    "L": "7f40404040", "M": "7f021c027f", "N": "7f0408107f", "O": "3e4141413e", "P": "7f09090906",
    "Q": "3e4151215e", "R": "7f09192946", "S": "2649494932", "T": "03017f0103", "U": "3f4040403f",
    "V": "1f2040201f", "W": "3f4038403f", "X": "6314081463", "Y": "0304780403", "Z": "6159494d43",
    "_": "4040404040", "a": "2054547840", "b": "7f28444438", "c": "3844444428", "d": "384444287f",
    "e": "3854545418", "f": "00087e0902", "g": "18a4a49c78", "h": "7f08040478", "i": "00447d4000",
    "j": "2040403d00", "k": "7f10284400", "l": "00417f4000", "m": "7c04780478", "n": "7c08040478",
    "o": "3844444438", "p": "fc18242418", "q": "18242418fc", "r": "7c08040408", "s": "4854545424",
    "t": "04043f4424", "u": "3c4040207c", "v": "1c2040201c", "w": "3c4030403c", "x": "4428102844",
    "y": "4c9090907c", "z": "4464544c44",
}  # fmt: skip
_FONT = {
    letter: np.unpackbits(
        np.frombuffer(bytes.fromhex(columns), np.uint8)[None, :], axis=0, bitorder="little"
    ).astype(np.bool_)
    for letter, columns in _GLYPHS.items()
}


class Canvas:
    """A picture under construction; x to the right and y downwards, in pixels."""

    def __init__(self, width: int, height: int, colour: Colour) -> None:
        self.pixels = np.full((height, width, 3), colour, np.float32)

    def rectangle(self, x: float, y: float, width: float, height: float, colour: Colour) -> None:
        left, top = round(x), round(y)
        self.pixels[top : top + max(round(height), 1), left : left + max(round(width), 1)] = colour

    def disc(self, x: float, y: float, radius: float, colour: Colour, weight: float = 1.0) -> None:
        """Draws a disc with a soft edge; `weight` below 1 lets the ground shine through."""
        height, width, _ = self.pixels.shape
        left, right = max(int(x - radius - 1), 0), min(int(x + radius + 2), width)
        top, bottom = max(int(y - radius - 1), 0), min(int(y + radius + 2), height)
        across, down = np.arange(left, right) - x, np.arange(top, bottom) - y
        distance = np.sqrt(across[None, :] ** 2 + down[:, None] ** 2)
        cover = weight * np.clip(radius + 0.5 - distance, 0.0, 1.0)[:, :, None]
        part = self.pixels[top:bottom, left:right]
        part += cover * (np.asarray(colour, np.float32) - part)

    def text(self, x: float, y: float, words: str, colour: Colour, size: int = 1) -> None:
        """Writes from the upper left corner; a letter is 6 x 8 pixels times `size`."""
        for place, letter in enumerate(words):
            shape = np.kron(_FONT.get(letter, _FONT["-"]), np.ones((size, size), np.bool_))
            left, top = round(x) + 6 * size * place, round(y)
            part = self.pixels[top : top + shape.shape[0], left : left + shape.shape[1]]
            part[shape[: part.shape[0], : part.shape[1]]] = colour

    def image(self) -> np.ndarray:
        """Returns the picture, uint8 (height, width, 3)."""
        return np.clip(self.pixels, 0.0, 255.0).astype(np.uint8)
