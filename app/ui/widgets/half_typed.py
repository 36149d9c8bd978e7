"""What stands in a line when the register locks, chosen or half typed, and back again: a draft loses neither.

Only for lines with a list behind them; a plain line keeps its text by itself.
"""

from __future__ import annotations

from app.ui.kit.code_combo import CodeCombo
from app.ui.presenters.draft import as_text, as_texts
from app.ui.widgets.code_picker import CodePicker


def keep_choice(combo: CodeCombo) -> str:
    """Return the code chosen, or what was typed of one."""
    return combo.code() or combo.currentText().strip()


def give_choice(combo: CodeCombo, kept: object) -> None:
    """Choose the code again, or show what was typed of one."""
    wanted = as_text(kept)
    combo.set_code(wanted or None)
    if wanted and combo.code() is None:
        combo.setEditText(wanted)


def keep_picks(picker: CodePicker) -> dict[str, object]:
    """Return the codes picked and what was typed of one more."""
    return {"codes": list(picker.codes()), "typed": picker.combo.currentText().strip()}


def give_picks(picker: CodePicker, kept: object) -> None:
    """Pick the codes again, and show what was typed of one more."""
    content = kept if isinstance(kept, dict) else {}
    picker.set_codes(as_texts(content.get("codes")))
    typed = as_text(content.get("typed"))
    if typed:
        picker.combo.setEditText(typed)
