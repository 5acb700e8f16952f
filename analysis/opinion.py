"""Judging opinion: is an article negative about a health body, about which, in which sentence, by which words.

The article is read sentence by sentence.  An accusation counts when somebody of the health system stands in it as the
one who is blamed; what only treats, reports, punishes, warns, trains or counts is not blamed.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from analysis import weights as W
from analysis.learning import Learned, signals, told
from analysis.bodies import AUTHORITY, COMPANY, PROVIDER
from analysis.reading import Reader, Reading, SentenceReading
from analysis.sign_weights import BLAMED, RISKY
from analysis.signs import combined
from model.mention import Mention
from model.opinion import Judgement, Label
from model.vocabulary import Vocabulary

_SORTS = ("中医", "妇", "口腔", "儿童", "卫生院", "附属")     # names that differ in one of these are different bodies
MAX_NAME = 25                  # characters of a name
MAX_NAMES = 8                  # blamed names compared
SHORT = 400                    # characters of a text in which the body named first is taken for the one meant
MAX_TEXT = 20_000              # characters judged of title and text together; news is shorter, and the rest of a longer page changes nothing


class Judge:
    """Compiled once from a vocabulary; `judge` is pure and may be called from any number of processes.

    `learned`: the model trained on the desk's cases, None to judge by the rules alone.
    """

    def __init__(self, vocabulary: Vocabulary, learned: Learned | None = None):
        self.vocabulary, self.learned = vocabulary, learned
        self._reader = Reader(vocabulary)
        self._topics = {t.id: t for t in vocabulary.topics}

    def judge(self, title: str, text: str, mentions: Sequence[Mention] = (), unit_names: Mapping[str, str] = {}) -> tuple[Judgement, ...]:
        """First the judgement of the article (unit_id ""), then one per unit named with certainty, in order of first mention."""
        reading = self._reader.read(title[:MAX_TEXT], text[:max(0, MAX_TEXT - len(title))], mentions)
        shift, parts = self.learned.shift(_signals(reading)) if self.learned else (0.0, [])
        overall = self._overall(reading, shift)
        units = list(dict.fromkeys(m.unit_id for m in mentions if m.unit_id and m.certain))
        judged = (overall, *(about_unit(reading, overall, unit, unit_names.get(unit, unit), self._topics, shift) for unit in units))
        if not (self.learned and self.learned.weights and reading.document):
            return judged
        return tuple(replace(j, reason=f"{j.reason}；{told(shift, parts)}") for j in judged)

    def read(self, title: str, text: str) -> Reading:
        """The reading alone, for what trains and measures."""
        return self._reader.read(title[:MAX_TEXT], text[:max(0, MAX_TEXT - len(title))])

    def example(self, title: str, text: str) -> tuple[dict[str, float], float]:
        """What `learning.train` needs of an article: its signals and the rules' score."""
        reading = self.read(title, text)
        return _signals(reading), rules_score(reading)

    def _overall(self, reading: Reading, shift: float) -> Judgement:
        doc = reading.document
        if doc is None:
            return Judgement("", Label.OTHER, 0.0, reason="没有文字")
        score = max(0.0, min(1.0, rules_score(reading) + shift))
        named = any(s.blamed for s in reading.sentences)
        telling = W.TELLING if self._telling(reading) else 0.0
        if score >= W.NEGATIVE and (named or doc.health >= W.HEALTH_MIN):
            judged = _made(reading, "", Label.NEGATIVE, score, "blame", self._topics, target(reading))
        elif risk_score(reading) >= W.RISK and doc.health + telling >= W.HEALTH_OF_RISK:
            judged = _made(reading, "", Label.RISK, score, "risk", self._topics, "")
        elif doc.health < W.HEALTH_MIN:
            judged = replace(_made(reading, "", Label.OTHER, score * 0.2, "blame", self._topics, ""), reason="通篇少有卫生健康内容")
        else:
            judged = _made(reading, "", Label.POSITIVE, score, "blame", self._topics, "")
        return judged

    def _telling(self, reading: Reading) -> bool:
        """Does a strong word of a topic that is about nothing but health stand?"""
        topics = self.vocabulary.extra.get("health_topics", ())
        return any(h.kind == "strong" and not h.cancelled and h.topic in topics for s in reading.sentences for h in s.hits)


def rules_score(reading: Reading) -> float:
    """0..1: what is said against health bodies, less where the text is hardly about health, moved by the signs of the whole article."""
    if reading.document is None:
        return 0.0
    blame = _blame(reading)
    return max(0.0, min(1.0, blame + _moved(combined(BLAMED, reading.signs) / W.SIGN_STEEPNESS, blame, reading)))


def _moved(shift: float, blame: float, reading: Reading) -> float:
    """How far signs that speak for blame count: hardly outside health, in calm titles, in long texts of which no word accuses."""
    if shift <= 0:
        return shift
    doc = reading.document
    told = max(1.0 - reading.signs["篇幅"], min(1.0, blame / W.SIGN_GROUND))
    return shift * told * (0.0 if doc.denied else min(1.0, doc.health * W.SIGN_HEALTH) * (W.SIGN_CALM if doc.calm else 1.0))


def risk_score(reading: Reading) -> float:
    """0..1: how far the article tells of a risk, moved by the signs of the whole article."""
    return max(0.0, min(1.0, squash(total(reading, "risk")) + max(W.SIGN_RISK_LEAST, combined(RISKY, reading.signs) / W.SIGN_STEEPNESS)))


def said(reading: Reading) -> tuple[Mapping[str, float], float, float]:
    """The signs of an article, and what its words alone say: blame and risk, each 0..1."""
    if reading.document is None:
        return {}, 0.0, 0.0
    return reading.signs, _blame(reading), squash(total(reading, "risk"))


def _blame(reading: Reading) -> float:
    named = any(s.blamed for s in reading.sentences)
    return squash(total(reading, "blame") * min(1.0, (0.6 if named else 0.3) + reading.document.health * W.HEALTH_SLOPE))


def _signals(reading: Reading) -> dict[str, float]:
    doc = reading.document
    if doc is None:
        return {}
    deciding = max(reading.sentences, key=lambda s: s.blame + s.risk)
    figures = {"篇均批评": squash(total(reading, "blame")), "风险": squash(total(reading, "risk")), "争议": doc.dispute, "健康": doc.health,
               "通报体": float(doc.bulletin), "工作标题": float(doc.calm), "患者受害": float(doc.incident)}
    title = " ".join(s.sentence.text for s in reading.sentences if s.sentence.is_title)
    return signals(figures, title, deciding.sentence.text)


def about_unit(reading: Reading, article: Judgement, unit: str, name: str, topics: Mapping, shift: float = 0.0) -> Judgement:
    """The judgement of one unit from the sentences that speak of it: blamed itself, only near a bad event, or praised.

    `shift`: what the desk's cases move the score by; a unit of which nothing bad is said is not blamed by it.
    """
    own = [s for s in reading.sentences if unit in s.units]
    blame = squash(sum(s.blame_of.get(unit, 0.0) * (W.TITLE if s.sentence.is_title else 1.0) for s in own) * W.UNIT_SCALE)
    blame = max(0.0, min(1.0, blame + shift)) if blame > 0 else blame
    if blame >= (W.UNIT_NEGATIVE if article.label is Label.NEGATIVE else W.UNIT_ALONE) and article.label is not Label.OTHER:
        deciding = max(own, key=lambda s: s.blame_of.get(unit, 0.0))
        return _made(reading, unit, Label.NEGATIVE, blame, "blame", topics, name, deciding)
    grave = [s for s in own if s.accusation > 0 or s.risk > 0]
    event = article.label in (Label.NEGATIVE, Label.RISK)
    if event and (grave or own and not any(s.praise for s in own)):
        return _made(reading, unit, Label.RISK, blame, "risk", topics, "", max(grave or own, key=lambda s: s.accusation + s.risk))
    label = Label.OTHER if article.label is Label.OTHER else Label.POSITIVE
    return _made(reading, unit, label, blame, "blame", topics, "", own[0] if own else None)


def total(reading: Reading, what: str) -> float:
    """Sum over sentences: the title weighs more, the lead a little more, long texts do not add up without end."""
    parts = []
    for at, s in enumerate(reading.sentences):
        weight = W.TITLE if s.sentence.is_title else W.LEAD if at <= 3 else 1.0
        parts.append(getattr(s, what) * weight)
    strongest = sorted((p for p in parts if p > 0), reverse=True)[:W.TOP]
    length = max(1.0, math.sqrt(len(parts) / W.USUAL_SENTENCES))
    title = sum(p for p, s in zip(parts, reading.sentences) if s.sentence.is_title)
    return title + (sum(strongest) - title) / length


def squash(value: float) -> float:
    return 1.0 - math.exp(-max(0.0, value) / W.SQUASH)


def target(reading: Reading) -> str:
    """The blamed body as printed: the name that carries most blame, in its fullest usual form."""
    weight: Counter[str] = Counter()
    for s in reading.sentences:
        factor = W.TITLE if s.sentence.is_title else 1.0
        for name, blame in s.blamed:
            weight[name] += blame * factor
    if not weight:
        return _foremost(reading)
    cluster: Counter[str] = Counter()
    heaviest = [name for name, _ in weight.most_common(MAX_NAMES)]
    for name in heaviest:
        for other in heaviest:
            if same_body(name, other):
                cluster[name] += weight[other]
    best = max(cluster, key=lambda n: (cluster[n], weight[n]))
    forms = [n for n in (*weight, *reading.names) if same_body(best, n) and len(n) <= MAX_NAME]
    return max(forms or [best], key=lambda n: (len(n), weight[n]))


def _foremost(reading: Reading) -> str:
    """Where no sentence blames by its words: the body the title names, else the one named first; those that serve before those that oversee."""
    title_end = max((s.sentence.end for s in reading.sentences if s.sentence.is_title), default=0)
    named = [b for b in reading.bodies if (b.named or b.kind == AUTHORITY) and len(b.name) <= MAX_NAME]
    rank = {PROVIDER: 0, COMPANY: 1, AUTHORITY: 2}
    best = min(named, key=lambda b: (not b.named, b.start >= title_end, rank.get(b.kind, 3), b.start), default=None)
    sure = best is not None and (best.start < title_end or len(reading.folded.text) < SHORT or all(same_body(best.name, b.name) for b in named))
    return best.name if sure else ""


def same_body(one: str, other: str) -> bool:
    """Do two printed names mean one body: one inside the other, or its letters in order (云川一院, 云川市第一人民医院)?"""
    short, long = sorted((one, other), key=len)
    if any((sort in long) != (sort in short) for sort in _SORTS):
        return False
    if short in long:
        return True
    letters = iter(long)
    return len(short) >= 3 and short[-1] in long[-4:] and all(c in letters for c in short)


def _made(reading: Reading, unit: str, label: Label, score: float, what: str, topics: Mapping, blamed: str,
          deciding: SentenceReading | None = None) -> Judgement:
    if deciding is None:
        deciding = max(reading.sentences, key=lambda s: getattr(s, what) * (1.2 if s.sentence.is_title else 1.0), default=None)
    if deciding is None:
        return Judgement(unit, label, round(score, 3), reason="没有正文")
    held = [h for h in deciding.hits if not h.cancelled]
    words = tuple(dict.fromkeys(h.term for h in held))
    counted = Counter(h.topic for s in reading.sentences for h in s.hits if h.topic and not h.cancelled and h.topic in topics)
    grave = label in (Label.NEGATIVE, Label.RISK)
    topic = next((h.topic for h in held if h.topic), "") or (counted.most_common(1)[0][0] if counted and grave else "")
    severity = 0
    if grave:
        severity = max(1, min(3, topics[topic].severity if topic in topics else 1))
        if reading.document.deaths and label is Label.NEGATIVE:
            severity = 3
    return Judgement(unit, label, round(score, 3), severity, topic, blamed, reading.printed(deciding), words,
                     tuple(h for s in reading.sentences for h in s.hits), explain(label, deciding, words, blamed))


def explain(label: Label, deciding: SentenceReading, words: Sequence[str], blamed: str) -> str:
    cancelled = tuple(dict.fromkeys(f"“{h.term}”（{h.cancelled}）" for h in deciding.hits if h.cancelled))
    parts = []
    if label is Label.NEGATIVE:
        parts.append(f"受批评：{blamed or '未点名的医疗卫生机构'}")
    elif label is Label.RISK:
        parts.append("有风险，但未归责于医疗卫生机构")
    else:
        parts.append("没有成立的批评")
    if words and label in (Label.NEGATIVE, Label.RISK):
        parts.append("依据：" + "、".join(words[:8]))
    if cancelled:
        parts.append("已排除：" + "、".join(cancelled[:6]))
    return "；".join(parts)
