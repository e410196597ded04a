"""What stands here is imported when it is first used; see :mod:`hedgerow.figures`."""

from .discovery import box as box
from .discovery import threshold_map as threshold_map
from .lines import alignment_over_time as alignment_over_time
from .lines import difference_over_time as difference_over_time
from .maps import alignment_map as alignment_map
from .maps import map_difference as map_difference
from .meetings import meetings_by_month as meetings_by_month
from .meetings import meetings_by_partner as meetings_by_partner
from .movers import who_moves as who_moves
from .output import as_csv as as_csv
from .output import as_png as as_png
from .output import as_svg as as_svg
from .output import describe as describe
from .output import save as save
from .regions import alignment_by_region as alignment_by_region
from .sensitivity import indices as indices
from .sensitivity import responses as responses
from .sensitivity import screening as screening
from .sensitivity import shares as shares
from .sensitivity import tornado as tornado
from .spending import costs as costs
from .terms import explain_terms as explain_terms
from .tradeoffs import acceptability as acceptability
from .tradeoffs import front as front
from .tradeoffs import policies as policies
from .tradeoffs import regrets as regrets
