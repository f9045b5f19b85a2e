"""Every word the program says of its own, in 中文 and English, by key.

Values may hold `{names}` for str.format, and `{count:file|files}` for a number with its noun. A key
stands in both languages or in neither (tested). What the floors below say is in `qa/reasons.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from string import Formatter
from typing import Any

from embeddings.errors import EmbeddingsError
from qa.errors import LibraryDamaged, QAError, ReadingError
from qa.reasons import in_chinese

_CHINESE: Mapping[str, str] = {
    # answers
    "confidence": "把握 {percent}%",
    "not_found": "文档里没有找到答案。",
    "closest": "最接近的段落（不算答案）：",
    "copies": "另有 {count} 处内容相同：{places}",
    "between_places": "；",
    "nothing": "没有找到相关段落。",
    "question_empty": "问题是空的：请输入想问的话",
    "library_empty": "资料库是空的：先用 qa add 路径 加入文档",
    "paragraph": "第 {number} 段",
    "page": "第 {number} 页",
    "characters": "字符 {start}–{end}",
    "passage_id": "编号 {number}",
    "score": "得分 {score:.2f}",
    "length": "{count} 字",
    "noise_left_out": "（另有 {count} 个字符是广告或导航，未显示；加 --noise 查看）",
    "query_empty": "查询是空的：请输入要找的词句",
    # adding and removing
    "adding": "加入文档",
    "verifying": "核对原文",
    "rebuilding": "重建资料库",
    "measuring": "逐题测量",
    "report": "新增 {added}，更新 {updated}，未变 {unchanged}，移除 {removed}；共 {documents} 份文档、{passages} 个段落",
    "failed": "未读入 {path}：{reason}",
    "skipped": "跳过 {path}：{reason}",
    "more_skipped": "另跳过 {count} 个（加 -v 全部列出）",
    "nothing_to_add": "没有可加入的文件：能读的是 .txt、.md 和 .html",
    "some_failed": "{count} 个文件未读入，原因见上；其余的都已加入",
    "removed": "已移除 {path}",
    "interrupted": "已中断",
    "interrupted_add": "已中断：写入的都已保存，再运行一次即可接着加入",
    "interrupted_rebuild": "已中断：资料库还是原来的样子",
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
    "verified": "{documents} 份文档、{passages} 个段落，全部与原文一致",
    "problems": "{documents} 份文档、{passages} 个段落，{problems} 处与原文不符：用 qa add 更新，或用 qa remove 移除",
    "rebuilt": "已重建：{documents} 份文档、{passages} 个段落",
    "check_ok": "正常",
    "check_bad": "有误",
    "check_skipped": "未查",
    "doctor_database": "数据库完整",
    "doctor_encoder": "模型能用，算出的向量与库中一致",
    "doctor_indexes": "索引与数据库一致",
    "doctor_quotes": "每个段落都在原文的位置上",
    "doctor_word": "找得到两字词",
    "doctor_name": "找得到词典里没有的名称",
    "doctor_traditional": "用繁体字找得到简体原文",
    "doctor_simplified": "用简体字找得到繁体原文",
    "separator": "、",
    "tried": "试了：{terms}",
    "not_returned": "没有找回：{terms}",
    "nothing_to_try": "文档里没有可试的",
    "damage": "{damage}",
    "counts": "段落 {passages}，词项 {terms}，向量 {vectors}",
    "orphans": "{count} 个段落不属于任何文档",
    "misplaced": "{count} 个段落不在其位，编号 {ids}",
    "vectors_differ": "编号 {ids} 的向量与重新算出的不同",
    "vectors_agree": "{name}，核对了 {count} 个段落",
    "doctor_restore": "数据库有误：恢复备份，或删掉 {folder} 后重新加入文档",
    "doctor_failed": "{count} 项检查未通过：运行 qa rebuild，再运行一次 qa doctor",
    # measuring
    "measured": "{questions} 题：{answerable} 题有答案，{unanswerable} 题没有",
    "asked_again": "{count} 道有答案的题去掉依据所在的文档再问一遍，算没有答案的",
    "answered": "有答案的答出",
    "answered_rightly": "引自依据",
    "answered_wrongly": "引自别处",
    "quotes_with_answer": "摘句含有答案",
    "quote_chars": "摘句平均字数",
    "refused": "没有答案的拒答",
    "false_answers": "没有答案的误答",
    "auroc": "把握的 AUROC",
    "calibration_error": "把握的校准误差",
    "bin_confidence": "把握",
    "bin_questions": "题数",
    "bin_mean": "平均把握",
    "bin_right": "实际答对",
    "median_ms": "一问耗时（中位）",
    "p99_ms": "一问耗时（99%）",
    "line_problem": "第 {line} 行：{reason}",
    "more_problems": "另有 {count} 处（加 -v 全部列出）",
    "miss": "未排第一：{id} {question}",
    "miss_first": "第 1 位：{path} 第 {paragraph} 段  得分 {score:.2f}",
    "miss_evidence": "依据，第 {place} 位：{path} 第 {paragraph} 段  得分 {score:.2f}",
    "miss_nowhere": "依据不在前 {depth} 位",
    "miss_nothing": "什么也没有找到",
    "miss_signals": "信号（第 1 位的、依据的）：",
    "false_answer": "误答：{id} {question}  把握 {percent}%",
    "false_answer_again": "去掉依据后误答：{id} {question}  把握 {percent}%",
    "refusal": "有答案而未答：{id} {question}  把握 {percent}%",
    "preparing": "为题集建临时资料库",
    "preparing_baseline": "建 BM25 索引",
    # calibrating
    "calibrating": "逐题校准",
    "calibrated": "{questions} 题：文档里有答案的问了 {answerable} 次，没有的问了 {unanswerable} 次",
    "calibrated_made": "由文档造出 {questions} 题：有答案的问了 {answerable} 次，抽去答案的问了 {unanswerable} 次",
    "before": "原来",
    "after": "现在",
    "threshold": "阈值",
    "calibration_reset": "已取消本库的校准，阈值恢复为 {threshold:.2f}",
    "calibrate_set": "{file} 问的是它自带的段落，不是这个资料库：换一份问题文件",
    "reset_alone": "--reset 不能与问题文件同用",
    "threshold_shipped": "{threshold:.2f}（出厂）",
    "threshold_own": "{threshold:.2f}（为本库校准）",
    "threshold_outdated": "{threshold:.2f}（出厂；本库的校准是换模型或版本之前做的，未采用：再运行 qa calibrate）",
    "reranker": "重排模型",
    # faults
    "error": "错误：",
    "unexpected": "程序出错（{name}）：{message}；加 -v 查看详情",
    "system": "{file}：{reason}",
    "disk_full": "{folder} 所在的磁盘满了或写不进去：腾出空间后再运行一次，此前写入的都在",
    "no_access": "打不开 {folder}：检查文件夹是否存在、是否可写",
    "busy": "{folder} 正忙：稍后再试",
    "damaged": "{folder} 里的 library.db 已损坏：恢复备份，或删掉该文件夹后重新加入文档",
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
    "help_measure": "用一份问题文件（每行一个 JSON）测量排序、拒答和速度。",
    "help_calibrate": "为这个资料库校准把握和阈值；不给文件就由文档造题。",
    "help_doctor": "逐项试过，证明资料库是好的。",
    "help_completion": "输出命令补全脚本（bash、zsh 或 fish）。",
    "help_option_library": "资料库文件夹 [默认：QA_LIBRARY，否则 ./library]",
    "help_option_json": "以 JSON 输出结果",
    "help_option_k": "最多几条 [默认：{default}]",
    "help_option_verbose": "多说一些：日志，以及出错时的调用栈",
    "help_option_context": "前后各显示几段",
    "help_option_noise": "连同被识别为广告或导航的文字一起显示",
    "help_option_explain": "显示得分由哪些信号组成",
    "help_option_misses": "列出没有排在第一的题和信号，以及误答和未答的题",
    "help_option_without_evidence": "去掉依据所在的文档再问一遍，看是否拒答",
    "help_option_against": "同样的段落，用分词 BM25 排一遍作比较",
    "help_option_false_answers": "没有答案的问题中，最多误答多大比例 [默认：{default}]",
    "help_option_reset": "取消本库的校准，恢复出厂的",
    "help_option_help": "显示帮助并退出",
    "help_option_version": "显示版本并退出",
    "help_example": "例：{example}",
    "help_usage": "用法：",
    "help_Options": "选项：",
    "help_Commands": "命令：",
    "help_try": "详见 {command} --help",
    "metavar_options": "[选项]",
    "metavar_command": "命令 …",
    "metavar_paths": "路径…",
    "metavar_question": "问题…",
    "metavar_query": "词句…",
    "metavar_passage": "编号",
    "metavar_file": "文件",
    "metavar_file_or_none": "[文件]",
    "metavar_shell": "bash|zsh|fish",
}

_ENGLISH: Mapping[str, str] = {
    "confidence": "confidence {percent}%",
    "not_found": "The documents do not answer this.",
    "closest": "What came nearest (not an answer):",
    "copies": "the same in {count:other place|other places}: {places}",
    "between_places": "; ",
    "nothing": "Nothing found.",
    "question_empty": "the question is empty: type what you want to know",
    "library_empty": "the library is empty: add documents first with qa add PATH",
    "paragraph": "paragraph {number}",
    "page": "page {number}",
    "characters": "characters {start}–{end}",
    "passage_id": "id {number}",
    "score": "score {score:.2f}",
    "length": "{count:character|characters}",
    "noise_left_out": "({count} more characters are adverts or navigation; --noise shows them)",
    "query_empty": "the query is empty: type what to look for",
    "adding": "Adding documents",
    "verifying": "Checking sources",
    "rebuilding": "Rebuilding the library",
    "measuring": "Measuring",
    "report": "{added} added, {updated} updated, {unchanged} unchanged, {removed} removed; {documents:document|documents}, {passages:passage|passages} in all",
    "failed": "not read {path}: {reason}",
    "skipped": "skipped {path}: {reason}",
    "more_skipped": "{count} more skipped (-v lists them all)",
    "nothing_to_add": "nothing to add: .txt, .md and .html files are read",
    "some_failed": "{count:file|files} not read, see above; the rest was added",
    "removed": "removed {path}",
    "interrupted": "interrupted",
    "interrupted_add": "interrupted: what was written stays, run it again to go on",
    "interrupted_rebuild": "interrupted: the library is as it was",
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
    "verified": "{documents:document|documents}, {passages:passage|passages}, all as in their sources",
    "problems": "{documents:document|documents}, {passages:passage|passages}, {problems} not as in their sources: bring them up to date with qa add, or qa remove them",
    "rebuilt": "rebuilt: {documents:document|documents}, {passages:passage|passages}",
    "check_ok": "ok",
    "check_bad": "bad",
    "check_skipped": "--",
    "doctor_database": "the database is sound",
    "doctor_encoder": "the encoder works, and gives the vectors that are stored",
    "doctor_indexes": "the indexes agree with the database",
    "doctor_quotes": "every passage stands in its place",
    "doctor_word": "a two-character word is found",
    "doctor_name": "a name unknown to the dictionary is found",
    "doctor_traditional": "Traditional characters find Simplified text",
    "doctor_simplified": "Simplified characters find Traditional text",
    "separator": ", ",
    "tried": "tried {terms}",
    "not_returned": "did not come back: {terms}",
    "nothing_to_try": "the documents hold nothing to try",
    "damage": "{damage}",
    "counts": "{passages} passages, {terms} in the term index, {vectors} vectors",
    "orphans": "{count:passage belongs|passages belong} to no document",
    "misplaced": "{count:passage is|passages are} out of place, id {ids}",
    "vectors_differ": "the vector of id {ids} is not what the encoder gives",
    "vectors_agree": "{name}, {count:passage|passages} compared",
    "doctor_restore": "the database is damaged: restore a copy, or delete {folder} and add the documents again",
    "doctor_failed": "{count:check|checks} failed: run qa rebuild, then qa doctor again",
    "measured": "{questions:question|questions}: {answerable} answerable, {unanswerable} not",
    "asked_again": "{count:answerable one|answerable ones} asked again without the documents of the evidence",
    "answered": "answerable answered",
    "answered_rightly": "from evidence",
    "answered_wrongly": "from elsewhere",
    "quotes_with_answer": "quote holds the answer",
    "quote_chars": "characters of a quote",
    "refused": "unanswerable refused",
    "false_answers": "unanswerable answered",
    "auroc": "AUROC of confidence",
    "calibration_error": "calibration error",
    "bin_confidence": "confidence",
    "bin_questions": "questions",
    "bin_mean": "mean",
    "bin_right": "right",
    "median_ms": "one question (median)",
    "p99_ms": "one question (99 %)",
    "line_problem": "line {line}: {reason}",
    "more_problems": "{count} more (-v lists them all)",
    "miss": "not first: {id} {question}",
    "miss_first": "place 1: {path} paragraph {paragraph}  score {score:.2f}",
    "miss_evidence": "evidence, place {place}: {path} paragraph {paragraph}  score {score:.2f}",
    "miss_nowhere": "the evidence is not among the first {depth}",
    "miss_nothing": "nothing was found",
    "miss_signals": "signals (of place 1, of the evidence):",
    "false_answer": "answered, unanswerable: {id} {question}  confidence {percent}%",
    "false_answer_again": "answered without its evidence: {id} {question}  confidence {percent}%",
    "refusal": "not answered, answerable: {id} {question}  confidence {percent}%",
    "preparing": "Making a library of the set",
    "preparing_baseline": "Indexing for BM25",
    "calibrating": "Calibrating",
    "calibrated": "{questions:question|questions}: asked {answerable} times with an answer in the documents, {unanswerable} times without",
    "calibrated_made": "{questions:question|questions} made from the documents: asked {answerable} times as they are, {unanswerable} times with the answer left out",
    "before": "before",
    "after": "now",
    "threshold": "threshold",
    "calibration_reset": "the library's own calibration is gone, the threshold is {threshold:.2f} again",
    "calibrate_set": "{file} asks about passages of its own, not about this library: use another question file",
    "reset_alone": "--reset takes no question file",
    "threshold_shipped": "{threshold:.2f} (as shipped)",
    "threshold_own": "{threshold:.2f} (calibrated for this library)",
    "threshold_outdated": "{threshold:.2f} (as shipped; the library's own calibration is of another model or version and not used: run qa calibrate again)",
    "reranker": "reranker",
    "error": "error: ",
    "unexpected": "the program failed ({name}): {message}; -v shows more",
    "system": "{file}: {reason}",
    "disk_full": "the disk of {folder} is full or fails: free some space and run it again, what was written is kept",
    "no_access": "{folder} cannot be opened: check that it exists and may be written",
    "busy": "{folder} is busy: try again in a moment",
    "damaged": "library.db in {folder} is damaged: restore a copy, or delete the folder and add the documents again",
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
    "help_calibrate": "Fit confidence and threshold to this library (without a file: to made questions).",
    "help_doctor": "Prove the library sound by trying it.",
    "help_completion": "Print the completion script for bash, zsh or fish.",
    "help_option_library": "the library's folder [default: QA_LIBRARY, else ./library]",
    "help_option_json": "print results as JSON",
    "help_option_k": "at most how many [default: {default}]",
    "help_option_verbose": "say more: the log, and tracebacks of errors",
    "help_option_context": "how many neighbours before and after",
    "help_option_noise": "show adverts and navigation too",
    "help_option_explain": "show the signals a score is made of",
    "help_option_misses": "list misses with their signals, false answers and refusals",
    "help_option_without_evidence": "ask again without the documents of the evidence: is it refused?",
    "help_option_against": "rank the same passages by plain BM25 over words, to compare",
    "help_option_false_answers": "share of unanswerable questions that may be answered [default: {default}]",
    "help_option_reset": "go back to the calibration that ships",
    "help_option_help": "show this and exit",
    "help_option_version": "show the version and exit",
    "help_example": "Example: {example}",
    "help_usage": "Usage: ",
    "help_Options": "Options:",
    "help_Commands": "Commands:",
    "help_try": "see {command} --help",
    "metavar_options": "[OPTIONS]",
    "metavar_command": "COMMAND …",
    "metavar_paths": "PATH…",
    "metavar_question": "QUESTION…",
    "metavar_query": "QUERY…",
    "metavar_passage": "ID",
    "metavar_file": "FILE",
    "metavar_file_or_none": "[FILE]",
    "metavar_shell": "bash|zsh|fish",
}

_LANGUAGES: Mapping[str, Mapping[str, str]] = {"zh": _CHINESE, "en": _ENGLISH}


class _Counting(Formatter):
    """str.format, where `{count:file|files}` gives 1 file, 2 files."""

    def format_field(self, value: Any, format_spec: str) -> str:  # noqa: ANN401 - Formatter's own
        one, bar, many = format_spec.partition("|")
        if not bar:
            return str(super().format_field(value, format_spec))
        return f"{value} {one if value == 1 else many}"


_FORMATTER = _Counting()


class Messages:
    """The program's words in one language, `zh` or `en`."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._words = _LANGUAGES[language]

    def __call__(self, key: str, **values: object) -> str:
        """Give the words for a key with the values filled in; an unknown key raises KeyError."""
        return _FORMATTER.vformat(self._words[key], (), values)

    def say(self, sentence: str) -> str:
        """Give a sentence of the floors below, which speak English, in this language."""
        return in_chinese(sentence) if self.language == "zh" else sentence


def table(language: str) -> Mapping[str, str]:
    """Give all words of a language by key."""
    return _LANGUAGES[language]


def explain(error: Exception, words: Messages) -> str:
    """Say in one line what went wrong and what to do, in the language of `words`."""
    message = " ".join(str(error).split())
    match error:
        case LibraryDamaged():
            return words(error.fault, folder=error.folder)
        case ReadingError():
            return words("failed", path=error.path, reason=words.say(error.reason))
        case QAError() | EmbeddingsError():
            return words.say(message)
        case OSError() if error.strerror:
            return words("system", file=error.filename or "", reason=words.say(error.strerror))
    return words("unexpected", name=type(error).__name__, message=message)
