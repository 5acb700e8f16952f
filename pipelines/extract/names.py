"""Personal names in a byline: 2–4 Han with a known family name, `·` names, pen names where a label vouches for them."""

from __future__ import annotations

import re

HAN = "\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0002ebef"     # rare names (䶮) are written with the extensions
_SURNAMES = frozenset(
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳酆鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄"
    "和穆萧尹姚邵湛汪祁毛禹狄米贝明臧计伏成戴谈宋茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯昝管卢莫经房裘缪干解应宗丁宣贲邓郁单杭洪包诸左石崔吉钮龚"
    "程嵇邢滑裴陆荣翁荀羊惠甄曲家封芮羿储靳汲邴糜松井段富巫乌焦巴弓牧隗山谷车侯宓蓬全郗班仰秋仲伊宫宁仇栾暴甘厉戎祖武符刘景詹束龙叶幸司韶郜黎蓟薄印宿白怀蒲邰鄂索咸籍赖卓蔺屠蒙池乔阴胥能苍双闻莘党"
    "翟谭贡劳逄姬申扶堵冉宰郦雍璩桑桂濮牛寿通边扈燕冀郏浦尚农温别庄晏柴瞿阎充慕连茹习宦艾鱼容向古易慎戈廖庾终暨居衡步都耿满弘匡国文寇广禄阙东欧殳沃利蔚越夔隆师巩厍聂晁勾敖融冷訾辛阚那简饶空曾沙乜养鞠"
    "须丰巢关蒯相查后荆红游竺权逯盖益桓公肖付闫代覃邸仝苑仉佟商牟佘伯赏墨哈谯笪年爱阳佴第五言福亓丘冼区岳帅缑亢况郈琴归海晋楚闫法汝鄢涂钦底原占亮巨战苟员粟"
    "趙錢孫鄭馮陳衛蔣韓楊許呂張嚴華謝鄒喻竇雲蘇魯韋馬鳳袁鮑費薛賀湯羅畢鄔樂時傅齊顧黃蕭邵貝計談龐熊紀項董閔賈婁顏鍾駱萬盧應鄧單諸龔邢陸榮儲靳葉龍劉黎賴藺喬陰聞譚貢勞連習歐聶關榮簡饒闕豐遊蓋肖葉溫莊閻")
_COMPOUND = ("欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "司徒", "端木", "夏侯", "宇文", "长孙", "独孤", "南宫", "呼延", "歐陽", "司馬", "諸葛", "范姜", "张简", "張簡")
_WORDS = re.compile(
    r"^(?:安全|时间|时报|方面|金融|程序|马上|于是|全国|全省|全市|全县|全媒|强调|成功|白天|万元|华商|相关|经济|经过|经历|应该|应对|高级|高度|高考|文字|文章|文化|文图|图文|平台|平安|平方|广州|广东|广西|广播|江苏|江西|海南|"
    r"海外|湖南|"
    r"云南|河南|济南|贵州|苏州|杭州|温州|福建|福州|山东|山西|重庆|武汉|成都|宁夏|石家庄|辛苦|常务|常委|都市|都是|和平|和谐|利用|利好|原创|原标题|公司|公众|公告|公共|公开|商业|通过|通讯|通知|国家|国际|国内|国务院|东北|东部|那么|"
    r"水平|言论|明天|明确|农业|农村|向上|连续|连线|连载|路透|时事|时政|时代|时评|阳光|巨头|法院|海报|简介|简讯|终审|终于|权威|关注|关于|关闭|满意|管理|管理员|单位|别人|别的|能够|白皮书|支持|支部|家长|家庭|都|查看|盖章|司机|"
    r"计划|包括|成为|成立|井然|解读|解放|甘肃|甘南|党委|党支部|景区|党员|党建|胡同|项目|宣传|宣传部|卫健委|卫生|卫视|康复|花絮|双方|古代|容易|习惯|游客|居民|农民|教授|师生|年度|年底|年初|第一|第二|第三|相册|商报|晨报|方案|"
    r"方式)$")
_NOT_NAME = re.compile(
    r"^本[报報台臺网站社刊]|^(?:记者|通讯员|本报|本台|本网|实习生|编辑|作者|来源|摄影|报道|消息|整理|综合|电|讯|文|图|供稿|文图|图文|摄|获悉|从|在|日前|近日|日电|专电|综述|实习|见习|责任|网络|整合|编译|了解|介绍|看到|"
    r"表示|采访|发现|注意|走进|来到|手记|调查|"
    r"观察|发自|报导|现场|直击|提问|问|说|称|今天|昨天|昨日|今日|他|她|我|我们|他们|摘编|编写|采写|见证|目睹|组|团队|协会|证|站|会|们|朋友|同志|先生|女士|医生|护士|主任|院长|书记|局长|市长|省长|县长|教授|专家|供图|制图|"
    r"绘图|视觉|资料|"
    r"资料图|无|暂无|未知|佚名|管理员|系统管理员|本站|原创|首席|特约|最新|所有|本人|简介|赞赏|本文|全文|版权|声明|点击|阅读|浏览|分享|收藏|打印|关闭|返回|更多|上传|下载|发布|时间|日期|字号|评论|正文|首发|广告|视频|图集|"
    r"出自|人气|须知|启事|指南|热线|信箱|邮箱|专栏|投稿|征稿|栏目|受访者|被访者|受访人|采访对象|当事人|网友|读者|家属|楼主|转载|转发|"
    r"admin|null|None|undefined|test)$", re.I)
_VERB = re.compile(r"^(?:从|在|获悉|了解|日前|近日|今天|昨|走|来到|采访|看|发现|就|与|对|跟|到|由|曾|也|还|又|将|为|以|被|把|一|两|多|这|那|该|此|其|有|没|是|不|会上|注意|通过|表示)|(?:表示|获悉|"
                   r"了解到|看到|发现|采访时|报道|介绍|认为|指出|提供)$")
_ORG_END = re.compile(r"(?:医院|卫生院|服务中心|中心|委员会|卫健[委局]|卫生局|卫计委|疾控|委|局|科|部|处|厅|办|办公室|支部|学院|大学|中学|小学|学校|公司|集团|街道|镇|乡|村|社区|县|区|市|省|院|所|协会|学会|"
                      r"商会|社|报|网|台|队|厂|站|室|组|号|"
                      r"病区|病房|门诊部?|工会|团委|联合会|财经|新闻|日报|晚报|商报|客户端|频道|在线|传媒|融媒)$")
_SPLIT = re.compile(r"[\s\u3000、，,;；|｜丨∣\x1f&]+|[/／](?=[\u4e00-\u9fffA-Z])|(?<=[\u4e00-\u9fff]{2})[和与](?=[\u4e00-\u9fff]{2,3}$)")
_GAP = re.compile(rf"(?<![{HAN}])([{HAN}])[\u3000 ]{{1,4}}([{HAN}])(?![{HAN}])")
_LATIN = re.compile(r"(?<![A-Za-z])([A-Z][A-Za-z.'-]{0,20})[ \u3000]([A-Z][A-Za-z.'-]{0,20})(?![A-Za-z])")
_EDGE = "丨∣：:。.（）()【】[]<>《》“”\"'*-—~…!！_ \t\u3000\x1f●■□◎▲◆/／"
_CODE = re.compile(r"_?[A-Za-z]{1,4}\d{1,7}$|_[A-Za-z0-9]{1,10}$")
_TAIL = re.compile(r"(?:等|摄影报道|摄影|摄|报道|报导|整合|整理|编译|综合|文图|图文|文|图|校对|编辑)$")
_SYMBOL = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\ufe0f\u200d\ue000-\uf8ff]+")


def is_name(piece: str, strict: bool = False) -> bool:
    """A personal name; `strict` asks for a known family name (or `·`), else an unknown beginning will do."""
    if not piece or _NOT_NAME.match(piece) or _WORDS.match(piece):
        return False
    if re.fullmatch(rf"[{HAN}]{{1,8}}(?:[·•・.][{HAN}]{{1,8}}){{1,3}}", piece):
        return True
    if not re.fullmatch(rf"[{HAN}]{{2,4}}", piece):
        return False
    if has_surname(piece):
        return len(piece) < 4 or piece[:2] in _COMPOUND or not _ORG_END.search(piece) and not _VERB.search(piece)
    return not strict and not _ORG_END.search(piece) and not _VERB.search(piece)


def has_surname(piece: str) -> bool:
    """Two or three Han after a family name, three or four after a compound one; four with a single one only as married names are."""
    if piece[:2] in _COMPOUND:
        return 3 <= len(piece) <= 4
    return piece[0] in _SURNAMES and (2 <= len(piece) <= 3 or len(piece) == 4 and piece[1] in _SURNAMES)


def is_unit(piece: str) -> bool:
    return bool(_ORG_END.search(piece)) and bool(re.fullmatch(rf"[{HAN}（）()A-Za-z0-9·]{{3,30}}", piece))


def pieces(text: str) -> list[str]:
    """The entries of a list of names: gaps inside two-character names closed, Latin names kept whole, codes and marks off."""
    text = _SYMBOL.sub(" ", text)
    text = _GAP.sub(r"\1\2", text)
    text = _LATIN.sub("\\1\x01\\2", text)
    out = []
    for piece in _SPLIT.split(text):
        piece = _CODE.sub("", piece.strip(_EDGE)).replace("\x01", " ").strip(_EDGE)
        shorter = _TAIL.sub("", piece)
        if shorter != piece and (not shorter or is_name(shorter, True)) and (piece[-1] in "摄攝等" or not has_surname(piece)):
            piece = shorter
        if piece:
            out.append(piece)
    return out


def names(text: str, strict: bool = False) -> list[str]:
    """The personal names of a list such as `张　三、李四 王五`, in order, each once."""
    return list(dict.fromkeys(p for p in pieces(text) if is_name(p, strict)))
