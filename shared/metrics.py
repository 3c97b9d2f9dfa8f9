"""What a service counts, for Prometheus. Labels are services, origins and kinds; never a case, a person or a subject."""

from prometheus_client import Counter, Gauge, Histogram

COMMANDS = Counter("huajie_commands_total", "Commands by outcome", ["service", "command", "outcome"])
COMMAND_SECONDS = Histogram("huajie_command_seconds", "Seconds from request to answer", ["service"])
RELAYED = Counter("huajie_facts_relayed_total", "Facts published to the bus", ["service"])
RELAY_LAG = Gauge("huajie_relay_lag", "Events of the log not yet on the bus", ["service"])
RELAY_RESYNCS = Counter("huajie_relay_resyncs_total", "Times the relay went back to the stream's tail", ["service"])
HEARD = Counter("huajie_facts_heard_total", "Facts taken in from the bus", ["service", "origin"])
UNKNOWN = Counter("huajie_facts_unknown_total", "Facts of a type this version does not know", ["service"])
LISTEN_LAG = Gauge("huajie_listen_lag", "Facts waiting on the bus", ["service", "origin"])
LISTEN_RESTARTS = Counter("huajie_listen_restarts_total", "Lost or restarted consumers", ["service", "origin"])
SWEEP_AGE = Gauge("huajie_sweep_age_seconds", "Seconds since the last sweep on record", ["service"])
UNWATCHED = Gauge("huajie_unwatched_cases", "Open cases that the last sweep found nobody would ask again", ["service"])
PARKED = Gauge("huajie_facts_parked", "Facts that wait because their case could not be handled", ["service"])
