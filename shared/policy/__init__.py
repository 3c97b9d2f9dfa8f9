"""A policy (督查口径): the limits, thresholds and lists by which a verdict goes. Pure: text in, a value out.

Lawful limits differ by place and year, so none is a constant of the code; and a new value is a new version, always.
"""

from shared.policy.checklists import Checklist, ChecklistItem
from shared.policy.overlays import load_policies, whole_policies
from shared.policy.reading import PolicyError, in_force, line_of, load_policy, read_table
from shared.policy.rules import RuleTable, RuleTables
from shared.policy.values import Policy, Progress, Rung, Why

__all__ = [
    "Checklist",
    "ChecklistItem",
    "Policy",
    "PolicyError",
    "Progress",
    "RuleTable",
    "RuleTables",
    "Rung",
    "Why",
    "in_force",
    "line_of",
    "load_policies",
    "load_policy",
    "read_table",
    "whole_policies",
]
