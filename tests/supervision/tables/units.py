"""Every worked case of the signs across the cases of a unit."""

from tests.supervision.tables import unit_entries, unit_results

TABLE = unit_entries.TABLE | unit_results.TABLE
WORKED = unit_entries.WORKED | unit_results.WORKED
