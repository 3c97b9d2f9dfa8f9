"""The closed vocabularies of the house: every word beside its Chinese label. This folder is the glossary."""

from shared.terms.accountability import *
from shared.terms.ending import *
from shared.terms.handling import *
from shared.terms.petitions import *
from shared.terms.reporting import *
from shared.terms.supervising import *
from shared.terms.term import *
