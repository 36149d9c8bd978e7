"""`approdo operator`, `approdo recovery` and `approdo renew-keys`: people and keys without a window.

The rules are the services'; here somebody is only asked and told. Passphrases and words come from a prompt or a file.
"""

from __future__ import annotations

import argparse
import json
import os
import secrets
import sys
from pathlib import Path

from app.cli.terminal import Exit, Progress, opened, read_secret
from app.errors import OperatorUnknown, PassphrasesDiffer, WrongCard, WrongRecoveryCode
from app.reference.ids import OperatorId
from app.reference.texts import tr
from app.services.operator import OperatorDraft
from app.services.register import Register
from app.ui.presenters import operator as words
from app.ui.presenters import recovery as paper
from app.ui.presenters.card import ask_words, is_word

ASKED_GROUPS = 2


# --- operators


def list_operators(arguments: argparse.Namespace) -> Exit:
    """Print who works with the register, in which role, and whether her passphrase opens here."""
    with opened(arguments) as register:
        rows = register.operators.list_rows()
    if arguments.json:
        found = [
            {"name": r.display_name, "role": r.role, "access": r.access, "left": str(r.left_on or "")} for r in rows
        ]
        print(json.dumps(found, indent=2, ensure_ascii=False))
        return Exit.DONE
    for row in rows:
        print(row.display_name, words.note(row), words.state(row).word, sep="\t")
    return Exit.DONE


def add_operator(arguments: argparse.Namespace) -> Exit:
    """Let somebody in with the passphrase that she types herself."""
    with opened(arguments) as register:
        phrase = _new_phrase(arguments.new_passphrase_file)
        register.operators.add(OperatorDraft(arguments.name, arguments.role), phrase)
    print(tr("operator.added", name=arguments.name))
    return Exit.DONE


def change_passphrase(arguments: argparse.Namespace) -> Exit:
    """Give a new passphrase: one's own, or by name where somebody coordinates or came in from paper."""
    with opened(arguments) as register:
        me = register.access.operator()
        who = _named(register, arguments.name) if arguments.name or me is None else me.id
        register.operators.set_passphrase(who, _new_phrase(arguments.new_passphrase_file))
        register.operators.settle()
    print(tr("settings.passphrase_changed"))
    return Exit.DONE


def change_role(arguments: argparse.Namespace) -> Exit:
    """Give an operator another role; where it opens more, her own passphrase is asked."""
    from app.services.role import opens_more

    with opened(arguments) as register:
        who = _named(register, arguments.name)
        before = next(row.role for row in register.access.operators() if row.id == who)
        asks = opens_more(before, arguments.role)
        hers = read_secret(arguments.hers_file, tr("cli.ask_hers", name=arguments.name)) if asks else ""
        register.operators.change_role(who, arguments.role, hers)
    print(tr("operator.saved"))
    return Exit.DONE


def let_go(arguments: argparse.Namespace) -> Exit:
    """Close an operator's access, and change the keys."""
    with opened(arguments) as register:
        register.operators.leave(_named(register, arguments.name))
        print(tr("cli.access_closed", name=arguments.name))
        _renew(register)
    print(tr("operator.renewed"))
    return Exit.DONE


def renew_keys(arguments: argparse.Namespace) -> Exit:
    """Change all keys, or with `--finish` only finish a change that was cut off."""
    with opened(arguments) as register:
        if not arguments.finish:
            register.operators.ask_new_keys()
        _renew(register)
    print(tr("operator.renewed"))
    return Exit.DONE


def _renew(register: Register) -> None:
    told = Progress()
    try:
        register.operators.renew_keys(lambda done, of: told.tell(tr("cli.renewing"), done, of))
    finally:
        told.end()


def _named(register: Register, name: str | None) -> OperatorId:
    """Return who works here and is called so; raises OperatorUnknown."""
    wanted = (name or "").casefold()
    for row in register.access.operators():
        if wanted in (row.display_name.casefold(), row.login.casefold()):
            return row.id
    raise OperatorUnknown


def _new_phrase(file: Path | None) -> str:
    """Return a new passphrase, asked twice at a terminal."""
    phrase = read_secret(file, tr("cli.ask_new_passphrase"))
    if file is None and read_secret(None, tr("cli.ask_again")) != phrase:
        raise PassphrasesDiffer
    return phrase


# --- on paper


def show_recovery(arguments: argparse.Namespace) -> Exit:
    """Print what opens the register from paper, and which card should be tried."""
    with opened(arguments) as register:
        state = register.recoveries.state()
    print(paper.state(state).word)
    print(paper.about(state))
    return Exit.DONE


def try_card(arguments: argparse.Namespace) -> Exit:
    """Tell whether a recovery card belongs to the set in use; it opens nothing."""
    with opened(arguments) as register:
        proof = register.recoveries.prove_card(read_secret(arguments.card_file, tr("cli.ask_card")))
    if proof.is_ours:
        print(tr("recovery.drill_ok", number=proof.number))
        return Exit.DONE
    print(tr("recovery.drill_foreign", label=proof.set_label), file=sys.stderr)
    print(tr("recovery.drill_foreign_more"), file=sys.stderr)
    return Exit.UNSOUND


def make_cards(arguments: argparse.Namespace) -> Exit:
    """Write three new cards to print; they count once some words of each were typed back from paper."""
    with opened(arguments) as register:
        cards = register.recoveries.propose_cards()
        _write(arguments.to, register.prints.recovery_cards(cards))
        for card in cards:
            for place in ask_words():
                said = tr("cli.ask_word", number=card.number, place=place)
                if not is_word(_typed(said), card.words[place - 1]):
                    raise WrongCard(place=place)
        register.recoveries.adopt_cards(cards)
    print(tr("recovery.cards_done"))
    return Exit.DONE


def make_sheet(arguments: argparse.Namespace) -> Exit:
    """Write a new recovery sheet to print; it counts once some groups were typed back from paper."""
    with opened(arguments) as register:
        groups = register.recoveries.propose_sheet()
        _write(arguments.to, register.prints.recovery_sheet(groups))
        for place in sorted(secrets.SystemRandom().sample(range(len(groups)), ASKED_GROUPS)):
            if _typed(tr("cli.ask_group", place=place + 1)).strip().upper() != groups[place]:
                raise WrongRecoveryCode(group=place + 1)
        register.recoveries.adopt_sheet(groups)
    print(tr("settings.recovery_done"))
    return Exit.DONE


def _write(file: Path, pdf: bytes) -> None:
    """Write what is to be printed, for its owner alone; what is there is never written over."""
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as made:
        made.write(pdf)
    print(tr("cli.paper_written", file=file), file=sys.stderr)


def _typed(said: str) -> str:
    """Return what is typed behind a question; the question is shown apart from what the command says."""
    sys.stderr.write(said)
    sys.stderr.flush()
    return sys.stdin.readline()
