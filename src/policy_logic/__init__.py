"""policy-logic: support policies applied exactly, with a proof of every yuan.

>>> import policy_logic
>>> decision = policy_logic.plan("facts/examples/datong-studio.yaml")
>>> decision.totals.potential > 0
True
"""

from policy_logic.api import load_cases, plan, planner, why
from policy_logic.decide.decision import Decision
from policy_logic.decide.planning import Planner, program_version
from policy_logic.decide.report import decision_json
from policy_logic.errors import FactsError, PolicyLogicError, RequestError, RulebookError
from policy_logic.rulebook.load import load_rulebook

__version__ = program_version()

__all__ = [
    "Decision",
    "FactsError",
    "Planner",
    "PolicyLogicError",
    "RequestError",
    "RulebookError",
    "__version__",
    "decision_json",
    "load_cases",
    "load_rulebook",
    "plan",
    "planner",
    "why",
]
