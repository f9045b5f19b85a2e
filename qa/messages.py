"""Every word the program says of its own, in 中文 and English, by key.

Values may hold `{names}` for str.format. A key stands in both languages or in neither (tested).
"""

from __future__ import annotations

from collections.abc import Mapping

from qa.errors import (
    LibraryDamaged,
    LibraryLocked,
    LibraryNotFound,
    LibraryOutdated,
    PassageNotFound,
    QAError,
    ReadingError,
    SourceNotFound,
)

_CHINESE: Mapping[str, str] = {
    # answers
    "confidence": "把握 {percent}%",
    "not_found": "文档里没有找到答案。",
    "closest": "最接近的段落（不算答案）：",
    "nothing": "没有找到相关段落。",
    "question_empty": "问题是空的：请输入想问的话",
    "library_empty": "资料库是空的：先用 qa add 路径 加入文档",
    "paragraph": "第 {number} 段",
    "page": "第 {number} 页",
    "characters": "字符 {start}–{end}",
    "passage_id": "编号 {number}",
    "score": "得分 {score:.2f}",
    "noise_left_out": "（另有 {count} 个字符是广告或导航，未显示；加 --noise 查看）",
    # adding and removing
    "adding": "加入文档",
    "verifying": "核对原文",
    "rebuilding": "重建资料库",
    "measuring": "逐题测量",
    "report": "新增 {added}，更新 {updated}，未变 {unchanged}，移除 {removed}；共 {documents} 份文档、{passages} 个段落",
    "failed": "未读入：{path}：{reason}",
    "skipped": "跳过：{path}：{reason}",
    "nothing_to_add": "没有可读的文件：支持 .txt .md .html；用 qa add --help 查看",
    "some_failed": "有 {count} 个文件未能读入，原因见上；其余已加入",
    "removed": "已移除：{path}",
    "interrupted": "已中断：此前写入的都保留着，再运行一次同样的命令即可继续",
    # status, verify, rebuild, doctor
    "folder": "资料库",
    "documents": "文档",
    "passages": "段落",
    "disk": "占用磁盘",
    "encoder": "向量模型",
    "cutter": "分词",
    "splitting": "分段规则",
    "indexes": "索引",
    "indexes_value": "词项 {terms}；向量 {in_file}（文件）+ {in_memory}（内存）",
    "encoder_value": "{name}（{dimensions} 维）",
    "verified": "{documents} 份文档、{passages} 个段落，与原文全部一致",
    "problems": "{documents} 份文档、{passages} 个段落，{problems} 处与原文不符",
    "rebuilt": "已重建：{documents} 份文档、{passages} 个段落",
    "check_ok": "正常",
    "check_bad": "有问题",
    "check_skipped": "未检查",
    "doctor_database": "数据库完整",
    "doctor_encoder": "向量模型可用",
    "doctor_indexes": "索引与数据库一致",
    "doctor_word": "能找到文档中的两字词",
    "doctor_name": "能找到词典里没有的名称",
    "doctor_quotes": "每个段落都在原文的位置上",
    "doctor_failed": "有 {count} 项检查未通过：运行 qa rebuild 后再试",
    # measuring
    "measured": "{questions} 题：{answerable} 题有答案，{unanswerable} 题没有",
    "answered": "有答案的答出",
    "refused": "没有答案的拒答",
    "median_ms": "一问耗时（中位）",
    "p99_ms": "一问耗时（99%）",
    "line_problem": "第 {line} 行：{reason}",
    "miss": "未排第一：{id} {question}",
    # headings of tables
    "column_title": "标题",
    "column_date": "日期",
    "column_path": "路径",
    "column_characters": "字数",
    # faults
    "error": "错误：{message}",
    "LibraryNotFound": "{folder} 不是资料库：用 qa add 路径 --library {folder} 新建（该文件夹须为空或不存在）",
    "LibraryLocked": "{folder} 正由另一个进程写入：等它结束后再试",
    "LibraryOutdated": "{folder} 是用别的模型、分词或分段规则建立的：运行 qa rebuild，或按原来的设置打开（{detail}）",
    "disk_full": "{folder} 所在的磁盘满了或写不进去：腾出空间后再运行一次，此前写入的都在",
    "no_access": "打不开 {folder}：检查文件夹是否存在、是否可写",
    "busy": "{folder} 正忙：稍后再试",
    "damaged": "{folder} 里的 library.db 已损坏：恢复备份，或删掉该文件夹后重新加入文档",
    "SourceNotFound": "没有 {path}：检查路径；库中已有的文档见 qa list",
    "PassageNotFound": "没有编号为 {passage_id} 的段落：编号见 qa search",
    # help
    "help": "从你自己的文档里逐字摘出答案，并注明出处。",
    "help_add": "把文件或文件夹加入资料库，或更新已加入的。",
    "help_ask": "提一个问题，得到原文摘句和出处。",
    "help_search": "列出与查询相关的段落，从最相关的开始。",
    "help_list": "列出资料库里的文档。",
    "help_show": "显示一个段落，可带上下文；编号见 qa search。",
    "help_remove": "从资料库移除文件或整个文件夹的文档（不动原文件）。",
    "help_status": "显示资料库里有什么、用什么建立。",
    "help_verify": "重读每个原文件，核对引用的文字是否还在原处。",
    "help_rebuild": "用库中保存的文字重新分段、编码、建索引。",
    "help_measure": "用一份问题文件（JSON 行）测量排序、拒答和速度。",
    "help_doctor": "证明资料库是好的：词、生僻名称、索引、模型逐项检查。",
    "help_completion": "输出命令补全脚本：bash、zsh 或 fish。",
    "help_option_library": "资料库文件夹 [默认：QA_LIBRARY，否则 ./library]",
    "help_option_json": "输出 JSON",
    "help_option_k": "最多几条",
    "help_option_verbose": "出错时显示完整调用栈，并输出日志",
    "help_option_context": "前后各显示几段",
    "help_option_noise": "连同被识别为广告或导航的文字一起显示",
    "help_option_explain": "显示得分由哪些信号组成",
    "help_option_help": "显示帮助并退出",
    "help_option_version": "显示版本并退出",
    "help_example": "例：{example}",
}

_ENGLISH: Mapping[str, str] = {
    "confidence": "confidence {percent}%",
    "not_found": "The documents do not answer this.",
    "closest": "What came nearest (not an answer):",
    "nothing": "Nothing found.",
    "question_empty": "the question is empty: type what you want to know",
    "library_empty": "the library is empty: add documents first with qa add PATH",
    "paragraph": "paragraph {number}",
    "page": "page {number}",
    "characters": "characters {start}–{end}",
    "passage_id": "id {number}",
    "score": "score {score:.2f}",
    "noise_left_out": "({count} more characters are adverts or navigation; --noise shows them)",
    "adding": "Adding documents",
    "verifying": "Checking sources",
    "rebuilding": "Rebuilding the library",
    "measuring": "Measuring",
    "report": "{added} added, {updated} updated, {unchanged} unchanged, {removed} removed; {documents} documents, {passages} passages in all",
    "failed": "not read: {path}: {reason}",
    "skipped": "skipped: {path}: {reason}",
    "nothing_to_add": "no readable files: .txt .md .html are read; see qa add --help",
    "some_failed": "{count} files could not be read, see above; the others were added",
    "removed": "removed: {path}",
    "interrupted": "interrupted: what was written stays, run the same command again to go on",
    "folder": "library",
    "documents": "documents",
    "passages": "passages",
    "disk": "disk",
    "encoder": "encoder",
    "cutter": "words",
    "splitting": "splitting",
    "indexes": "indexes",
    "indexes_value": "terms {terms}; vectors {in_file} (file) + {in_memory} (memory)",
    "encoder_value": "{name} ({dimensions} dimensions)",
    "verified": "{documents} documents, {passages} passages, all as in their sources",
    "problems": "{documents} documents, {passages} passages, {problems} not as in their sources",
    "rebuilt": "rebuilt: {documents} documents, {passages} passages",
    "check_ok": "ok",
    "check_bad": "broken",
    "check_skipped": "not checked",
    "doctor_database": "the database is sound",
    "doctor_encoder": "the encoder works",
    "doctor_indexes": "the indexes agree with the database",
    "doctor_word": "a two-character word of the documents is found",
    "doctor_name": "a name unknown to the dictionary is found",
    "doctor_quotes": "every passage stands in its place",
    "doctor_failed": "{count} checks failed: run qa rebuild and try again",
    "measured": "{questions} questions: {answerable} answerable, {unanswerable} not",
    "answered": "answerable answered",
    "refused": "unanswerable refused",
    "median_ms": "one question (median)",
    "p99_ms": "one question (99 %)",
    "line_problem": "line {line}: {reason}",
    "miss": "not first: {id} {question}",
    "column_title": "title",
    "column_date": "date",
    "column_path": "path",
    "column_characters": "characters",
    "error": "error: {message}",
    "LibraryNotFound": "{folder} is not a library: make one with qa add PATH --library {folder} (a new or empty folder)",
    "LibraryLocked": "{folder} is being written to by another process: try again when it is done",
    "LibraryOutdated": "{folder} was made with another model, word cutting or splitting: run qa rebuild, or open it as it was made ({detail})",
    "disk_full": "the disk of {folder} is full or fails: free some space and run it again, what was written is kept",
    "no_access": "{folder} cannot be opened: check that it exists and may be written",
    "busy": "{folder} is busy: try again in a moment",
    "damaged": "library.db in {folder} is damaged: restore a copy, or delete the folder and add the documents again",
    "SourceNotFound": "there is no {path}: check the path; qa list shows what is in the library",
    "PassageNotFound": "no passage has the id {passage_id}: qa search shows ids",
    "help": "Answers questions from your own documents, word for word, with the place.",
    "help_add": "Add files or folders to the library, or bring them up to date.",
    "help_ask": "Ask a question; get the words that answer it, and where they stand.",
    "help_search": "List the passages that match a query, best first.",
    "help_list": "List the documents in the library.",
    "help_show": "Show a passage, with its neighbours if asked; qa search shows ids.",
    "help_remove": "Take files or whole folders out of the library (the files stay).",
    "help_status": "Show what the library holds and what it was made with.",
    "help_verify": "Read every source again and check that what is quoted still stands.",
    "help_rebuild": "Split, encode and index anew from the text the library stores.",
    "help_measure": "Measure ranking, refusal and speed on a question file (JSON lines).",
    "help_doctor": "Prove the library alive: words, unknown names, indexes, encoder.",
    "help_completion": "Print the completion script for bash, zsh or fish.",
    "help_option_library": "the library's folder [default: QA_LIBRARY, else ./library]",
    "help_option_json": "print JSON",
    "help_option_k": "at most how many",
    "help_option_verbose": "show tracebacks, and log to stderr",
    "help_option_context": "how many neighbours before and after",
    "help_option_noise": "show adverts and navigation too",
    "help_option_explain": "show the signals a score is made of",
    "help_option_help": "show this and exit",
    "help_option_version": "show the version and exit",
    "help_example": "Example: {example}",
}

_LANGUAGES: Mapping[str, Mapping[str, str]] = {"zh": _CHINESE, "en": _ENGLISH}


class Messages:
    """The program's words in one language, `zh` or `en`."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._words = _LANGUAGES[language]

    def __call__(self, key: str, **values: object) -> str:
        """Give the words for a key with the values filled in; an unknown key raises KeyError."""
        return self._words[key].format(**values)


def keys(language: str) -> frozenset[str]:
    """Give the keys that a language has words for."""
    return frozenset(_LANGUAGES[language])


def explain(error: Exception, words: Messages) -> str:
    """Say in one line what went wrong and what to do, in the language of `words`."""
    name = type(error).__name__
    match error:
        case LibraryDamaged():
            return words(error.fault, folder=error.folder)
        case LibraryNotFound() | LibraryLocked() | LibraryOutdated():
            return words(name, folder=error.folder, detail=error)
        case SourceNotFound():
            return words(name, path=error.path)
        case PassageNotFound():
            return words(name, passage_id=error.passage_id)
        case ReadingError():
            return words("failed", path=error.path, reason=error.reason)
        case QAError():
            return str(error)
    return " ".join(str(error).split()) or name
