"""The words of the chat at the terminal, and of what all faces say to greetings and slips."""

from __future__ import annotations

from collections.abc import Mapping

CHINESE: Mapping[str, str] = {
    "courtesy_greeting": "你好。想查什么，直接输入问题就行。",
    "courtesy_thanks": "不客气。还有要查的，接着问就行。",
    "courtesy_farewell": "再见。",
    "courtesy_who": "我是 qa，一个查文档的程序：从资料库的文档里逐字摘出答案，并注明出处。我不是人，也不用大模型。",
    "courtesy_what_can": "我能从资料库的文档里找出回答问题的原话，并注明在哪份文档、第几段；文档里没有的，我会说没有。用平常的话提问就行。",
    "suggestion": "您是不是想问：{question}",
}

ENGLISH: Mapping[str, str] = {
    "courtesy_greeting": "Hello. Just type what you want to know.",
    "courtesy_thanks": "You are welcome. Just ask if there is more.",
    "courtesy_farewell": "Goodbye.",
    "courtesy_who": "I am qa, a program that looks things up: I quote answers from the documents of the library word for word and say where they stand. I am not a person, and no language model.",
    "courtesy_what_can": "I find the words in the library's documents that answer a question, and say in which document and paragraph they stand. What the documents do not say, I do not know either. Ask in plain words.",
    "suggestion": "Did you mean: {question}",
}
