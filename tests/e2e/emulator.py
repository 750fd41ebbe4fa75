"""MiniStack, started so that a layer is unpacked once for all its workers: each would unpack its own 11,000 files.

Run by the emulator's own Python, which knows nothing of this project.
"""

import hashlib
import os
import sys
import zipfile
from pathlib import Path
from tempfile import gettempdir
from threading import Lock
from typing import Any

UNPACKING = Lock()


class UnpackedOnce(zipfile.ZipFile):
    """A zip that, where it is a layer, is unpacked the first time and linked to from then on."""

    def namelist(self) -> list[str]:
        """What is in it; nothing of a layer, whose every name would be looked at for each worker."""
        return [] if self._layer else super().namelist()

    def extractall(self, path: Any = None, members: Any = None, pwd: Any = None) -> None:
        """Unpacks into the path, or links what is there already."""
        if not self._layer:
            super().extractall(path, members, pwd)
            return
        for unpacked in self._unpacked().iterdir():
            (Path(path) / unpacked.name).symlink_to(unpacked)
        Path(str(self.filename)).unlink()  # 30 MB for each worker, which nobody reads again

    @property
    def _layer(self) -> bool:
        return os.path.basename(str(self.filename)).startswith("layer_")

    def _unpacked(self) -> Path:
        content = repr([(entry.filename, entry.CRC) for entry in self.infolist()])
        shared = Path(gettempdir()) / "layers" / hashlib.sha256(content.encode()).hexdigest()
        with UNPACKING:
            if not shared.exists():
                super().extractall(shared, [entry.filename for entry in self.infolist()])
        return shared


if __name__ == "__main__":
    zipfile.ZipFile = UnpackedOnce  # type: ignore[misc]
    from ministack.app import main  # type: ignore[import-not-found]
    from ministack.services import scheduler  # type: ignore[import-not-found]
    from ministack.services.cloudformation import provisioners  # type: ignore[import-not-found]

    scheduler._SCHEDULE_TICK_INTERVAL = 1  # seconds from one look at the schedules to the next; it would be ten

    for kind in ("Application", "DeploymentGroup"):  # it knows no CodeDeploy: there an alias moves at once
        made = {"create": lambda logical, _, stack: (f"{stack}-{logical}", {}), "delete": lambda *_: None}
        provisioners._RESOURCE_HANDLERS[f"AWS::CodeDeploy::{kind}"] = made

    sys.exit(main())
