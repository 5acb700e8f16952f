"""The judge of a bureau: the vocabulary's judge, what the desk taught it, and the bureau's own rules, which have the last word.

A rule speaks of the units named in its sentences, and of all where none is named there.  Rules that calm are heard first, so a
rule that accuses stands against one that calms.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from analysis import weights as W
from analysis.learning import Learned
from analysis.opinion import MAX_TEXT, Judge
from analysis.rules import RuleHit, Rules
from model.mention import Mention
from model.opinion import Hit, Judgement, Label
from model.vocabulary import Vocabulary

_ORDER = ("calm", "mark", "risk", "negative")
_MEANS = {"calm": "不算负面", "mark": "仅标注", "risk": "算风险", "negative": "算负面"}
_GRAVE = (Label.NEGATIVE, Label.RISK)
_TOLD = 5                      # words of a rule told in the reason


class RuledJudge:
    """As `analysis.opinion.Judge`, with the vocabulary's own rules applied; compiled once, pure.

    `beside`: a judge that is asked about the same article just before: what both read alike is read once, and where the two differ in their
    own rules alone, its judgement serves both.
    """

    def __init__(self, vocabulary: Vocabulary, learned: Learned | None = None, beside: RuledJudge | None = None):
        self.vocabulary, self.learned = vocabulary, learned
        shared = beside is not None and beside.learned is learned and _words(beside.vocabulary) == _words(vocabulary)
        self._judge = beside._judge if shared else Judge(vocabulary, learned, beside=beside._judge if beside is not None else None)
        self._beside = beside if shared else None
        self._last: tuple[tuple, tuple[Judgement, ...]] | None = None
        self._kinds = {t.id: t.kind for t in vocabulary.topics if t.kind}
        self._rules = Rules(vocabulary.rules, vocabulary.topics)
        self.example = self._judge.example

    def judge(self, title: str, text: str, mentions: Sequence[Mention] = (), unit_names: Mapping[str, str] = {}) -> tuple[Judgement, ...]:
        """First the judgement of the article (unit_id ""), then one per unit named with certainty."""
        judged = self._read(title, text, mentions, unit_names)
        if self._kinds:                                   # sensitive matters ring without blame
            judged = tuple(replace(j, alarm=self._kinds[j.topic]) if j.topic in self._kinds and j.label in _GRAVE else j for j in judged)
        title, text = title[:MAX_TEXT], text[:max(0, MAX_TEXT - len(title))]
        hits = sorted(self._rules.match(title, text), key=lambda h: _ORDER.index(h.rule.effect))
        for hit in hits:
            about = {m.unit_id for m in mentions if m.unit_id and m.certain and any(start <= m.start < end for start, end in hit.within)}
            judged = tuple(ruled(j, hit, unit_names.get(j.unit_id, "")) if not j.unit_id or not about or j.unit_id in about else j for j in judged)
        return judged

    def _read(self, title: str, text: str, mentions: Sequence[Mention], unit_names: Mapping[str, str]) -> tuple[Judgement, ...]:
        asked = (title, text, tuple(mentions))
        if self._beside is not None and self._beside._last is not None and self._beside._last[0] == asked:
            return self._beside._last[1]
        judged = self._judge.judge(title, text, mentions, unit_names)
        self._last = (asked, judged)
        return judged


def _words(vocabulary: Vocabulary) -> Vocabulary:
    """All that the vocabulary's judge reads."""
    return replace(vocabulary, rules=(), provenance={})


def ruled(judged: Judgement, hit: RuleHit, name: str = "") -> Judgement:
    """The judgement after one rule that holds; its reason begins with the rule."""
    rule, was = hit.rule, judged.label
    said = f"本单位规则：{rule.name}（{_MEANS[rule.effect]}，依据{'、'.join(hit.words[:_TOLD])}）"
    places = tuple(Hit(rule.name, rule.topic, "rule", start, end) for start, end in hit.places)
    judged = replace(judged, reason=f"{said}；{judged.reason}", hits=(*judged.hits, *places))
    if rule.effect == "mark" or rule.effect == "calm" and was is not Label.NEGATIVE or rule.effect == "risk" and was is Label.NEGATIVE:
        return replace(judged, alarm=rule.kind) if rule.effect == "risk" else judged
    if rule.effect == "calm":
        return replace(judged, label=Label.POSITIVE, score=round(min(judged.score, W.NEGATIVE - 0.01), 3), severity=0, target="", alarm="",
                       reason=judged.reason.replace(said, f"{said}，原判负面", 1))
    label = Label.NEGATIVE if rule.effect == "negative" else Label.RISK
    if was is label:
        return replace(judged, severity=max(judged.severity, rule.severity), topic=rule.topic or judged.topic,
                       words=tuple(dict.fromkeys((*hit.words[:_TOLD], *judged.words))), alarm=rule.kind)
    return replace(judged, label=label, score=round(max(judged.score, W.NEGATIVE), 3), severity=rule.severity, topic=rule.topic or judged.topic,
                   target=(judged.target or name) if label is Label.NEGATIVE else "", sentence=hit.sentence, words=hit.words[:_TOLD], alarm=rule.kind)
