"""Command routes, problem+json, health, and the app of a service."""

from shared.http.app import service_app
from shared.http.commands import command_routes
from shared.http.problems import Problem
from shared.http.runtime import Runtime, real_clock
from shared.http.who import AsOf, Caller, CampaignId, CaseId, UnitId, check_may_read, check_operates, runtime_of

__all__ = [
    "AsOf",
    "Caller",
    "CampaignId",
    "CaseId",
    "Problem",
    "Runtime",
    "UnitId",
    "check_may_read",
    "check_operates",
    "command_routes",
    "real_clock",
    "runtime_of",
    "service_app",
]
