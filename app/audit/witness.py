"""From a question without a world to a witness: the fewest persons, the widest item, the interval, the release.

It explains what `attack` found and decides nothing: when time runs out, what is explained so far is enough.
"""

from __future__ import annotations

from dataclasses import replace

from app.audit.attack import Attack
from app.audit.clock import Deadline, OutOfTime
from app.audit.cohort import Cohort
from app.audit.ledger import Node
from app.audit.model import Model
from app.audit.pool import Pool
from app.audit.question import Question, people
from app.audit.search import Search
from app.audit.verdict import Part, Witness


def explain(attack: Attack, question: Question) -> Witness:
    """Return the witness of a question that has no world."""
    model, least, most = attack.model, 0, len(_members(question))
    release = model.releases[-1][1].id
    try:
        question = _fewest(attack, question)
        release = _release(attack, question)
        if question.cohort is not None:
            question = _widest(attack, question)
            least, most = _interval(attack, question)
    except OutOfTime:
        pass
    fixed = tuple((token, _parts_of(model, (kind,))) for token, kind in question.fixed)
    if question.cohort is None:
        return Witness(release, combination=fixed)
    cohort = question.cohort
    item = _parts_of(model, question.kinds)
    return Witness(release, cohort.kind, cohort.of, _members(question), item, least, most, known=fixed)


def _members(question: Question) -> tuple[str, ...]:
    if question.cohort is None:
        return ()
    known = {token for token, _ in question.fixed}
    return tuple(token for token in question.cohort.tokens if token not in known)


def _fewest(attack: Attack, question: Question) -> Question:
    """Leave out persons that are not needed; those left who share a leaf are a cohort of their own."""
    if question.cohort is not None:
        return question
    fixed = list(question.fixed)
    for person in question.fixed:
        fewer = [one for one in fixed if one != person]
        if not attack.possible(Question(tuple(fewer)).demand(attack.model)):
            fixed = fewer
    kinds = sorted({kind for _, kind in fixed})
    if len(kinds) > 1:
        return Question(tuple(fixed))
    return Question((), Cohort("group", (), tuple(token for token, _ in fixed)), (kinds[0],), len(fixed))


def _release(attack: Attack, question: Question) -> str:
    """Return the first release with which the question has no world."""
    releases = attack.model.releases
    for count in range(1, len(releases)):
        model = attack.model.upto(count)
        if not _askable(model, attack.deadline, question):
            return releases[count - 1][1].id
    return releases[-1][1].id


def _askable(model: Model, deadline: Deadline, question: Question) -> bool:
    return Pool(model.knowledge, Search(model.knowledge, deadline)).world_for(question.demand(model)) is not None


def _widest(attack: Attack, question: Question) -> Question:
    """Return the question about the largest item of the tree that has no world either."""
    model = attack.model
    if len(model.series) > 1:
        return question
    series, leaves = model.series[0], model.types[question.kinds[0]][0]
    for node in series.tree.walk():
        if node is series.tree or not leaves <= frozenset(node.leaves):
            continue
        wider = replace(question, kinds=model.kinds(series.variable, node.leaves))
        if not attack.possible(wider.demand(model)):
            return wider
    return question


def _interval(attack: Attack, question: Question) -> tuple[int, int]:
    """Return the least and the most of the cohort that can be of the item, with the known guests as they are."""
    model = attack.model
    number = people(model.members(_members(question)))
    others = tuple(kind for kind in range(model.knowledge.types) if kind not in question.kinds)
    return number - _most(attack, replace(question, kinds=others), number), _most(attack, question, number)


def _most(attack: Attack, question: Question, number: int) -> int:
    low, high = -1, number  # −1: not even the known guests can be so
    while low < high:
        middle = (low + high + 1) // 2
        if attack.possible(replace(question, want=middle).demand(attack.model)):
            low = middle
        else:
            high = middle - 1
    return max(low, 0)


def _parts_of(model: Model, kinds: tuple[int, ...]) -> tuple[Part, ...]:
    parts, first = [], {one.variable: place for place, one in reversed(list(enumerate(model.series)))}
    for place, series in enumerate(model.series):
        if first[series.variable] != place:
            continue
        leaves = frozenset().union(*(model.types[kind][place] for kind in kinds))
        node = _smallest(series.tree, leaves)
        parts.append(Part(series.variable, node.name, tuple(leaf for leaf in node.leaves if leaf in leaves)))
    return tuple(parts)


def _smallest(tree: Node, leaves: frozenset[str]) -> Node:
    found = [node for node in tree.walk() if leaves <= frozenset(node.leaves)]
    return min(found, key=lambda node: len(node.leaves))
