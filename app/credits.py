"""The desk of credits of one house, and its papers as files."""

from __future__ import annotations

from pathlib import Path

from app.house import House
from config.entry import Report
from config.schemes import read_schemes, shipped_scheme, shipped_schemes
from config.tree import read_tree
from dashboards import circular_docx, circular_xlsx, statement_docx
from model.circular import Annual, Circular, Letter, Statement
from model.credit import Scheme
from model.errors import ConfigError
from pipelines.credit_desk import CreditDesk


def desk(house: House) -> CreditDesk:
    return CreditDesk(house.store, house.bureau, house.clock, lambda: shipped(house))


def shipped(house: House) -> dict[str, Scheme]:
    """The schemes that come with the software, read over the bureau's outlets, by key."""
    outlets = {o.id: o for o in house.bureau().outlets}
    return {s.key: s for name in shipped_schemes() for s in read_schemes(Report(), [shipped_scheme(name)], outlets)}


def scheme_named(house: House, name: str) -> Scheme:
    """A scheme by the name of a shipped one, its key, or a file.  Raises ConfigError or ValueError."""
    if name in shipped_schemes():
        roots = [shipped_scheme(name)]
    elif Path(name).is_file():
        roots = [read_tree(Path(name), Path(name).name)]
    else:
        held = desk(house).shipped()
        found = held.get(name) or next((s for s in held.values() if s.id == name), None)
        if found is None:
            raise ValueError(f"没有积分办法“{name}”；可以写：{'、'.join(shipped_schemes())}，或一个 yaml 文件")
        return found
    report = Report()
    read = read_schemes(report, roots, {o.id: o for o in house.bureau().outlets})
    if report.faults or not read:
        raise ConfigError(report.faults)
    return read[0]


def write_circular(house: House, folder: Path, period: str, letter: Letter) -> list[Path]:
    """docx and xlsx.  Raises DoesNotLeave (a ValueError) when parts and totals do not agree or something is left to fill in."""
    held = desk(house)
    held.book_claims()
    made: Circular = held.circular(period, letter)
    return _both(folder, circular_docx.title_of(made), made, circular_docx.write, circular_xlsx.write)


def write_statement(house: House, folder: Path, unit_id: str, period: str) -> list[Path]:
    made: Statement = desk(house).statement(unit_id, period)
    return _both(folder, f"{made.line.label}{made.label}积分对账单", made, statement_docx.write, circular_xlsx.write_statement)


def write_annual(house: House, folder: Path, year: str) -> list[Path]:
    made: Annual = desk(house).annual(year)
    return _both(folder, f"{year}年度积分汇总", made, statement_docx.write_annual, circular_xlsx.write_annual)


def _both(folder: Path, stem: str, paper, write_docx, write_xlsx) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    stem = stem.translate({ord(c): "_" for c in '/\\:*?"<>|'})
    paths = [folder / f"{stem}.docx", folder / f"{stem}.xlsx"]
    write_docx(paper, paths[0])
    write_xlsx(paper, paths[1])
    return paths
