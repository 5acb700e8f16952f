"""A digest on its way to a real mail server: one mail with the page that is read and the three files that open."""

import email
import email.policy
import io
import socketserver
import sys
import threading
from pathlib import Path

import pytest
from docx import Document
from openpyxl import load_workbook

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "unit"))

from app.post import Postman  # noqa: E402
from dashboards_office import world  # noqa: E402
from model.alert import ChannelConfig  # noqa: E402
from model.duty import DutyRules, Person  # noqa: E402


class Mailbox(socketserver.ThreadingTCPServer):
    """As much of SMTP as taking a mail needs."""

    allow_reuse_address = daemon_threads = True

    def __init__(self):
        self.mails: list[bytes] = []
        super().__init__(("127.0.0.1", 0), _Talk)


class _Talk(socketserver.StreamRequestHandler):
    def handle(self):
        self.wfile.write(b"220 test\r\n")
        while line := self.rfile.readline():
            verb = line[:4].upper().strip()
            if verb == b"DATA":
                self.wfile.write(b"354 go\r\n")
                body = []
                while (part := self.rfile.readline()) not in (b".\r\n", b""):
                    body.append(part.removeprefix(b".") if part.startswith(b"..") else part)
                self.server.mails.append(b"".join(body))
            elif verb == b"QUIT":
                self.wfile.write(b"221 bye\r\n")
                return
            self.wfile.write(b"250 ok\r\n")


@pytest.fixture
def mailbox():
    server = Mailbox()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()


class Rooms:
    def __init__(self, made):
        self.store, self.clock, self.bureau = made.store, made.clock, made.office.bureau


def test_the_mail_arrives_whole_and_its_files_open(tmp_path, mailbox, monkeypatch):
    monkeypatch.setenv("JIANBAO_TEST_MAIL", f"mailto://127.0.0.1:{mailbox.server_address[1]}?from=bureau@a.example&to=li@a.example&mode=insecure")
    made = world(tmp_path, channels=(ChannelConfig("li-mail", "mail", url_env="JIANBAO_TEST_MAIL"),),
                 duty=DutyRules(people=(Person("li", "李处长", ("li-mail",)),)))
    made.fill()
    desk = made.office.digests
    digest = desk.digest(desk.span(""))
    issue = desk.send(digest.span, "李处长", ["li"])
    post = Postman(Rooms(made))
    assert post.run() == 1 and post.run() == 0
    assert [(p.channel, p.state) for p in made.store.posted(issue.id)] == [("li-mail", "done")]
    mail, = (email.message_from_bytes(m, policy=email.policy.default) for m in mailbox.mails)
    assert digest.number in mail["subject"]
    assert f"稿件{digest.total}篇" in mail.get_body(("html",)).get_content()
    files = {a.get_filename().rpartition(".")[2]: a.get_content() for a in mail.iter_attachments()}
    assert sorted(files) == ["docx", "pdf", "xlsx"] and files["pdf"].startswith(b"%PDF-")
    assert any(f"稿件{digest.total}篇" in p.text for p in Document(io.BytesIO(files["docx"])).paragraphs)
    rows = {r[0].value: r[1].value for r in load_workbook(io.BytesIO(files["xlsx"]))["总览"].iter_rows()}
    assert rows["稿件合计"] == digest.total
