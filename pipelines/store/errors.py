"""What may go wrong with the database, said so that the technician knows what to do."""

from __future__ import annotations

import sqlite3
import sys

from sqlalchemy.exc import DBAPIError, TimeoutError as PoolTimeout

# (found in the driver's message, what happened, what to do)
_CAUSES = (
    ("disk is full", "磁盘已满，数据没有写入", "清理磁盘或扩大空间后自动恢复，已入库的数据不受影响"),
    ("database is locked", "数据库长时间被占用", "确认没有其他程序（如数据库查看工具、拷贝备份）正在占用该文件，稍后重试"),
    ("readonly", "数据库文件只读", "检查文件及所在目录的属主和写权限"),
    ("read-only", "数据库文件只读", "检查文件及所在目录的属主和写权限"),
    ("unable to open", "数据库文件打不开", "检查目录是否存在、属主和权限是否正确"),
    ("not a database", "文件不是数据库或已损坏", "停止程序，用最近一次备份替换该文件"),
    ("malformed", "数据库文件已损坏", "停止程序，用最近一次备份替换该文件"),
    ("disk i/o error", "读写磁盘出错", "检查磁盘健康和剩余空间"),
    ("append-only", "台账、舆情记录和审计日志只能追加，不能修改或删除", "用一条更正记录代替修改"),
)


class StoreError(Exception):
    """`what` happened, `where` (file or address without password), `remedy`; all for the screen."""

    def __init__(self, what: str, where: str = "", remedy: str = ""):
        super().__init__(f"{what}（{where}）" + (f"。处理办法：{remedy}" if remedy else ""))
        self.what, self.where, self.remedy = what, where, remedy


# (first digits of the SQLSTATE, what happened, what to do)
_STATES = (
    ("53100", "数据库磁盘已满，数据没有写入", "在数据库服务器上清理磁盘或扩大空间后自动恢复，已入库的数据不受影响"),
    ("53300", "数据库连接数已满", "在数据库上调大 max_connections，或减少处理进程"),
    ("53", "数据库服务器资源不足", "检查数据库服务器的内存和磁盘"),
    ("28", "数据库不认这个用户或口令", "检查数据库地址里的用户、口令和 pg_hba.conf"),
    ("3D000", "没有这个数据库", "先建库：createdb 库名"),
    ("42501", "数据库用户权限不足", "让该用户成为库的属主"),
    ("25006", "数据库只读", "检查是否连到了备用节点，或磁盘已满"),
    ("55P03", "数据库长时间被占用", "确认没有其他程序长时间锁住表，稍后重试"),
    ("57P", "数据库正在停止或重启", "等数据库启动后自动恢复"),
    ("08", "连不上数据库", "检查数据库是否启动、地址和端口、防火墙"),
)


def explained(error: Exception, where: str) -> StoreError | None:
    """The `StoreError` for a driver's error that a person can mend, None for a fault of the program."""
    if isinstance(error, PoolTimeout):
        return StoreError("同时使用数据库的请求过多", where, "稍后重试；若经常出现，请减少同时打开的页面")
    cause = error.orig if isinstance(error, DBAPIError) else error
    psycopg = sys.modules.get("psycopg")               # loaded where a database of its kind was opened
    if psycopg and isinstance(cause, psycopg.Error):
        return _of_state(cause, where, isinstance(cause, psycopg.OperationalError))
    return _of_message(str(cause), where) if isinstance(cause, sqlite3.Error) else None


def _of_message(message: str, where: str) -> StoreError | None:
    message = message.lower()
    for found, what, remedy in _CAUSES:
        if found in message:
            return StoreError(what, where, remedy)
    return None


def _of_state(cause: Exception, where: str, operational: bool) -> StoreError | None:
    state = cause.sqlstate or ""
    if not state and operational:          # not let in: the driver passes on only what the server said
        said = str(cause)
        state = "28" if "authentication" in said else "3D000" if "database" in said and "does not exist" in said else "08"
    for digits, what, remedy in _STATES:
        if state.startswith(digits):
            return StoreError(what, where, remedy)
    return _of_message(str(cause), where) if state == "P0001" else None
