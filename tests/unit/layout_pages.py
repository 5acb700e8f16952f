"""Layout pages (版面图) of one front page, drawn the way different e-paper systems draw them; all text is the tests' own.

The page: masthead at the top left, 101 beside it, 102 the wide lead under it with its picture, 103 and 104 below, 105 the 导读.
"""

from __future__ import annotations

BASE = "http://epaper.qlrb.example/html/2026-11/21/"
TITLES = {
    101: "全市秋冬季防病提示今日发布", 102: "市人民医院新院区启用 三百张床位开放", 103: "社区食堂多了一道营养师把关", 104: "乡村医生培训班结业",
    105: "导读：市中医院开设夜间门诊",
}
# left, top, right, bottom in thousandths of the page; 102 has a headline and a picture
SPOTS = ((101, 640, 30, 960, 150), (102, 40, 200, 960, 420), (102, 500, 420, 960, 560), (103, 40, 600, 480, 900), (104, 500, 600, 960, 900),
         (105, 40, 920, 960, 980))
LIST = "<ul class='list'>" + "".join(f"<li><a href='content_{n}.htm'>{t}</a></li>" for n, t in sorted(TITLES.items(), key=lambda x: x[0] == 101)) + "</ul>"
PAGES = "<div class='bans'><a href='node_1.htm'>第01版：要闻</a> <a href='node_2.htm'>第02版：民生</a></div>"


def page(drawn: str, listed: str = LIST) -> str:
    return (f"<html><head><meta charset=utf-8><title>青林日报数字报 第01版</title></head><body><div>青林日报 2026年11月21日 星期六</div>{drawn}{listed}{PAGES}"
            "</body></html>")


def _polygons() -> str:
    """Founder: polygons in the pixels of a picture whose size the page tells; links carry `?div=-1`."""
    wide, high = 420, 600
    out = ""
    for n, left, top, right, bottom in SPOTS:
        x1, y1, x2, y2 = (int(v * s / 1000) for v, s in ((left, wide), (top, high), (right, wide), (bottom, high)))
        out += f'<Area coords="{x1},{y1},{x2},{y1},{x2},{y2},{x1},{y2}" shape="polygon" href="content_{n}.htm?div=-1">'
    return f'<img src="b1.jpg" border=0 usemap="#pagepicmap" width={wide} height={high}><MAP name=pagepicmap>{out}</MAP>'


def _rectangles() -> str:
    """Rectangles in pixels, the picture's size unknown, an area over the whole page that leads to its PDF."""
    out = "".join(f'<area shape="rect" coords="{left},{top + top // 3},{right},{bottom + bottom // 3}" href="./content_{n}.htm">'
                  for n, left, top, right, bottom in SPOTS)
    return f'<img src="b1.jpg" usemap="#m"><map id="m" name="m"><area shape="rect" coords="0,0,1000,1333" href="b1.pdf">{out}</map>'


def _percents() -> str:
    """Links set over the picture in percent of it."""
    return '<div class="pic"><img src="b1.jpg">' + "".join(
        f'<a class="hot" style="position:absolute; left:{left / 10}%; top:{top / 10}%; width:{(right - left) / 10}%; height:{(bottom - top) / 10}%" '
        f'href="content_{n}.htm" title="{TITLES[n]}"></a>' for n, left, top, right, bottom in SPOTS) + "</div>"


def _pixels() -> str:
    """Boxes in pixels of a container, opened by a click handler."""
    return '<div class="paper" style="position:relative;width:500px;height:700px">' + "".join(
        f'<div class="box" style="left:{left * .5}px;top:{top * .7}px;width:{(right - left) * .5}px;height:{(bottom - top) * .7}px" '
        f"onclick=\"openArticle('content_{n}.htm')\"></div>" for n, left, top, right, bottom in SPOTS) + "</div>"


def _attributes() -> str:
    """Figures in data attributes, in pixels of a page whose size nobody tells."""
    return "<div id='page'>" + "".join(f'<span data-x="{left}" data-y="{top * 1.4}" data-w="{right - left}" data-h="{(bottom - top) * 1.4}" '
                                       f'data-href="content_{n}.htm"></span>' for n, left, top, right, bottom in SPOTS) + "</div>"


def _script() -> str:
    """Records in a script, for the page's own code to draw."""
    records = ",".join(f'{{"id":{n},"title":"{TITLES[n]}","url":"content_{n}.htm","x":{left},"y":{top},"width":{right - left},"height":{bottom - top}}}'
                       for n, left, top, right, bottom in SPOTS)
    return f"<canvas id='cv'></canvas><script>var hot = [{records}];</script>"


DRAWN = {"polygons": _polygons, "rectangles": _rectangles, "percents": _percents, "pixels": _pixels, "attributes": _attributes, "script": _script}
