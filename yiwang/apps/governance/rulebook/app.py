"""智运中心制度体系 rulebook (R35): the 1+1+N set of policies and who keeps the district's rules.

The rules themselves are books of the engine `rulebooks`; a policy names the books it governs. The report counts 1+1+11
policies and names none of their members, so the set is configuration and its first members are proposals marked as
such. Who writes and who publishes is a proposal too.
"""

from __future__ import annotations

from yiwang.apps.governance.rulebook.rights import EDIT_POLICIES
from yiwang.engines.directory.spec import Role
from yiwang.engines.rulebooks.api import EDIT_RULES, PUBLISH_RULES
from yiwang.kernel.app import App

RULE_MANAGER = Role(
    key="rule_manager",
    title="规则管理员",
    scope="district",
    at=("data",),
    may=(EDIT_RULES, PUBLISH_RULES, EDIT_POLICIES),
)
RULE_REVIEWER = Role(key="rule_reviewer", title="规则审核员", scope="district", may=(PUBLISH_RULES,))

APP = App(
    key="rulebook",
    title="制度体系",
    net="governance",
    rows=("R35",),
    figures={"policies": 13},
    parts=(RULE_MANAGER, RULE_REVIEWER),
)
