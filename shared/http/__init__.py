"""Command routes, problem+json, health, and the app of a service."""

from shared.http.app import Runtime, service_app
from shared.http.commands import command_routes
from shared.http.problems import Problem
from shared.http.who import Caller, CaseId, runtime_of

__all__ = ["Caller", "CaseId", "Problem", "Runtime", "command_routes", "runtime_of", "service_app"]
