"""Judging opinion: is an article negative about a health body, about which, in which sentence, by which words.

The article is read sentence by sentence.  An accusation counts when somebody of the health system stands in it as the
one who is blamed; what only treats, reports, punishes, warns, trains or counts is not blamed.  What the words say is
weighed with what the letters of the whole article say (`letters.py`), which know wordings that no list holds.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from analysis import weights as W
from analysis.learning import Learned, signals, told
from analysis.bodies import AUTHORITY, COMPANY, PROVIDER
from analysis.letters import LABELS, Letters, Said, shipped
from analysis.reading import Reader, Reading, SentenceReading
from analysis.target import same_body, target
from model.mention import Mention
from model.opinion import Judgement, Label
from model.vocabulary import Vocabulary

_KIND = {PROVIDER: "某医院", AUTHORITY: "某卫健委", COMPANY: "某药企"}     # how a named body stands among the letters
MAX_TEXT = 20_000              # characters judged of title and text together; news is shorter, and the rest of a longer page changes nothing


class Judge:
    """Compiled once from a vocabulary; `judge` is pure and may be called from any number of processes.

    `learned`: the model trained on the desk's cases, None to judge without.  `letters`: the model of wordings, None for
    the shipped one, an empty one to judge by the words alone.  `beside`: a judge that is asked about the same article just before; what
    its vocabulary reads alike is read once.
    """

    def __init__(self, vocabulary: Vocabulary, learned: Learned | None = None, letters: Letters | None = None, beside: Judge | None = None):
        self.vocabulary, self.learned = vocabulary, learned
        self.letters = shipped() if letters is None else letters
        self._reader = Reader(vocabulary)
        self._beside = beside if beside is not None and beside._reader.weighs_as(self._reader) else None
        self._last: Reading | None = None
        self._topics = {t.id: t for t in vocabulary.topics}
        self._added = {key.split(":", 1)[1]: by for key, by in vocabulary.provenance.items() if ":" in key and not key.endswith("*") and ":-" not in key}

    def judge(self, title: str, text: str, mentions: Sequence[Mention] = (), unit_names: Mapping[str, str] = {}) -> tuple[Judgement, ...]:
        """First the judgement of the article (unit_id ""), then one per unit named with certainty, in order of first mention."""
        reading = self._last = self._reader.read(title[:MAX_TEXT], text[:max(0, MAX_TEXT - len(title))], mentions, self._beside._last if self._beside else None)
        shift, parts = self.learned.shift(_signals(reading)) if self.learned else (0.0, [])
        overall = self._overall(reading, shift)
        units = list(dict.fromkeys(m.unit_id for m in mentions if m.unit_id and m.certain))
        judged = (overall, *(about_unit(reading, overall, unit, unit_names.get(unit, unit), self._topics, shift) for unit in units))
        if self._added:
            judged = tuple(self._with_origin(j) for j in judged)
        if not (self.learned and self.learned.weights and reading.document):
            return judged
        return tuple(replace(j, reason=f"{j.reason}；{told(shift, parts)}") for j in judged)

    def _with_origin(self, judged: Judgement) -> Judgement:
        """The reason with who added its deciding words and when, where that is written of the word itself."""
        added = "、".join(f"“{word}”{self._added[word]}加入" for word in judged.words if word in self._added)
        return replace(judged, reason=f"{judged.reason}；{added}") if added and judged.label in (Label.NEGATIVE, Label.RISK) else judged

    def read(self, title: str, text: str) -> Reading:
        """The reading alone, for what trains and measures."""
        return self._reader.read(title[:MAX_TEXT], text[:max(0, MAX_TEXT - len(title))])

    def example(self, title: str, text: str) -> tuple[dict[str, float], float]:
        """What `learning.train` needs of an article: its signals and the score without what the desk taught."""
        reading = self.read(title, text)
        words = words_alone(reading)
        return _signals(reading), blame_score(words[0], self._said(reading, words)) if reading.document else 0.0

    def _said(self, reading: Reading, words: tuple[float, float]) -> Said | None:
        """What the letters say; None where there is no model or no text."""
        if not self.letters or reading.document is None:
            return None
        return self.letters.say(*heading(reading), reading.signs, *words)

    def _overall(self, reading: Reading, shift: float) -> Judgement:
        doc = reading.document
        if doc is None:
            return Judgement("", Label.OTHER, 0.0, reason="没有文字")
        words = words_alone(reading)
        said = self._said(reading, words)
        score = max(0.0, min(1.0, blame_score(words[0], said) + shift))
        if score >= W.NEGATIVE and (doc.health >= W.HEALTH_MIN or any(s.blamed for s in reading.sentences)):
            judged = _made(reading, "", Label.NEGATIVE, score, "blame", self._topics, target(reading))
        else:
            judged = self._blameless(reading, words[1], said, score)
        return replace(judged, reason=f"{judged.reason}；{said.told()}") if said and judged.label is Label.NEGATIVE else judged

    def _blameless(self, reading: Reading, risk: float, said: Said | None, score: float) -> Judgement:
        """R, P or X: the choice of the words (`risk`: what they alone say), moved by the letters."""
        doc = reading.document
        telling = W.TELLING if self._stands(reading, "health_topics") else 0.0
        risky = risk >= W.RISK and doc.health + telling >= W.HEALTH_OF_RISK
        label = "R" if risky else "X" if doc.health < W.HEALTH_MIN else "P"
        if self._stands(reading, "sensitive_topics", ("gap",) if doc.calm else ("strong", "gap")):
            label = "R"
        elif said and (doc.health >= W.HEALTH_LEAST or said.weight < 1.0):
            chances = {name: chance * said.weight + (W.WORDS_CHOICE if name == label else 0.0) for name, chance in zip(LABELS, said.chances)}
            label = max("RPX", key=chances.__getitem__)
        if label == "R":
            return _made(reading, "", Label.RISK, score, "risk", self._topics, "")
        if label == "P":
            return _made(reading, "", Label.POSITIVE, score, "blame", self._topics, "")
        return replace(_made(reading, "", Label.OTHER, score * 0.2, "blame", self._topics, ""), reason="通篇少有卫生健康内容")

    def _stands(self, reading: Reading, which: str, kinds: Collection[str] = ("strong", "gap")) -> bool:
        """Does a strong word or pattern stand of the topics about nothing but health, or of the sensitive matters?"""
        topics = self.vocabulary.extra.get(which, ())
        return any(h.kind in kinds and h.topic in topics and not h.cancelled for h in reading.hits)


def heading(reading: Reading) -> tuple[str, str]:
    """Title and text, folded, each named body as one of its kind: what is told of it shall count, not which it is."""
    title_end, text = max((s.sentence.end for s in reading.sentences if s.sentence.is_title), default=0), reading.folded.text
    parts, at = ([], []), 0
    for body in reading.bodies:
        if body.named and body.start >= at:
            parts[at >= title_end].append(text[at:body.start])
            parts[body.start >= title_end].append(_KIND.get(body.kind, ""))
            at = body.end
    title, rest = parts
    if at < title_end:
        return "".join((*title, text[at:title_end])), "".join((*rest, text[title_end:]))
    return "".join(title), "".join((*rest, text[at:]))


def blame_score(blame: float, said: Said | None) -> float:
    """0..1, negative from `weights.NEGATIVE` on: what the words say against health bodies (`blame`), weighed with what the letters say."""
    if said is None:
        return blame
    share = W.LETTERS_SHARE * said.weight
    return max(0.0, min(1.0, W.NEGATIVE + (1.0 - share) * (blame - W.NEGATIVE) + share * (said.chances[0] - W.CHANCE)))


def words_alone(reading: Reading) -> tuple[float, float]:
    """What the words of an article say by themselves: blame and risk, each 0..1."""
    if reading.document is None:
        return 0.0, 0.0
    named = any(s.blamed for s in reading.sentences)
    blame = total(reading, "blame") * min(1.0, (0.6 if named else 0.3) + reading.document.health * W.HEALTH_SLOPE)
    return squash(blame), squash(total(reading, "risk"))


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
    if article.label is Label.NEGATIVE and own and article.target and not any(s.blame_of for s in reading.sentences):
        meant = [b.name for b in reading.bodies if any(b.start >= s.sentence.start and b.end <= s.sentence.end for s in own)]
        if same_body(article.target, name) or article.target in meant and len({u for s in reading.sentences for u in s.units}) == 1:
            return _made(reading, unit, Label.NEGATIVE, article.score, "blame", topics, name, own[0])     # told by the wording alone
    if event and (grave or own and not any(s.praise for s in own)):
        return _made(reading, unit, Label.RISK, blame, "risk", topics, "", max(grave or own, key=lambda s: s.accusation + s.risk))
    label = Label.OTHER if article.label is Label.OTHER else Label.POSITIVE
    return _made(reading, unit, label, blame, "blame", topics, "", own[0] if own else None)


def total(reading: Reading, what: str) -> float:
    """Sum over sentences: the title weighs more, the lead a little more, long texts do not add up without end."""
    parts, title = [], 0.0
    for at, s in enumerate(reading.sentences):
        part = getattr(s, what)
        if part > 0:
            part *= W.TITLE if s.sentence.is_title else W.LEAD if at <= 3 else 1.0
            parts.append(part)
            title += part if s.sentence.is_title else 0.0
    length = max(1.0, math.sqrt(len(reading.sentences) / W.USUAL_SENTENCES))
    return title + (sum(sorted(parts, reverse=True)[:W.TOP]) - title) / length


def squash(value: float) -> float:
    return 1.0 - math.exp(-max(0.0, value) / W.SQUASH)


def _made(reading: Reading, unit: str, label: Label, score: float, what: str, topics: Mapping, blamed: str,
          deciding: SentenceReading | None = None) -> Judgement:
    if deciding is None:
        deciding = max(reading.sentences, key=lambda s: getattr(s, what) * (1.2 if s.sentence.is_title else 1.0), default=None)
    if deciding is None:
        return Judgement(unit, label, round(score, 3), reason="没有正文")
    held = [h for h in deciding.hits if not h.cancelled]
    words = tuple(dict.fromkeys(h.term for h in held))
    grave = label in (Label.NEGATIVE, Label.RISK)
    topic = next((h.topic for h in held if h.topic), "")
    if grave and not topic:
        counted = Counter(h.topic for h in reading.hits if h.topic and not h.cancelled and h.topic in topics)
        topic = counted.most_common(1)[0][0] if counted else ""
    severity = 0
    if grave:
        severity = max(1, min(3, topics[topic].severity if topic in topics else 1))
        if reading.document.deaths and label is Label.NEGATIVE:
            severity = 3
    return Judgement(unit, label, round(score, 3), severity, topic, blamed, reading.printed(deciding), words,
                     reading.hits, explain(label, deciding, words, blamed))


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
