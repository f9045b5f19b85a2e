"""Heads of saved pages: the title is found below the site's own lines, or none.

Every head is made up, in the manner of sites of offices, newspapers, forums and shops.
"""

import re

import pytest

from qa.reading import heads
from qa.reading.titles import title_of_text

BODY = "\n为了让户外劳动者有地方歇脚，市总工会在各街道设立了驿站，全年开放，提供饮水和热饭。\n"
TITLE = "市总工会新建驿站三十家"
PAGES = {
    "a menu, one word a line": "首页\n机构概况\n工会要闻\n政策法规\n互动交流\n联系我们\n" + TITLE,
    "a menu without a home": "政策法规\n工会风采\n在线服务\n下载中心\n" + TITLE,
    "a menu of its own words": "首页\n工会要闻\n匠心筑梦\n书香云岭\n劳模风采\n政务公开\n" + TITLE,
    "a menu on one line": "工会要闻 政策法规 下载中心\n" + TITLE,
    "a menu with tabs": "首页\t新闻\t公告\t服务\n" + TITLE,
    "a menu with dots": "网站首页 · 信息公开 · 政民互动 · 办事服务\n" + TITLE,
    "a menu with bars": "首页 | 走进临江 | 新闻中心\n" + TITLE,
    "a menu of bullets": "- 首页\n- 组织机构\n- 工作动态\n- 通知公告\n" + TITLE,
    "a path without its first word": "当前栏目\n新闻中心 > 工会要闻 > 正文\n" + TITLE,
    "a path on lines": "首页\n>\n新闻中心\n>\n正文\n" + TITLE,
    "a path with slashes": "首页/工会要闻/正文\n" + TITLE,
    "the site's name": "临江市总工会\n" + TITLE,
    "its name and columns": "临江市总工会门户网站\n首页\n要闻\n公开\n服务\n互动\n" + TITLE,
    "a newspaper and its page": "临江日报\n第02版：要闻\n" + TITLE,
    "a newspaper's columns": "时政\n社会\n财经\n体育\n视频\n专题\n" + TITLE,
    "weather and day": "2024年3月5日 星期二 农历正月廿五\n晴 12℃~20℃\n" + TITLE,
    "a greeting to the visitor": "您好，欢迎您！请登录\n注册\n" + TITLE,
    "a search box": "请输入关键词\n搜索\n热搜：养老金 公积金\n" + TITLE,
    "for readers with screen readers": "跳转到主要内容\n无障碍\n关怀版\n切换导航\n" + TITLE,
    "in Traditional script": "跳到主要內容區塊\n:::\n回首頁\n網站導覽\n意見信箱\nEnglish\n" + TITLE,
    "in English": "Skip to content\nToggle navigation\nMenu\nHome\nAbout us\nContact\n" + TITLE,
    "an app's advertisement": "打开APP，阅读体验更佳\n立即打开\n" + TITLE,
    "a call to follow": "点击上方蓝字关注我们\n" + TITLE,
    "a forum's head": "临江论坛\n登录\n注册\n版块\n帖子\n搜索\n" + TITLE,
    "a shop's head": "您好，请登录\n我的订单\n购物车\n收藏夹\n客服中心\n网站导航\n" + TITLE,
    "letters and print": "A- A A+\n打印本页\n分享到：\n" + TITLE,
    "an advertisement": "广告\n【广告】家装节全场五折\n" + TITLE,
    "a label for the column": "栏目：工会要闻\n" + TITLE,
    "two offices": "临江市总工会\n临江市人力资源和社会保障局\n关于开展欠薪检查的通知",
    "an advertisement with its telephone": "APP下载\n微信\n"
    f"广告 全屋家装 热线400-100-2000\n临江工会在线\n{TITLE}",
    "a newspaper on screen": "临江日报数字报\n第03版：民生\n上一版 下一版\n"
    f"返回目录\n放大 缩小 全文复制\n{TITLE}",
    "a blog's head": "☰\n主页\n关于\n博客\n订阅\n" + TITLE,
    "an office's list of facts": "登录 注册\n首页\n政府信息公开目录\n索 引 号：001/2024-12\n"
    f"发文机关：临江市总工会\n标　　题：{TITLE}\n主 题 词：驿站\n{TITLE}",
    "a list of facts without the title": "首页\n政府信息公开目录\n索引号：001/2024-12\n"
    f"发文机关：临江市总工会\n成文日期：2024年3月5日\n{TITLE}",
    "an office above its list of facts": "临江市总工会\n信息公开专栏\n索 引 号：001\n"
    f"信息分类：工会\n发布机构：临江市总工会\n生成日期：2024-03-05\n{TITLE}",
    "a list of facts that calls the title a name": "政府信息公开\n索引号：001 分类：民生\n"
    f"名　　称：{TITLE}\n文　　号：临工发〔2024〕3号",
    "its window's name": f"{TITLE}_工会要闻_临江市总工会\n首页\n要闻\n公开\n服务",
}  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
def test_the_title_below_the_lines_of_the_site(name):
    title = "关于开展欠薪检查的通知" if name == "two offices" else TITLE
    head = PAGES[name]
    assert title_of_text(head + BODY) == title
    assert title_of_text(f"{head}\n发布时间：2024-03-05 来源：本站{BODY}") == title


@pytest.mark.parametrize(
    "head",
    [
        "首页\n机构概况\n工会要闻\n政策法规\n联系我们",
        "工会要闻 政策法规 下载中心",
        "新闻中心 > 工会要闻 > 正文",
        "时政\n社会\n财经\n体育\n视频",
        "请输入关键词\n搜索",
        "打开APP，阅读体验更佳",
        "首页\n工会要闻\n政策法规\n更多",
    ],
)
def test_no_title_where_only_the_site_speaks(head):
    assert title_of_text(head + BODY) is None


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("入会指南" + BODY, "入会指南"),
        ("政策法规汇编" + BODY, "政策法规汇编"),
        ("首页\n入会指南" + BODY, "入会指南"),
        ("首页\n新闻\n公告\n放假通知\n各部门：" + BODY, "放假通知"),
        ("会议议程\n签到\n领导致辞\n分组讨论\n合影", "会议议程"),
        ("会议纪要\n第12期\n临江市总工会办公室\n2024年3月5日" + BODY, "会议纪要"),
        ("临江市总工会" + BODY, "临江市总工会"),
        ("临江市总工会\n2024年工作要点" + BODY, "2024年工作要点"),
        ("山里的小邮局\n一间屋，一个人，三十年" + BODY, "山里的小邮局"),
        ("晴天里的一把伞" + BODY, "晴天里的一把伞"),
        ("广告业工会成立" + BODY, "广告业工会成立"),
        ("搜索引擎怎样找到驿站" + BODY, "搜索引擎怎样找到驿站"),
        ("工会资讯平台建设情况通报" + BODY, "工会资讯平台建设情况通报"),
        ("关于做好工会资讯平台建设的若干意见" + BODY, "关于做好工会资讯平台建设的若干意见"),
        ("【工会要闻】临江市总工会召开全委会" + BODY, "临江市总工会召开全委会"),
        ("工作动态管理办法" + BODY, "工作动态管理办法"),
        ("工资专项集体合同\n甲方\n乙方\n工会\n第一章 总则", "工资专项集体合同"),
        ("隐私政策" + BODY, "隐私政策"),
        ("职工之家 职工书屋 职工食堂" + BODY, "职工之家 职工书屋 职工食堂"),
        ("菜单\n红烧肉\n清蒸鱼\n白菜豆腐", None),
        ("政府信息公开目录" + BODY, "政府信息公开目录"),
        ("政府信息公开目录\n机构职能\n领导分工", "政府信息公开目录"),
        ("政府信息公开目录\n索引号：001" + BODY, "政府信息公开目录"),
        ("职工书屋\n名称：城东职工书屋\n地址：文化路5号" + BODY, "职工书屋"),
        ("入会指南\n标题：写清姓名和单位" + BODY, "入会指南"),
        ("广告 从街头到手机" + BODY, "广告 从街头到手机"),
        ("订阅量怎样翻了一番" + BODY, "订阅量怎样翻了一番"),
        ("职工夜校在线" + BODY, "职工夜校在线"),
        ("标题：入会须知" + BODY, "入会须知"),
        ("职工疗养：五天四百元，你报名了吗？" + BODY, "职工疗养：五天四百元，你报名了吗？"),
        ("服务互动两手抓" + BODY, "服务互动两手抓"),
        ("新闻背后的故事\n要闻版编辑手记" + BODY, "新闻背后的故事"),
    ],
)
def test_titles_that_look_like_a_site_s_words_stay(text, title):
    assert title_of_text(text) == title


@pytest.mark.parametrize(
    "head",
    [
        f"公开日期：2024-03-01\n{TITLE}",
        f"索引号 GZ-2024\n{TITLE}",
        f"政府信息公开\n索引号 GZ-2024\n{TITLE}",
        f"## 政府信息公开目录\n索引号：001\n{TITLE}",
        f"公开日期：2024-03-01\n标题|{TITLE}",
        f"标题|{TITLE}",
        f"索引号\tGZ-2024\n标题\t{TITLE}\n成文日期\t2024年3月1日",
        f"| 索引号： | GZ-2024 |\n| 信息名称： | {TITLE} |",
        f"| 标题 | {TITLE} | 成文日期 | 2024年3月1日 |\n| 内容概述 | 驿站 |",
        f"索引号：001\n标题\n{TITLE}",
        f"索引号：001\n标　题：\n{TITLE}",
        f"索引号：001\n信息名称：{TITLE}",
        f"索引号\nGZ-2024\n标题\n{TITLE}\n发布机构\n临江市总工会",
    ],
)
def test_the_title_in_an_office_s_list_of_facts(head):
    assert title_of_text(head + BODY) == TITLE


@pytest.mark.parametrize(
    "table",
    [
        "标题|链接地址\n驿站三十家|/a",
        "| 标题 | 发布机构 |\n| 驿站三十家 | 总工会 |",
        "| 索引号 | 标题 | 生成部门 | 成文日期 |\n| 1 | 驿站三十家 | 办公室 | 2024-03-01 |",
        "| 标题 | 链接地址 | 成文日期 | 备注 |\n| 驿站三十家 | /a | 2024-03-01 | 无 |",
    ],
)
def test_the_names_of_columns_are_no_titles(table):
    assert title_of_text(table + BODY) not in ("链接地址", "发布机构", "生成部门", "成文日期")


def test_no_word_of_a_site_is_longer_than_what_is_looked_for():
    assert re._parser.parse(heads._WORD.pattern).getwidth()[1] == heads._LONGEST_WORD
