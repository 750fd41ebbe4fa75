"""The house: which room may know which, and how large a room may grow."""

import ast
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
HOUSE = ROOT / "layers" / "arrears" / "arrears"

# The floors, from the ground up. A room imports from lower floors, and from its own floor only without a circle.
FLOORS = (
    {"model"},
    {"policy"},
    {"calendar"},
    {"phones", "rules", "guards", "wording", "compliance", "plain", "explain", "letters"}
    | {"payment", "creditor", "sample", "scratch", "intake", "receipts", "ledger", "page", "outcomes"},
    {"ports"},
    {"work"},
    {"settings", "adapters"},
    {"wiring"},
    {"cli", "functions", "__main__"},
)
FLOOR = {room: floor for floor, rooms in enumerate(FLOORS) for room in rooms}
INNER = FLOOR["ports"]
OUTSIDE_WORLD = {"boto3", "botocore", "os", "time", "logging", "aws_lambda_powertools", "requests", "urllib3", "socket"}
SOURCES = sorted(HOUSE.rglob("*.py")) + sorted((ROOT / "functions").rglob("*.py"))


def room_of(file: Path) -> str:
    """The room that a file belongs to: its first folder or its own name."""
    if HOUSE not in file.parents:
        return "functions"
    first = file.relative_to(HOUSE).parts[0]
    return first.removesuffix(".py")


def imports_of(file: Path, *, at_run_time: bool = True) -> set[str]:
    """The dotted names that a file imports; what stands under TYPE_CHECKING is not imported when it runs."""
    tree = ast.parse(file.read_text("utf-8"))
    if at_run_time:
        for node in ast.walk(tree):
            if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
                node.body = [ast.Pass()]
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def rooms_known_by(file: Path) -> set[str]:
    """The rooms of the house that a file imports from."""
    known = {name.split(".")[1] for name in imports_of(file) if name.startswith("arrears.")}
    return known - {room_of(file)}


def named(file: Path) -> str:
    """The file as it is called in a test's name."""
    return str(file.relative_to(ROOT))


@pytest.mark.parametrize("file", SOURCES, ids=named)
def test_a_room_knows_only_rooms_below_it(file: Path) -> None:
    if file.parent == HOUSE and file.name == "__init__.py":
        return
    above = {room for room in rooms_known_by(file) if FLOOR[room] > FLOOR[room_of(file)]}
    assert not above, f"{named(file)} reaches up to {sorted(above)}"


def test_every_room_has_its_floor() -> None:
    rooms = {room_of(file) for file in SOURCES} - {"__init__"}
    assert not rooms - set(FLOOR), "a new room needs its place in FLOORS"


def test_no_two_rooms_know_each_other() -> None:
    knows = {room: set[str]() for room in FLOOR}
    for file in SOURCES:
        knows.setdefault(room_of(file), set()).update(rooms_known_by(file))
    circles = [(one, other) for one in knows for other in knows[one] if one < other and one in knows.get(other, ())]
    assert not circles


@pytest.mark.parametrize("file", [f for f in SOURCES if FLOOR.get(room_of(f), 99) <= INNER], ids=named)
def test_inner_rooms_know_nothing_of_the_outside_world(file: Path) -> None:
    outside = {name.split(".")[0] for name in imports_of(file)} & OUTSIDE_WORLD
    assert not outside, f"{named(file)} is an inner room and imports {sorted(outside)}"


@pytest.mark.parametrize("file", [f for f in SOURCES if room_of(f) == "work"], ids=named)
def test_errands_reach_the_street_only_through_ports(file: Path) -> None:
    assert not {name.split(".")[0] for name in imports_of(file)} & OUTSIDE_WORLD


@pytest.mark.parametrize("file", SOURCES, ids=named)
def test_only_front_doors_the_cli_and_the_wiring_know_both_errands_and_adapters(file: Path) -> None:
    both = {"work", "adapters"} <= rooms_known_by(file) | {room_of(file)}
    assert not both or room_of(file) in ("functions", "cli", "wiring")


@pytest.mark.parametrize("file", SOURCES, ids=named)
def test_no_inner_room_and_no_errand_reads_the_clock(file: Path) -> None:
    if FLOOR.get(room_of(file), 99) > FLOOR["work"]:
        return
    called = {
        ast.unparse(node.func) for node in ast.walk(ast.parse(file.read_text("utf-8"))) if isinstance(node, ast.Call)
    }
    clocks = {name for name in called if name.endswith((".today", ".now", ".utcnow"))}
    assert not clocks, f"{named(file)} reads a clock: {sorted(clocks)}; the date is an argument"


@pytest.mark.parametrize("file", sorted((ROOT / "functions").rglob("app.py")), ids=named)
def test_a_front_door_is_short(file: Path) -> None:
    code = [
        line
        for line in file.read_text("utf-8").splitlines()
        if line.strip() and not line.startswith(("import", "from"))
    ]
    assert len(code) <= 50


@pytest.mark.parametrize("file", SOURCES, ids=named)
def test_no_room_outgrows_one_thought(file: Path) -> None:
    assert len(file.read_text("utf-8").splitlines()) <= 250


@pytest.mark.parametrize("file", SOURCES, ids=named)
def test_no_function_is_longer_than_a_page(file: Path) -> None:
    functions = [n for n in ast.walk(ast.parse(file.read_text("utf-8"))) if isinstance(n, ast.FunctionDef)]
    long = {f.name: (f.end_lineno or 0) - f.lineno + 1 for f in functions if (f.end_lineno or 0) - f.lineno + 1 > 40}
    assert not long


def test_no_commit_holds_a_registry_address_or_a_path_of_a_machine() -> None:
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout.decode()
    registries = [f"{name}.{end}" for name, end in (("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"))]
    paths = ["/" + folder + "/" for folder in ("root", "home/user")]
    for name in filter(None, tracked.split("\0")):
        file = ROOT / name
        if not file.is_file() or file.suffix in {".png", ".pdf", ".ttf", ".otf", ".gz"}:
            continue
        text = file.read_text("utf-8", errors="ignore")
        assert not [address for address in [*registries, *paths] if address in text], name
