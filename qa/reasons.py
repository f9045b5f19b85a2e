"""What the lower floors say in English, said in Chinese.

Errors and reports carry one-line English sentences, some with a name or number inside. The table
below knows them all (tested: every such sentence in the code has an entry). `{what}` stands for a
part that is itself looked up here; other names stand for anything and are kept as they are.
"""

# ruff: noqa: E501 - an entry is one line; a Chinese character counts as two columns

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache

SENTENCES: Mapping[str, str] = {
    # which files are read (qa/reading)
    "not read; save it as .docx, .xlsx, .pdf or .txt with the program that made it": "这种格式不读；请用原来的软件另存为 .docx、.xlsx、.pdf 或 .txt",
    "an old format; open it in Word or WPS and save it as .docx": "旧格式；请用 Word 或 WPS 打开，另存为 .docx",
    "an old format; open it in Excel or WPS and save it as .xlsx": "旧格式；请用 Excel 或 WPS 打开，另存为 .xlsx",
    "an old format; open it in PowerPoint or WPS and save it as .pptx": "旧格式；请用 PowerPoint 或 WPS 打开，另存为 .pptx",
    "a picture; text in it is not read": "是图片；不识别图中的文字",
    "sound or video; not text": "是音频或视频，没有文字",
    "an archive; unpack it and add the folder": "是压缩包；请解压后加入文件夹",
    "format not known; if it is text, name it .txt": "不认识这种格式；如果是文本，请改名为 .txt",
    "not a regular file": "不是普通文件",
    "a link; links are not followed, add what it points to": "是链接，不跟随；请加入它指向的文件",
    "hidden; add it by its own path if it is wanted": "是隐藏文件；需要的话请单独写出它的路径",
    "its name is not valid UTF-8; rename it": "文件名不是 UTF-8；请改名",
    "left by an office program while a document is open": "办公软件打开文档时留下的临时文件",
    "empty now, and its documents in the library ({count}) are kept: see that it is mounted, or take them out with `qa remove`": "文件夹空了，资料库里来自它的 {count} 份文档仍保留：检查它是否已挂载，或用 qa remove 移除",
    "folder cannot be opened: {what}": "文件夹打不开：{what}",
    "there is no folder {name}: check the encoder's path": "没有 {name} 这个文件夹：检查向量模型的路径",
    "no such file or folder; check the path": "没有这个文件或文件夹；请检查路径",
    "a link that leads nowhere or in a circle; add the file itself": "这个链接指向的东西不存在，或绕成了圈；请加入原来的文件",
    "{path}: a link that leads nowhere or in a circle; add the file itself": "链接 {path} 指向的东西不存在，或绕成了圈；请加入原来的文件",
    "{path}: no such file or folder; check the path": "没有 {path} 这个文件或文件夹：检查路径",
    # documents and archives
    "damaged, or not a PDF file; open it and save it anew": "已损坏，或不是 PDF 文件；请打开后重新保存",
    "damaged, or not {ending} ({what}); open it and save it anew": "已损坏，或不是 {ending} 文件（{what}）；请打开后重新保存",
    "damaged, or not {ending}; open it and save it anew": "已损坏，或不是 {ending} 文件；请打开后重新保存",
    "damaged: its XML cannot be read": "已损坏：其中的 XML 读不了",
    "a scan: its pages are pictures without words; have them recognised (OCR) first": "是扫描件：各页只有图像、没有文字；请先做文字识别（OCR）",
    "its text layer names no characters that can be read; have it recognised (OCR) first": "文字层是乱码，读不出字；请先做文字识别（OCR）",
    "needs a password; save a copy without one": "有密码；请另存一份不带密码的",
    "protected against copying; get it without protection": "有版权保护；请换没有保护的版本",
    "no EPUB book; open it and save it anew": "不是 EPUB 电子书；请打开后重新保存",
    "no OpenDocument file; open it and save it anew": "不是 OpenDocument 文件；请打开后重新保存",
    "no mail message; save it from the mail program as .eml": "不是邮件；请在邮件软件里另存为 .eml",
    "a message of too many parts": "邮件的部分太多",
    "its text is in no encoding known: byte {place} breaks it": "认不出正文的编码（第 {place} 字节不合）",
    'reading {ending} needs {name}: pip install "cited-qa[files]"': '读 {ending} 要用 {name}：pip install "cited-qa[files]"',
    "too large or too deep to be read; split it": "太大或层次太深，读不了；请拆分",
    "an old office file named {again}; open it and save it as {ending}": "是旧格式的文件，只是名为 {again}；请打开后另存为 {ending}",
    "unpacks to {size} MB, far more than a document holds; not opened": "解开有 {size} MB，远超正常文档；不打开",
    "reading took longer than {time} s and was stopped; split it": "读了超过 {time} 秒，已停止；请拆分",
    "its reader broke down ({what}): damaged, or too large; open it and save it anew": "读取时中断（{what}）：文件损坏或太大；请打开后重新保存",
    "larger than {size} MB; split it": "超过 {size} MB；请拆分",
    "damaged, or not a zip file; pack it anew": "已损坏，或不是 zip 文件；请重新打包",
    "damaged in its archive; pack it anew": "在压缩包里已损坏；请重新打包",
    "holds more than {count} files; unpack it and add the folder": "里面的文件超过 {count} 个；请解压后加入文件夹",
    "unpacks to {size} MB; unpack it and add the folder": "解开有 {size} MB；请解压后加入文件夹",
    "unpacks to {size} MB, more than any text; not read": "解开有 {size} MB，不像是文档；不读",
    "encrypted; unpack the archive with its password and add the folder": "已加密；请用密码解压后加入文件夹",
    "hidden in its archive; unpack it if it is wanted": "在压缩包里是隐藏文件；需要的话请解压",
    "its path leads out of the archive; not read": "路径指向压缩包之外；不读",
    "an archive within an archive; unpack it and add the folder": "压缩包里的压缩包；请解压后加入文件夹",
    "empty; pack it anew, or take out with `qa remove` what came of it": "里面没有文件；请重新打包，库里来自它的文档可用 qa remove 移除",
    "{count} formulas without values; open it in Excel and save it": "有 {count} 个公式没有存下数值；请用 Excel 打开后保存",
    "slides {numbers}: hidden; not read": "第 {numbers} 张幻灯片：已隐藏，不读",
    "the sheet {name} is hidden; not read": "工作表 {name} 已隐藏，不读",
    "the attachment {name} is not read; save it and add it": "附件 {name} 没有读；请另存后加入",
    "pages {numbers}: {what}": "第 {numbers} 页：{what}",
    "no words, only pictures or nothing": "没有文字，只有图像或空白",
    "damaged": "已损坏",
    # what is in a file
    "the file is empty": "文件是空的",
    "there is no text in it": "里面没有文字",
    "cannot be read: {what}": "读不了：{what}",
    "no encoding is called {encoding}": "没有叫 {encoding} 的编码",
    "this is a {name} file: name it {ending}": "其实是 {name} 文件：请改名为 {ending}",
    "this is an {name} file: name it {ending}": "其实是 {name} 文件：请改名为 {ending}",
    "this is an old office file: open it and save it as .docx, .xlsx or .pptx": "其实是旧格式的办公文件：请打开后另存为 .docx、.xlsx 或 .pptx",
    "this is a picture, whatever its name says; text in it is not read": "其实是图片；不识别图中的文字",
    "not a text file: a zero byte at byte {place}": "不是文本文件（第 {place} 字节是零）",
    "not {encoding}: byte {place} of line {line} breaks it; is the encoding right?": "不是 {encoding}（第 {line} 行第 {place} 字节不合）；编码写对了吗？",
    "line {line} is {other}, the rest {encoding}; save all of it as UTF-8": "第 {line} 行是 {other}，其余是 {encoding}；请统一另存为 UTF-8",
    "not text in any encoding known: byte {place} of line {line} is not {encoding}; save it as UTF-8 or name its encoding with --encoding": "认不出编码（第 {line} 行第 {place} 字节不合 {encoding}）；请另存为 UTF-8，或用 --encoding 写明编码",
    "not in an encoding for Chinese, it reads like {encoding}: name its encoding with --encoding or save it as UTF-8": "不是中文编码，像是 {encoding}；请用 --encoding 写明编码，或另存为 UTF-8",
    # what verify finds
    "the file is gone": "原文件不在了",
    "paragraph {number} does not stand where the library says": "第 {number} 段不在库中记录的位置上",
    "paragraph {number} is no longer there: the file has changed": "第 {number} 段已不在原处：原文件改动过",
    "missing in the term index: {count} (passages {ids})": "词项索引里缺 {count} 个段落（编号 {ids}）",
    "in the term index and not in the database: {count} (passages {ids})": "词项索引里多出数据库没有的 {count} 个段落（编号 {ids}）",
    "more than once in the term index: {count} (passages {ids})": "词项索引里重复的 {count} 个段落（编号 {ids}）",
    "missing in the vector file: {count} (passages {ids})": "向量文件里缺 {count} 个段落（编号 {ids}）",
    "another vector in the vector file: {count} (passages {ids})": "向量文件里向量不同的 {count} 个段落（编号 {ids}）",
    "in the vector file and not in the database: {count} (passages {ids})": "向量文件里多出数据库没有的 {count} 个段落（编号 {ids}）",
    "not found by all of their words: {count} (passages {ids})": "用自己的词找不全的 {count} 个段落（编号 {ids}）",
    "the term index is of generation {before}, the database of {now}": "词项索引是第 {before} 代，数据库是第 {now} 代",
    # the library
    "{folder} cannot be opened: {what}": "{folder} 打不开：{what}",
    "{folder} holds no library: make one with `qa add PATH --library {again}`": "{folder} 不是资料库：用 qa add 路径 --library {again} 新建一个",
    "{folder} holds other things and no library: name a new or an empty folder": "{folder} 里是别的东西，不是资料库：换一个新的或空的文件夹",
    "cannot make {folder}: {what}": "建不了文件夹 {folder}：{what}",
    "{folder} is being written to by another process: try again when it is done": "{folder} 正由另一个进程写入：等它结束后再试",
    "{folder} holds a library already: restore into a new folder": "{folder} 里已有资料库：请恢复到新的文件夹",
    "{file} is there already: name a new file, or delete it": "{file} 已经存在：换一个文件名，或先删掉它",
    "{file}: no such file; check the path": "没有 {file} 这个文件：检查路径",
    "{file} is a folder: name a file in it": "{file} 是文件夹：写上里面的文件名",
    "{file} is no backup of a library: name another file": "{file} 不是资料库的备份：换一个文件",
    "{file} is damaged ({what}): use another backup": "{file} 已损坏（{what}）：换一份备份",
    "{file} cannot be used ({what}): check the path and the disk": "{file} 用不了（{what}）：检查路径和磁盘",
    "{file} cannot be written ({what}): free some space and try again": "{file} 写不下（{what}）：腾出空间后再试",
    "{file} is empty: restore a copy of it": "{file} 是空的：恢复一份备份",
    "{folder} was made with {what} {before}, this is {now}: run `qa rebuild`, or open it as it was made": "{folder} 建立时的{what}是 {before}，现在是 {now}：运行 qa rebuild，或按原来的设置打开",
    "{folder} was made with {what}: run `qa rebuild`, or open it as it was made": "{folder} 建立时用的是{what}：运行 qa rebuild，或按原来的设置打开",
    "another version of the encoder {name}": "另一版的向量模型 {name}",
    "{folder} has the older library format {before} and may only be read: have someone who may write there open it once, as with `qa status`": "{folder} 是旧的第 {before} 版格式，又只能读：请能写入的人打开一次，如运行 qa status",
    "{folder} has library format {before}, this version reads {now}: make a new library and add the documents again": "{folder} 的格式是第 {before} 版，本程序只读第 {now} 版：新建一个资料库，重新加入文档",
    "encoder": "向量模型",
    "format": "格式",
    "dimensions": "向量维数",
    "words": "分词",
    "splitting": "分段规则",
    "{folder} is damaged ({what}): delete it, it is made again": "{folder} 已损坏（{what}）：删掉它，会重新生成",
    "{file} is damaged ({what}): restore a copy": "{file} 已损坏（{what}）：恢复备份",
    "nothing of {path} is in the library: see what is with `qa list`": "资料库里没有 {path}：有哪些文档见 qa list",
    "no passage has the id {number}: ids are shown by `qa search`": "没有编号为 {number} 的段落：编号见 qa search",
    # settings
    "language is {value}: set QA_LANGUAGE or language in {file} to zh or en": "不支持的语言 {value}：把 QA_LANGUAGE 或 {file} 里的 language 设为 zh 或 en",
    "{name} is {value}: set {variable} or {again} in {file} to on or off": "{name} 不能是 {value}：把 {variable} 或 {file} 里的 {again} 设为 on 或 off",
    "dictionary {file} cannot be read ({what}): give a UTF-8 text file": "词典 {file} 读不了（{what}）：应是 UTF-8 文本文件",
    "synonyms {file} cannot be read ({what}): give a UTF-8 text file": "同义词表 {file} 读不了（{what}）：应是 UTF-8 文本文件",
    "{file}, line {number}: {what}": "{file} 第 {number} 行：{what}",
    "it has more than one {again}: write one line for each": "有不止一个 {again}：分成几行写",
    "it holds one word only: write the words that mean the same beside it": "只有一个词：把意思相同的词写在旁边",
    "it holds {count} words, more than {most}: write several lines": "有 {count} 个词，超过 {most} 个：请分成几行写",
    "it holds a zero byte: save the file as UTF-8 text": "含有零字节：请另存为 UTF-8 文本文件",
    "a side of {again} is empty: write words on both": "{again} 有一边是空的：两边都要有词",
    "{word} is longer than {count} characters: shorten it": "{word} 超过 {count} 个字符：请缩短",
    "{word} holds no letter and no character: take it out": "{word} 里没有字：请去掉",
    "{file} cannot be read ({what}): give a UTF-8 file": "{file} 读不了（{what}）：应是 UTF-8 文本文件",
    "{file} cannot be read ({what}): correct it": "{file} 读不了（{what}）：请改正",
    "it is not UTF-8": "不是 UTF-8",
    "{file} sets {name}, which is not a setting: use {names}": "{file} 里的 {name} 不是设置项：可用的有 {names}",
    "{file}: {name} must be a table: write {header} above it": "{file} 里的 {name} 应是一张表：在它上面写 {header}",
    "{file}: {name} must be a text in quotes": "{file} 里的 {name} 应写成带引号的文字",
    "spam {pattern} is no pattern ({why}): correct it, or write \\ before signs": "spam 里的 {pattern} 不是正则表达式（{why}）：请改正，或在符号前加 \\",
    "the spam pattern {pattern} takes too long on it: not applied, write it simpler": "spam 里的 {pattern} 在这份文档上太慢，没有用它；请改写得简单些",
    "the spam pattern {pattern} would hide nearly all of it: not applied, write it narrower": "spam 里的 {pattern} 会隐去几乎整份文档，没有用它；请改得更具体",
    "nothing in it can be found: it is all signs, or taken for noise (see rules_off)": "其中没有可查找的内容：全是符号，或都被当作噪声（见 rules_off）",
    "no rule is called {name}: use {names}": "没有叫 {name} 的规则：可用的有 {names}",
    '{file}: {name} must be a list of texts, such as {again} = ["…"]': '{file} 里的 {name} 应写成文字的列表，如 {again} = ["…"]',
    'following folders needs watchfiles: pip install "cited-qa[files]"': '跟踪文件夹要用 watchfiles：pip install "cited-qa[files]"',
    # settings of the bot
    "{file}: {name} must be a table: write {table} above it": "{file} 里的 {name} 应是一个表：在它上面写 {table}",
    "{file} holds {name}, which is secret: write {other} there": "{file} 里有 {name}，不该写在那里：改写 {other}",
    "{table} in {file} sets {name}: use {names}": "{file} 的 {table} 里没有 {name} 这个设置项：可用的有 {names}",
    "{name} is not a setting: use {names}": "没有 {name} 这个设置项：可用的有 {names}",
    "there is no bot token: set {name}, or {other} to a file with the one that BotFather gave": "没有机器人令牌：把 BotFather 给的令牌写入 {name}，或用 {other} 指明存放它的文件",
    "the bot token is not like 123456:ABC: copy it again from BotFather": "机器人令牌的样子不对（应如 123456:ABC）：请从 BotFather 重新复制",
    "the setting {name} is {value}: {what}": "设置项 {name} 的值 {value} 不能用：{what}",
    "write it in quotes": "要写在引号里",
    "give zh, zh_hant or en": "应是 zh、zh_hant 或 en",
    "give a whole number from {low} to {high}": "应是 {low} 到 {high} 的整数",
    "give true or false": "应是 true 或 false",
    "give the ids that /id shows": "应是 /id 显示的编号",
    "give an address that begins with {scheme}": "应是以 {scheme} 开头的地址",
    "give names with their folders, as in {example}": "应是名称和文件夹，例如 {example}",
    "a webhook needs {name}, or {other}: give 1 to 256 letters, digits, _ or -": "用 webhook 要设 {name} 或 {other}：1 到 256 个字母、数字、_ 或 -",
    "Telegram refuses the bot token: copy it again from BotFather": "Telegram 不认这个机器人令牌：请从 BotFather 重新复制",
    "Telegram refuses the webhook ({reason}): correct webhook_url": "Telegram 不接受这个 webhook（{reason}）：请改正 webhook_url",
    "cannot listen on {address} port {port} ({what}): free it, or set webhook_listen and webhook_port": "{address} 的端口 {port} 用不了（{what}）：把它空出来，或另设 webhook_listen 和 webhook_port",
    "{file} is in use by another bot: stop it, or give this one its own by {name}": "{file} 正由另一个机器人使用：先停掉它，或用 {name} 另设一个",
    "{file} cannot be used ({what}): correct it": "{file} 用不了（{what}）：请改正",
    "webhook_path is {path}, which tells how the bot is: give another path": "webhook_path 不能是 {path}，那里报告机器人的状况：请换一个路径",
    # question files
    "{file} holds no question, {what}": "{file} 里没有可用的题：{what}",
    "line {line}: {what}": "第 {line} 行：{what}",
    "it is empty": "文件是空的",
    "not JSON": "不是 JSON",
    "not a JSON object": "不是 JSON 对象",
    "question is missing or empty": "缺少 question 或它是空的",
    "{file} is a folder: give a UTF-8 file": "{file} 是文件夹：请给出 UTF-8 文件",
    "{share} is no share of false answers: give more than 0 and less than 1": (
        "{share} 不是误答比例：应大于 0、小于 1"
    ),
    "answerable is false, yet there is evidence": "answerable 是 false，却给了 evidence",
    "evidence without a letter or digit: {text}": "依据里没有文字或数字：{text}",
    "evidence must be a list of {{doc, text}}": "evidence 应是由 {{doc, text}} 组成的列表",
    "answer must be a text, answers a list of texts": "answer 应是文字，answers 应是文字的列表",
    "turns must be a list of questions, at least one": "turns 应是问题的列表，至少一个",
    "each turn takes question, evidence and perhaps change": "turns 里每一项应有 question、evidence，可有 change",
    "no field is called {name}": "没有叫 {name} 的字段",
    "neither evidence nor passage_id": "既没有 evidence 也没有 passage_id",
    "{file} line {line} is not a passage: it takes id, text and perhaps title": "{file} 第 {line} 行不是段落：应有 id、text，可有 title",
    "no document {name} in the library": "资料库里没有 {name} 这份文档",
    "this evidence stands in no passage of {name}, only in a heading or in what was taken for noise: {text}": "这句依据不在 {name} 的任何段落里，只在小标题或被当作广告的文字里：{text}",
    "this evidence does not stand in {name}: {text}": "{name} 里没有这句依据：{text}",
    "{count} questions without an answer are too few to calibrate with, at least {fewest} are needed: add documents or questions": "没有答案的提问只有 {count} 次，校准至少要 {fewest} 次：请加入文档或补充问题",
    # models
    "there is no folder {name}: check the reranker's path": "没有 {name} 这个文件夹：检查重排模型的路径",
    "the reranker {name} needs sentence-transformers: {command}, or leave the reranker out": "重排模型 {name} 要用 sentence-transformers：{command}，或不用重排模型",
    "the model {name} is no reranker: it takes a CrossEncoder with one output, trained to say how well a passage answers a question": "模型 {name} 不能重排：应是单个输出的 CrossEncoder，训练成判断段落能否回答问题",
    "no word cutter is called {name}: choose jieba or rjieba": "没有叫 {name} 的分词：可选 jieba 或 rjieba",
    'rjieba is not installed: pip install "cited-qa[fast]"': '没有安装 rjieba：pip install "cited-qa[fast]"',
    "{folder} holds no static sentence-transformers model: modules.json must name StaticEmbedding first": "{folder} 里没有静态 sentence-transformers 模型：modules.json 的第一项应是 StaticEmbedding",
    "the model in {folder} cannot be read ({what}); restore the folder or choose another model": "{folder} 里的模型读不了（{what}）：恢复该文件夹，或换一个模型",
    "the model {name} needs sentence-transformers: {command}, or use the model that is built in (builtin)": "模型 {name} 要用 sentence-transformers：{command}，或改用内置模型（builtin）",
    "the folder {folder} holds no sentence-transformers model that can be read: {what}": "文件夹 {folder} 里没有可读的 sentence-transformers 模型：{what}",
    "the model {name} is neither a folder nor in the local cache, and could not be fetched ({error}): check the name, fetch it once where there is a network and give its folder, or use the model that is built in (builtin)": "模型 {name} 不是文件夹，本地缓存里没有，也下载不了（{error}）：检查名称，或在有网络处下载后写出它的文件夹，或改用内置模型（builtin）",
    # what the operating system says
    "Address already in use": "已被占用",
    "Cannot assign requested address": "本机没有这个地址",
    "Permission denied": "没有权限",
    "Is a directory": "是文件夹",
    "Not a directory": "不是文件夹",
    "No such file or directory": "文件不存在",
    "File exists": "已有同名文件",
    "File name too long": "文件名太长",
    "Read-only file system": "磁盘是只读的",
    "No space left on device": "磁盘满了",
    "Input/output error": "磁盘读写出错",
    "Too many open files": "打开的文件太多",
    # what click says of a wrong command line
    "No such command {name}.": "没有 {name} 这个命令。",
    "No such command {name}. Did you mean {other}?": "没有 {name} 这个命令。是想用 {other} 吗？",
    "No such command {name}. (Did you mean one of: {others}?)": "没有 {name} 这个命令。是想用其中之一吗：{others}？",
    "No such option {name}.": "没有 {name} 这个选项。",
    "No such option {name}. Did you mean {other}?": "没有 {name} 这个选项。是想用 {other} 吗？",
    "No such option {name}. (Did you mean one of: {others}?)": "没有 {name} 这个选项。是想用其中之一吗：{others}？",
    "Missing argument {name}.": "缺少参数 {name}。",
    "Missing argument {name}. Choose from:{choices}": "缺少参数 {name}，可选：{choices}",
    "Missing command.": "缺少命令。",
    "Option {name} requires an argument.": "选项 {name} 后面要有一个值。",
    "Option {name} does not take a value.": "选项 {name} 后面不能有值。",
    "Got unexpected extra argument ({names})": "多出了参数：{names}",
    "Got unexpected extra arguments ({names})": "多出了参数：{names}",
    "Invalid value for {name}: {what}": "{name} 的值不对：{what}",
    "{value} is not a valid integer.": "{value} 不是整数。",
    "{value} is not a valid integer range.": "{value} 不是整数。",
    "{value} is not in the range {range}.": "{value} 不在范围 {range} 内。",
    "{value} is not one of {choices}.": "{value} 不是 {choices} 之一。",
    "{value} is no share between 0% and 100%: write 5% or 0.05.": "{value} 不是 0% 与 100% 之间的比例：写成 5% 或 0.05。",
    # last: what begins with a name
    "{name}: {what}": "{name}：{what}",
}


def in_chinese(sentence: str, convert: Callable[[str], str] = str) -> str:
    """Give a sentence of the lower floors in Chinese; one that is not known stays as it is.

    `convert` may put our own words into another script; what is filled in stays as it is.

    >>> in_chinese("cannot be read: Permission denied")
    '读不了：没有权限'
    """
    for pattern, chinese in _patterns():
        match = pattern.fullmatch(sentence)
        if match is None:
            continue
        parts = match.groupdict()
        if "what" in parts:
            parts["what"] = in_chinese(parts["what"], convert)
        return convert(chinese).format(**parts)
    return sentence


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((_pattern(english), chinese) for english, chinese in SENTENCES.items())


def _pattern(english: str) -> re.Pattern[str]:
    """Turn a sentence with {names} into the expression that takes it apart."""
    literal = re.split(r"(?<!\{)\{(\w+)\}(?!\})", english)
    parts = [
        f"(?P<{part}>.+?)" if at % 2 else re.escape(part.replace("{{", "{").replace("}}", "}"))
        for at, part in enumerate(literal)
    ]
    return re.compile("".join(parts), re.DOTALL)
