"""What supervision 督查 says, a file per topic. It speaks of units and officials, never of petitioners."""

from shared.events.supervision.campaigns import *
from shared.events.supervision.findings import *
from shared.events.supervision.inspections import *
from shared.events.supervision.notices import *
from shared.events.supervision.policies import *
from shared.events.supervision.retaliation import *
from shared.events.supervision.spoken import *
from shared.events.supervision.suggestions import *
from shared.events.supervision.sweeps import *
from shared.events.supervision.treatments import *
from shared.events.supervision.units import *
from shared.events.supervision.years import *
