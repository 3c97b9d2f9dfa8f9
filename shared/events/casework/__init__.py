"""What casework 办案 says: a file per topic."""

from shared.events.casework.acceptance import *
from shared.events.casework.citations import *
from shared.events.casework.closing import *
from shared.events.casework.commitments import *
from shared.events.casework.contact import *
from shared.events.casework.demands import *
from shared.events.casework.documents import *
from shared.events.casework.funds import *
from shared.events.casework.inquiry import *
from shared.events.casework.leadership import *
from shared.events.casework.meetings import *
from shared.events.casework.opinion import *
from shared.events.casework.plan import *
from shared.events.casework.progress import *
from shared.events.casework.recusal import *
from shared.events.casework.review import *
from shared.events.casework.settlement import *
from shared.events.casework.spoken import *
