"""The first articles of the knowledge base: own words about what people ask a district most. Proposals, to be reviewed.

They say whom to turn to and what to bring, and leave amounts and dates to what the office in charge publishes.
"""

from __future__ import annotations

from pathlib import Path

import orjson

from yiwang.apps.governance.direct_line.models import Article
from yiwang.apps.governance.direct_line.services.knowledge import seed_articles
from yiwang.engines.datahub.api import ensure_tables
from yiwang.engines.directory.api import system_actor

CONTENTS = Path(__file__).with_name("articles.json")


def seed(district: str) -> str:
    """The fact table, and the articles into an empty knowledge base; a sentence of how many, '' when there are some."""
    ensure_tables()
    if Article.objects.exists():
        return ""
    contents = [{**one, "valid_until": None} for one in orjson.loads(CONTENTS.read_bytes())]
    return f"知识库 {seed_articles(system_actor('知识库初始内容'), contents)} 篇"
