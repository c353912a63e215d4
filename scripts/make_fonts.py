"""Make the fonts of printed sheets (officesmart/fonts/): once, and committed.

Inter (SIL Open Font License 1.1) from npm's inter-ui 4.1.1, Regular and Semi Bold, with the
letters of Latin, Greek and Cyrillic; DejaVu Sans (Bitstream Vera licence) from Debian's
fonts-dejavu-core, with Hebrew and Arabic, for the names that Inter cannot write. Needs fontTools
and brotli, and the folders of both packages:

    python scripts/make_fonts.py INTER_UI_FOLDER /usr/share/fonts/truetype/dejavu
"""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

TO = Path(__file__).resolve().parent.parent / "officesmart" / "fonts"
WRITTEN = (
    *(range(0x20, 0x7F), range(0xA0, 0x250), range(0x2B0, 0x370), range(0x370, 0x530)),
    *(range(0x1E00, 0x1F00), range(0x2010, 0x2040), range(0x20A0, 0x20C0), range(0x2190, 0x2194)),
    (0x2116, 0x2122, 0x2212, 0x2713, 0x25A1, 0x25CF, 0xFFFD),
)
OTHERS = (range(0x590, 0x600), range(0x600, 0x700), range(0xFB1D, 0xFE00), range(0xFE70, 0xFF00))
FONTS = (
    ("web/Inter-Regular.woff2", "Inter-Regular.ttf", WRITTEN),
    ("web/Inter-SemiBold.woff2", "Inter-SemiBold.ttf", WRITTEN),
)


def write(source: Path, target: Path, letters: tuple[object, ...]) -> None:
    """One font with these letters and nothing that a printer does not read."""
    font = TTFont(source)
    font.flavor = None
    options = subset.Options(
        layout_features=[], hinting=False, name_IDs=["*"], notdef_outline=True, glyph_names=False
    )
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=[letter for row in letters for letter in row])  # type: ignore[attr-defined]
    cutter.subset(font)
    font.save(target)


def main(inter: Path, dejavu: Path) -> None:
    """Write them all."""
    TO.mkdir(exist_ok=True)
    for source, name, letters in FONTS:
        write(inter / source, TO / name, letters)
    write(dejavu / "DejaVuSans.ttf", TO / "DejaVuSans-names.ttf", OTHERS)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
