"""The words by which a line or a box shows that it is not part of the article.

These are conventions of Chinese press pages at large (share lines, editor tails, related links),
never sentences of one site.
"""

from __future__ import annotations

import re

# boxes by class and id
BOX = re.compile(
    r"(?:^|[\s_-])(?:comments?|cmt|pinglun|reply|replies|gentie|tie|related?|relate\w*|recommend\w*|recomm|tuijian|xiangguan|xgxw|xgyd|"
    r"share\w*|fenxiang|bdshare\w*|"
    r"bshare\w*|jiathis\w*|copyright|banquan|foot|footer|nav|navbar|menu|sidebar|aside|rank\w*|paihang|hot\w*|ads?|adv\w*|gg|guanggao|"
    r"qrcode|erweima|ewm|"
    r"breadcrumbs?|crumbs?|weizhi|location|login|search\w*|toolbar|tools?|tags?|keywords?|disclaimer|statement|shengming|reward|dashang|"
    r"vote|"
    r"pager|pagination|pagelist|page_?nav|prevnext|pre_?next|friendlink|links|toplink|zebian|bianji|zrbj|subscribe|app-?download|weixin|"
    r"wx|follow|guanzhu|"
    r"profile|author-?info|mod-?author|popup|modal|dialog|toast|tips?|feedback|jiucuo|error|font_?size|setfont|zihao|video-info|player|"
    r"hide_word)(?=$|[\s_\d-])"
    r"|comment|recommend|relat(?:e|ive)|share|copyright|sidebar|breadcrumb|xiangguan|tuijian|guess|youlike|hotnews|newslist|news-?list|"
    r"toolbar", re.I)
# names that leave no doubt, however much text the box holds
SURE_BOX = re.compile(r"comment|pinglun|gentie|repl(?:y|ies)|relat|recommend|tuijian|xiangguan|xgxw|xgyd|share|fenxiang|copyright|"
                      r"banquan|foot|nav|sidebar|disclaimer|statement|shengming|rank|paihang|hide_word|breadcrumb", re.I)
# a box that, though its name matches above, holds bodies on many sites
BODY_BOX = re.compile(
    r"(?:^|[\s_-])(?:article|artibody|artical|content|contents|zoom|trs_editor|ucap-content|js_content|endtext|text|txt|detail|"
    r"main-?text|maintext|body|"
    r"neirong|zhengwen|wenzhang|rm_txt|news_?txt|story|post|entry|rich_media_content|view|fontzoom|founder)(?=$|[\s_\d-])"
    r"|article|content|artibody|trs_|zhengwen|newstext|news_txt|detail|zoom|endtext|post_(?:body|text)", re.I)

# headings after which nothing belongs to the article
STOP = re.compile(
    r"^[\s\u3000■◆▲●►>【\[（(|]*(?:相关(?:热门|新闻|阅读|报道|链接|文章|推荐|专题|稿件|内容|资讯|附件|热词|主题|搜索|信息)|更多(?:精彩|新闻|相关|阅读|内容|资讯|推荐)|延伸[阅閱][读讀]|推荐(?:阅读|新闻|文章)|"
    r"(?:热门|最新|精彩|网友|全部|发表|文明)(?:评论|评论|跟帖|留言)|网友评论|精彩推荐|热点推荐|热门(?:推荐|文章|新闻|排行|话题|标签|点击|资讯)|"
    r"(?:为|给)[您你](?:推荐|精选)|猜[您你]喜欢|你?您?可能(?:也|还|会)?(?:喜欢|感兴趣|想看)|[您你]可能(?:感兴趣|喜欢|还?会喜欢)|大家都在看|大家还在看|大家还看了|还有更多|"
    r"最新(?:动态|推荐|文章|新闻|报道|资讯|更新|发布|消息)|图片(?:聚焦|新闻推荐|推荐)|阅读排行|新闻排行|点击排行|排行榜|友情链接|"
    r"(?:上|下)一[篇条則则页](?:[:：]|$)|前一篇|后一篇|返回(?:首页|列表|顶部|目录)|本文(?:标签|关键[词字])|关键[词字](?:\s|[:：>]|$)|關鍵字|标签\s?[:：]|"
    r"我来说两句|我要(?:评论|留言|说两句|反馈|纠错)|发表评论|特别声明|免责声明|免責聲明|版权(?:声明|与免责|所有|说明)|郑重声明|声明[:：]|[^。，]{0,6}(?:版权|侵权|维权|转载|法律)[^。，]{0,4}(?:公告|声明|启事|"
    r"须知)[:：]?$|分享(?:到|至|让更多)|"
    r"扫一扫|扫码|扫描二维码|微信扫|打印本[页稿文]|【?打印|【?关闭|关闭窗口|责任编辑|主办单位|相關(?:新聞|文章|報導|連結)|更多新聞|熱門(?:新聞|文章|點閱|話題)|"
    r"文章(?:标签|分类)|附件下载|(?:重点|今日|编辑|精选|本周|每日|视频)推荐|写评论|提交评论|"
    r"(?:[转轉][载載](?:本文)?[请請须須]|[请請][^。，]{0,4}(?:注明|標明|标明)(?:出处|来源|轉載))|"
    r"(?:本文)?(?:通告)?引用\s?[（(]?\s?(?:Trackback|通告|地址\s?[:：])|Trackback|共(?:找到|有)\s?[\d,]{1,9}\s?(?:个|条|篇)(?:相关|结果))",
    re.I,
)
# lines that are dropped wherever they stand
LINE = re.compile(
    r"^[\s\u3000【\[（(|]*(?:字号|字体|字體|【?字[号体]|小字号|大字号|调整字体|分享(?:到|至|让更多|[:：]|$)|扫一扫|扫描?二维码|扫码|用微信扫|微信扫一扫|长按(?:二维码|识别|图片)|点击(?:查看|下载|进入|收起|"
    r"展开|上方|下方|关注|图片)|"
    r"打开(?:微信|APP|客户端)|下载(?:APP|客户端)|纠错|【?纠错|收藏|打印|关闭|返回|复制链接|举报|投诉|点赞|赞赏|阅读原文|展开全文|阅读全文|加载中|正在加载|更多>>|进入专题|"
    r"我要(?:评论|反馈|纠错)|\d{1,6}\s?(?:评论|人参与|条评论|阅读|赞)|阅读(?:数|量|次数)?[:：]?\s?\d|浏览(?:次数|量)?[:：]?\s{0,3}\d|点击(?:数|量|次数)[:：]|"
    r"您?当前(?:的)?位置|您?(?:所在)?的?位置[:：]|首页\s?[>»]|(?:上|下)一[篇条則则页](?:[:：]|$)|请[^。]{0,10}(?:关注|扫描)[^。]{0,20}(?:公众号|二维码|客户端)|"
    r"关注[^。]{0,16}(?:公众号|客户端)|更多[^。]{0,20}(?:请|欢迎)(?:关注|下载|点击|扫描)|播放$|广告$|ADVERTISEMENT$|Copyright|©|版权所有|未经授权|未经许可|"
    r"(?:以上|本文)[^。]{0,30}(?:仅代表|不代表|不构成|仅供参考)|声明[:：]|(?:特别|免责|郑重)声明|免責聲明|[京沪粤津渝苏浙鲁豫川湘鄂闽赣皖冀晋辽吉黑桂琼云贵陕甘青宁新蒙藏]ICP|"
    r"\(?本文来自[^。]{0,40}(?:APP|客户端)|视频加载|您的浏览器)", re.I)
FOOT = re.compile(r"copyright|©|版权所有|ICP备|ICP证|公网安备|京公网|未经授权|许可证编?号|邮发代号|国内统一刊号|All Rights Reserved|技术支持|网站地图|联系我们|主办单位|承办单位|网站标识码", re.I)
# at the end of a body, a line without a sentence that asks for a download or a follow
PROMO = re.compile(r"客户端|二维码|公众号|扫码|关注我们|下载|微信号|官方微信|官方微博|APP|投稿邮箱|新闻热线|报料|爆料|识别图中|长按|点亮|在看", re.I)
