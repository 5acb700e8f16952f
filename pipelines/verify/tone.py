"""Is the piece bad news about the unit?  Adoption is good news: what smells of blame goes to a person."""

from __future__ import annotations

import re
from collections.abc import Sequence

from model.claim import Check, Outcome, Policy
from model.clipping import Clipping
from model.opinion import Label
from model.unit import Unit

# A title that reproaches somebody: whatever the judge of opinion says, a person looks before such a piece is counted as adoption.
_REPROACH = re.compile(r"质疑|被曝|曝光(?!台)|投诉|举报|乱象|乱收费|露天|臭味?|讨说法|讨薪|拖欠|泄露|致歉|道歉|问责|停职|暗访|追问|不满|被指|被罚|何时|为何|谁来|无人管|石沉大海")
_CALMED = re.compile(r"零|下降|减少|不再|清零|化解|办结|满意")
SURE, HALF, SOME = 0.75, 0.5, 0.2  # belief of the judge from which blame of the unit, blame of somebody, and a risk weigh


def tone(piece: Clipping, mine: Unit, policy: Policy, copies: Sequence[Clipping] = ()) -> Check:
    """Blame of the unit in a blaming article fails; anything that smells of it goes to a person: adoption is good news."""
    about = next((j for j in piece.judgements if j.unit_id == mine.id), None)
    whole = piece.overall
    bad = [j for j in (about, whole) if j is not None and j.label is Label.NEGATIVE]
    if about in bad and whole in bad and (about.score >= SURE or about.score >= HALF and whole.score >= SURE):
        return Check("内容倾向", policy.outcome("negative"), "正面或中性", about.label.label,
                     f"是对本单位的负面报道，不计采用：“{about.sentence[:80]}”（{'、'.join(about.words[:5])}）")
    doubtful = [j for j in bad if j is about or j.score >= (HALF if about is None else SURE)] \
        or [j for j in (about or whole,) if j is not None and j.label is Label.RISK and j.score >= SOME]
    if doubtful:
        said = f"：“{doubtful[0].sentence[:80]}”" if doubtful[0].sentence else ""
        return Check("内容倾向", Outcome.UNSURE, "正面或中性", doubtful[0].label.label, f"文中有{doubtful[0].label.label}内容{said}，是否作为采用计入请确认")
    blaming = next((c for c in copies if c.id != piece.id and any(
        j.unit_id == mine.id and j.label is Label.NEGATIVE and j.score >= SURE for j in c.judgements)), None)
    if blaming is not None:
        return Check("内容倾向", Outcome.UNSURE, "正面或中性", f"{blaming.outlet_name}《{blaming.article.title}》",
                     f"同一稿件在{blaming.outlet_name}的标题是“{blaming.article.title}”，对本单位是负面报道，是否作为采用计入请确认")
    if found := next(
        (
            m
            for m in _REPROACH.finditer(piece.article.title)
            if not _CALMED.search(piece.article.title[max(0, m.start() - 2) : m.end() + 6])
        ),
        None,
    ):
        return Check("内容倾向", Outcome.UNSURE, "正面或中性", f"标题有“{found.group()}”", f"标题有批评性字眼“{found.group()}”，是否作为采用计入请确认")
    return Check(
        "内容倾向",
        Outcome.PASS,
        "正面或中性",
        about.label.label if about else "未见评价",
        "没有对本单位的负面评价" + ("；文中提到风险，未归责于本单位" if about and about.label is Label.RISK else ""),
    )
