"""What `make build` made: code that is compiled already, so that a cold start does not compile it again."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.e2e.deploying import BUILT
from tests.runtime.emulator import LAYERS, PYTHON

pytestmark = pytest.mark.deployed

# Run by the runtime's own Python: only it knows what its compiled code looks like.
STALE = """
import importlib.util, json, pathlib, sys
def stale(source):
    compiled = pathlib.Path(importlib.util.cache_from_source(str(source)))
    if not compiled.exists():
        return "is not compiled"
    head, never_checked = compiled.read_bytes()[:16], (1).to_bytes(4, "little")
    asked = importlib.util.MAGIC_NUMBER + never_checked + importlib.util.source_hash(source.read_bytes())
    return None if head == asked else "was compiled from something else"
found = {str(source): stale(source) for source in pathlib.Path(sys.argv[1]).rglob("*.py")}
print(json.dumps({"looked_at": len(found), "stale": {name: why for name, why in found.items() if why}}))
"""


def compiled(folder: Path) -> tuple[int, dict[str, str]]:
    """How many sources there are, and which of them Python would have to compile."""
    done = subprocess.run([PYTHON, "-c", STALE, folder], capture_output=True, text=True, check=True)
    told = json.loads(done.stdout)
    return told["looked_at"], told["stale"]


@pytest.mark.parametrize("built", [*LAYERS, "SendNoticeFunction", "AcceptReceiptFunction"])
def test_what_is_shipped_is_compiled(built: str) -> None:
    looked_at, stale = compiled(BUILT / built)
    assert looked_at > 0
    assert stale == {}


def test_a_source_that_was_changed_after_it_was_compiled_is_noticed(tmp_path: Path) -> None:
    shutil.copytree(BUILT / "SendNoticeFunction", tmp_path / "built")
    (tmp_path / "built/app.py").write_text("changed = True\n")
    (tmp_path / "built/new.py").write_text("new = True\n")
    _, stale = compiled(tmp_path / "built")
    assert sorted(stale.values()) == ["is not compiled", "was compiled from something else"]


def test_the_layers_hold_what_the_house_reads_beside_its_code() -> None:
    house = LAYERS["ArrearsLayer"] / "python/arrears"
    assert list(house.glob("policy/*.toml"))
    assert list(house.glob("texts/**/*.txt"))


def test_the_layers_fit_into_a_function() -> None:
    # Lambda refuses a function that is larger than 250 MB with its layers unpacked.
    size = sum(file.stat().st_size for layer in LAYERS.values() for file in layer.rglob("*") if file.is_file())
    assert size < 250 * 1024 * 1024
