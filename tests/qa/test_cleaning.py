from __future__ import annotations

from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.cleaning import RULES, SOFT_RULES, Cleaning, clean, find_noise
from qa.errors import ConfigError
from qa.reading import read_document
from qa.records import without
from qa.splitting import split
from tests.quick import is_quick

SAMPLE = Path(__file__).resolve().parents[2] / "docs" / "sample"
PROSE = "全市各级工会要把服务职工作为根本任务，深入基层一线听取意见，帮助职工解决实际困难。"
ARTICLE = f"{PROSE}\n{PROSE}\n{PROSE}"


def seen(text: str) -> str:
    return without(text, find_noise(text))


def rules(text: str) -> Counter[str]:
    return Counter(mark.rule for mark in clean(text).marks)


# Boilerplate


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("首页 > 新闻中心 > 工会头条", "navigation"),
        ("您现在的位置: 首页\xa0>\xa0新闻中心", "navigation"),
        ("當前位置：首頁 » 專題", "navigation"),
        ("当前位置：云岭民生网 > 工会频道", "navigation"),
        ("首页 | 要闻 | 时政 | 经济 | 社会", "navigation"),
        ("欢迎访问赣州市总工会网站! 今天是: 中华全国总工会 | 江西省总工会", "navigation"),
        ("欢迎来到专业的秘书网平台！ 工作总结 工作计划", "navigation"),
        ("今天是 2024年4月1日 星期一", "navigation"),
        ("快捷搜索:  汽车  科技", "navigation"),
        ("友情链接：工人日报 中工网", "navigation"),
        ("上一篇：职工运动会", "paging"),
        ("  • 下一篇文章: 没有了", "paging"),
        ("分享到： 微信 微博 QQ好友", "sharing"),
        ("微信扫一扫，分享到朋友圈", "sharing"),
        ("扫一扫在手机打开当前页", "sharing"),
        ("字体：[大 中 小]", "sharing"),
        ("预览时标签不可点文章已于修改收录于话题#个上一篇下一篇", "sharing"),
        ("猜您喜欢:", "related"),
        ("推荐访问:总工会 年度工作 讲话", "related"),
        ("赣ICP备12345678号-1 赣公网安备 36070002000123号", "footer"),
        ("版权所有：赣州市总工会 技术支持：某某公司", "footer"),
        ("Copyright © 2024 某某网 All Rights Reserved", "footer"),
        ("转载请注明地址:http://www.example.com/1.html", "reprint"),
        ("下面是小编为大家整理的讲话(2023年),供大家参考。", "filler"),
        ("【纠错】 【收藏】 【打印】 【关闭】", "bar"),
        ("打印本页 | 关闭窗口", "bar"),
        ("• 网站简介 广告合作 发布优势 服务条款 隐私保护 网站地图 版权声明", "bar"),
        ("版权声明：本网稿件 | 关于我们 | 广告服务 | 网站地图", "bar"),
        ("发布日期:2024-04-01 09:52      来源: 市总工会     作者:      字体:[ ]", "byline"),
        ("时间：2023-09-27 16:20:02 来源：网友投稿", "byline"),
        ("責任編輯：李方", "byline"),
        ("来源:中工网", "byline"),
    ],
)
def test_boilerplate_lines(line, rule):
    text = f"{line}\n{ARTICLE}"
    assert seen(text).strip() == ARTICLE
    assert rules(text)[rule] == 1


@pytest.mark.parametrize(
    "line",
    [
        "他说自己的消息来源：一位不愿具名的职工告诉他，驿站明年还要增加，具体数目要等预算批下来才知道。",
        "欢迎访问市总工会网站，了解入会办法，也可以拨打12351。",
        "欢迎来到工会驿站，这里有热水和微波炉。",
        "首页改版以后，职工办事更方便了。",
        "打印",
        "资料来源：云岭市统计局",
        "数据来源：问卷调查",
        "上一篇报道讲了入会，这一篇讲会费。",
        "版权所有人有权许可他人使用其作品。",
        "网站应当在首页公布备案号，并接受公安机关网安部门的检查。",
        "时间：9月1日上午9时",
        "作者：柯文",
        "关键词：工会；产业工人；改革",
        "相关阅读",
        "联系我们请拨打12351，或者到窗口登记。",
        "转载请注明出处的要求适用于本办法所称的全部出版物，违者由市版权局处理。",
        "（通讯员 柯文）",
        "使用&nbsp;表示空格。",
        "技术支持：0619-1234567",
        "办公地址：文化路5号 电话：0619-1234567",
        "发布机构：市总工会 联系电话：0619-1234567 发布日期：2024-04-01",
    ],
)
def test_lines_of_a_document_are_not_boilerplate(line):
    assert find_noise(f"{ARTICLE}\n{line}\n{ARTICLE}") == ()


def test_caption_that_repeats_another_line_with_a_number():
    text = f"推进改革(四个工会)\n{PROSE}\n推进改革(四个工会)(1)\n{PROSE}\n方案（2）\n{PROSE}"
    assert seen(text) == f"推进改革(四个工会)\n{PROSE}\n\n{PROSE}\n方案（2）\n{PROSE}"


def test_links_at_the_end_of_a_page_go_with_their_heading():
    page = f"首页 > 新闻\n{ARTICLE}\n猜您喜欢\n· 绿道适合周末去\n· 空调开多少度省电"
    assert seen(page).strip() == ARTICLE


def test_prose_behind_such_a_heading_stays():
    assert seen(f"{ARTICLE}\n猜您喜欢\n{PROSE}") == f"{ARTICLE}\n\n{PROSE}"


def test_reading_list_of_a_document_stays():
    text = f"{ARTICLE}\n推荐阅读：\n- 劳动合同法解读\n- 工会法释义"
    assert find_noise(text) == ()


def test_front_matter_of_markdown():
    text = f"---\ntitle: 手册\ndate: 2024-04-08\n---\n\n# 手册\n\n{ARTICLE}"
    assert seen(text).strip() == f"# 手册\n\n{ARTICLE}"


def test_date_beside_a_source_line_is_noise_and_an_invitation_is_not():
    assert seen(f"来源：吉林日报\n时间：2026-02-01\n{ARTICLE}").strip() == ARTICLE
    invitation = f"时间：2024年9月1日\n地点：文化宫\n{ARTICLE}"
    assert find_noise(invitation) == ()


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n　\n",
        "首页",
        "床前明月光\n疑是地上霜\n举头望明月\n低头思故乡",
        "张三 0619-1234567\n李四 0619-7654321\n王五 12351",
        "\n".join(f"来源：第{n}车间  编辑：组长{n}" for n in range(40)),
        "- 微信\n- 微博\n- 打印机",
        "作者：甲\n作者：乙\n作者：丙",
    ],
)
def test_short_lines_do_not_vanish(text):
    assert find_noise(text) == ()


def test_source_amid_the_fields_of_a_form_stays():
    form = "慰问标准：每人30元\n来源：会费留成\n发放方式：实物"
    assert find_noise(f"{form}\n{ARTICLE}") == ()
    assert find_noise(f"{ARTICLE}\n{form}") == ()


def test_source_among_the_labels_of_a_page_goes():
    head = "索引号：0619-1\n来源：市总工会\n主题分类：工会"
    assert "来源" not in seen(f"{head}\n{ARTICLE}")
    assert "来源" not in seen(f"{ARTICLE}\n联系人：柯文\n来源：市总工会")


def test_every_field_of_every_service_can_be_quoted():
    fields = (
        "办理地点：临江市文化路5号二楼3号窗口\n办理时限：20(工作日)\n法定时限：40(工作日)\n"
        "事项类型：公共服务\n受理条件：依法成立的基层工会\n咨询电话：0619-1234567\n"
        "办公时间：周一至周五 9:00-17:00\n实施部门：市总工会"
    )
    for service in ("入会登记", "会费返还"):
        file = Path(f"/services/{service}.txt")
        document = read_document(fields.encode(), file=file, root=file.parent)
        assert document.title == service
        shown = "\n".join(part.shown for part in split(document, find_noise(document.text)))
        assert shown == fields


def test_soft_rules_are_not_believed_when_little_would_be_left():
    text = "来源：中工网\n责任编辑：李方\n短讯"
    assert find_noise(text) == ()
    assert "byline" in SOFT_RULES


@pytest.mark.parametrize("file", sorted(SAMPLE.glob("*.md")), ids=lambda file: file.stem)
def test_sample_documents_keep_everything_but_front_matter(file):
    assert set(rules(file.read_text(encoding="utf-8"))) <= {"front matter"}


# Injected advertising


CLEAN = (
    "縣級工會是工會組織的基礎,縣級工會要加大力度服務職工。全省各級工會維權服務取得成效,"
    "常態化開展新增會員工作,上級工會給予本地黨委支持。"
)


@pytest.mark.parametrize(
    ("spoilt", "whole"),
    [
        ("縣包養網級工會開會,各級工包養會參加。", "縣級工會開會,各級工會參加。"),
        ("維包養感情權服務,本包養條件地黨委。", "維權服務,本地黨委。"),
        ("新包養網VIP增會員,工包養網單次會。", "新增會員,工會。"),
        ("县包养网级工会,工包养行情会开会。", "县级工会,工会开会。"),
        ("縣甜心花園級工會,工包養甜心網會。", "縣級工會,工會。"),
        ("縣包養網級,工包養會,頂層包養網design好。", "縣級,工會,頂層design好。"),
        ("縣包養網級,工包養會,標題&#3一包養網2;好。", "縣級,工會,標題好。"),
        ("包養網\n縣包養網級工會開會。", "\n縣級工會開會。"),
    ],
)
def test_words_broken_in_two_are_whole_again(spoilt, whole):
    base = "县级工会和工会要开会。" + CLEAN
    assert seen(f"{base}\n{spoilt}") == f"{base}\n{whole}"


@pytest.mark.parametrize(
    "text",
    [
        "市纪委通报：严禁包养情妇、与他人发生不正当关系。该干部长期包养情妇，已被立案。" + ARTICLE,
        "公安机关打击包养网站，关停“甜心花园”等平台12个。包养网络广告屡禁不止。" + ARTICLE,
        "网络色情整治：包养行为违法，包养条件、包养价格等信息一律删除。被包养的女大学生应当报案。"
        + ARTICLE,
        "她哭着对妈妈说：“我要嫁给他。”丈夫低头擦去她脸上的泪水。" * 4,
        "“累了能歇脚、渴了有水喝，太便利了。”老李说，“我天天来，你也来吧。”" + ARTICLE,
        "全角逗号，半角逗号,混用的文件，他说:“我来,你走。”\n" + ARTICLE,
        "品牌brand和设计design都要做好。" + ARTICLE,
    ],
)
def test_documents_about_the_matter_and_stories_are_left_alone(text):
    assert find_noise(text) == ()


@pytest.mark.parametrize(
    ("spoilt", "whole"),
    [
        (
            "9月“縣“別以為你嘴巴厲害,說好就行,看看你怎麼對我女兒。”她唇角勾起笑意。 .級工會年”開展",
            "9月“縣級工會年”開展",
        ),
        ("講黨史、音樂劇“媽媽,我要你保證,好嗎?”她哭著吩咐道。、京劇等", "講黨史、音樂劇、京劇等"),
        ("已達65個他連忙向她道歉,擦去她臉上的淚水,低下;鄉鎮街道也有", "已達65個;鄉鎮街道也有"),
        ("縣級工會是“女孩就是女孩!”銜接各方的橋頭堡", "縣級工會是銜接各方的橋頭堡"),
        ("職工場合投進,問她在丈夫家的什麼地方。的一切。使用389個", "職工場合投進,使用389個"),
    ],
)
def test_scraps_of_fiction_in_an_infected_document(spoilt, whole):
    infected = CLEAN + "縣包養網級工包養會。"
    assert seen(f"{infected}\n{spoilt}").split("\n")[1] == whole


def test_speech_in_an_infected_document_stays():
    infected = CLEAN + "縣包養網級工包養會。\n"
    speech = (
        "老李說:“我天天來,你也可以來。”他點頭說,她們都很好。\n"
        "“累了能歇腳,太便利了。”在驛站裡,老李這樣說。"
    )
    assert seen(infected + speech).split("\n", 1)[1] == speech


def test_marks_name_their_rules():
    text = f"首页 > 新闻\n{CLEAN}縣包養網級工包養會。\n分享到：微信"
    assert rules(text) == {"navigation": 1, "spam": 2, "sharing": 1}


# Laws


@given(
    st.lists(
        st.one_of(
            st.sampled_from(
                [
                    "首页 > 新闻",
                    "猜您喜欢",
                    "来源：甲 编辑：乙",
                    PROSE,
                    CLEAN,
                    "縣包養網級工包養會",
                    "“縣“別以為你,她哭。”他。 .級",
                    "",
                    "---",
                    "a: b",
                ]
            ),
            st.text(alphabet="工会包养網她他我。,“”!.;&#1\t 　", max_size=40),
        ),
        max_size=12,
    ).map("\n".join)
)
def test_ranges_are_sorted_apart_and_inside(text):
    noise = find_noise(text)
    assert all(0 <= start < end <= len(text) for start, end in noise)
    assert all(one[1] < other[0] for one, other in pairwise(noise))


@pytest.mark.parametrize(
    "piece",
    [
        "工",
        "縣包養網級她,工會。",
        "“她",
        "包养",
        "&nbsp;",
        "上一篇",
        "来源:",
        "首页|",
        "她,",
        ".",
        "甜心",
        "猜您喜欢\n",
        "她包养网他。\n",
    ],
)
def test_100000_characters_take_no_time(piece):
    text = (piece * 100_000)[:100_000]
    find_noise("工包养会")  # the dictionary is read once
    assert is_quick(lambda: find_noise(text), 3)


def test_a_table_of_contents_is_noise_and_a_price_list_is_not():
    contents = "第一章 总则……………………1\n第二章 经费 . . . . . . . . . 3\n第三章 附则··········3"
    assert seen(f"{contents}\n{ARTICLE}").strip() == ARTICLE
    prices = "茶水......8\n午餐......20\n晚餐......15"
    assert seen(f"{prices}\n{ARTICLE}") == f"{prices}\n{ARTICLE}"


# What a user wants otherwise


def test_own_patterns_find_what_is_written_or_folded():
    cleaning = Cleaning.of([r"扫码关注.{0,4}", "ｖｉｐ"], [])
    text = f"{PROSE}掃碼關注我們\n{PROSE}ＶＩＰ"
    found = [(text[one.start : one.end], one.rule) for one in clean(text, cleaning).marks]
    assert set(found) == {("掃碼關注我們", "own"), ("ＶＩＰ", "own")}
    assert without(text, find_noise(text, cleaning)) == f"{PROSE}\n{PROSE}"


def test_rules_that_are_off_mark_nothing():
    text = f"首页 > 新闻中心 > 工会头条\n{ARTICLE}"
    assert rules(text) == {"navigation": 1}
    assert find_noise(text, Cleaning.of([], ["navigation"])) == ()


def test_every_rule_that_marks_has_a_name_that_turns_it_off():
    texts = [file.read_text("utf-8", "ignore") for file in SAMPLE.iterdir()]
    met = {mark.rule for text in texts for mark in clean(text).marks}
    assert met <= RULES
    assert SOFT_RULES <= RULES


@pytest.mark.parametrize("given", [(["("], []), ([], ["没有"])])
def test_patterns_and_rules_that_are_none(given):
    with pytest.raises(ConfigError):
        Cleaning.of(*given)


@pytest.mark.parametrize(
    "text", ["目录……………………1\n" * 5, "首页 > 新闻\n【打印】【关闭】分享到", "……\n——。"]
)
def test_a_document_of_which_nothing_is_left_says_so(text):
    [note] = clean(text).notes
    assert "nothing in it can be found" in note
    assert clean(f"{text}\n{PROSE}").notes == ()


@pytest.mark.parametrize("column", ["工会要闻", "【部门快讯】", "地方資訊："])
def test_a_column_before_the_headline_is_not_shown(column):
    headline = "临江市总工会召开全委会"
    assert seen(f"{column}{headline}\n{ARTICLE}") == f"{headline}\n{ARTICLE}"
    assert seen(f"{ARTICLE}\n{column}{headline}") == f"{ARTICLE}\n{column}{headline}"


def test_a_headline_that_begins_like_a_column_stays():
    text = f"工会资讯平台建设情况通报\n{ARTICLE}"
    assert seen(text) == text
