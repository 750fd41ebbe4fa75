"""What would happen if a run were made of this export now: counted, compared, judged, and told without a name."""

from arrears.work.preview.counting import Counted, counted
from arrears.work.preview.outlook import Outlook, Told, outlook
from arrears.work.preview.page import page
from arrears.work.preview.texts import cents

__all__ = ["Counted", "Outlook", "Told", "cents", "counted", "outlook", "page"]
