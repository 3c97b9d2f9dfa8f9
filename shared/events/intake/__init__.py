"""What intake 登记认定交办 says: a file per topic."""

from shared.events.intake.backlog import *
from shared.events.intake.dispatching import *
from shared.events.intake.merging import *
from shared.events.intake.organisation import *
from shared.events.intake.queries import *
from shared.events.intake.registering import *
from shared.events.intake.routing import *
from shared.events.intake.spoken import *
