"""Mail: read whatever its shape, one case each, replies, what no person wrote, crashes, and who may look."""

import io
import os
from email.message import EmailMessage

import pytest
from django.test import Client
from PIL import ExifTags, Image

from tests.small_district import ELSEWHERE, HERE
from yiwang.apps.governance.intake import selectors
from yiwang.apps.governance.intake.geocoding import candidates, phrases, sure_place
from yiwang.apps.governance.intake.mail.folder import mail_folder
from yiwang.apps.governance.intake.mail.reading import read_mail
from yiwang.apps.governance.intake.models import Arrival
from yiwang.apps.governance.intake.services import receiving
from yiwang.apps.governance.intake.services.receipts import prepare_receipts
from yiwang.apps.governance.intake.services.receiving import take_mail
from yiwang.engines.cases.api import open_case, seen_cases
from yiwang.engines.directory.api import SYSTEM, User, actor_for
from yiwang.engines.trust.api import history
from yiwang.kernel.errors import NotFound

POINT = (112.9, 23.0)
WANG = "wang.wu@example.cn"


@pytest.fixture
def box(small_district, db, settings, tmp_path):
    settings.YIWANG = {**settings.YIWANG, "YIWANG_MAIL": str(tmp_path / "mail"), "YIWANG_SITE": "https://yiwang.test"}
    return mail_folder()


def deliver(box, raw, name="1.host"):
    (box.root / "new" / name).write_bytes(raw if isinstance(raw, bytes) else raw.as_bytes())
    return name


def letter(text="小学门口路灯连续三晚不亮", subject="路灯不亮", sender=f"王五 <{WANG}>", **headers):
    message = EmailMessage()
    message["From"], message["Subject"] = sender, subject
    message["Message-ID"] = headers.pop("id", "<one@example.cn>")
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    return message


def photo(longitude=None, latitude=None):
    picture, content, exif = Image.new("RGB", (40, 40), "teal"), io.BytesIO(), Image.Exif()
    if longitude is not None:
        position = exif.get_ifd(ExifTags.IFD.GPSInfo)
        for tag, value in ((ExifTags.GPS.GPSLongitude, longitude), (ExifTags.GPS.GPSLatitude, latitude)):
            position[tag] = (int(value), int(value % 1 * 60), round(value * 60 % 1 * 60, 2))
        position[ExifTags.GPS.GPSLongitudeRef], position[ExifTags.GPS.GPSLatitudeRef] = "E", "N"
    picture.save(content, "JPEG", exif=exif)
    return content.getvalue()


def case_of(row):
    assert row.case_id is not None, row.reason
    return seen_cases(SYSTEM, [row.case_id])[row.case_id]


def actor(name):
    return actor_for(User.objects.get(username=name))


def client(name):
    found = Client()
    found.force_login(User.objects.get(username=name))
    return found


GB = "井盖缺失，𬭳路口".encode("gb18030")
HEAD = b"From: =?gb2312?B?" + b"zfXO5Q==" + b"?= <wang.wu@example.cn>\r\nMessage-ID: <x@y.cn>\r\nMIME-Version: 1.0\r\n"
SHAPES = {
    "gb2312 label on gb18030 signs": (
        HEAD + b"Subject: =?GB2312?B?vq6432?=\r\nContent-Type: text/plain; charset=gb2312\r\n\r\n" + GB, "井盖缺失，𬭳路口"
    ),
    "no charset, raw utf-8": (HEAD + "Subject: 井盖\r\n\r\n井盖缺失".encode(), "井盖缺失"),
    "unknown charset": (
        HEAD + b"Content-Type: text/plain; charset=x-martian\r\n\r\n" + "井盖缺失".encode(), "井盖缺失"
    ),
    "quoted-printable": (
        HEAD + b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
        b"=E4=BA=95=E7=9B=\r\n=96=00=08", "井盖"
    ),
    "html only": (
        HEAD + b"Content-Type: text/html; charset=utf-8\r\n\r\n"
        + "<html><head><style>p{}</style></head><p>井盖<b>缺失</b></p><script>x()</script><div>很急&nbsp;!</div>".encode(),
        "井盖缺失\n很急 !",
    ),
    "marks nobody knows in html": (
        HEAD + b"Content-Type: text/html; charset=utf-8\r\n\r\n" + "井盖<![x[</p><p>缺失</p>".encode(), "井盖\n缺失"
    ),
    "broken base64": (
        HEAD + b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n5LqV55uW!!!", "井盖"
    ),
    "multipart that never ends": (
        HEAD + b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n\r\n' + "井盖缺失".encode(), "井盖缺失"
    ),
    "nothing but noise": (os.urandom(300).replace(b"\n\n", b"xx"), None),
}  # fmt: skip


@pytest.mark.parametrize("raw, text", SHAPES.values(), ids=SHAPES)
def test_any_shape_of_mail_is_read(raw, text):
    mail = read_mail(raw)
    assert text is None or (mail.text, mail.sender, mail.sender_name) == (text, WANG, "王五")


def test_of_two_ways_to_say_it_one_is_taken_with_all_pictures():
    message = letter("井盖缺失")
    message.add_alternative("<p>井盖缺失</p><img src='cid:1'>", subtype="html")
    message.get_payload()[1].add_related(photo(), "image", "jpeg", cid="1", filename="现场.jpg")
    outer = letter("请看转发")
    outer.add_attachment(message)
    mail = read_mail(outer.as_bytes())
    assert mail.text == "请看转发\n井盖缺失" and [file.name for file in mail.files] == ["现场.jpg"]


@pytest.mark.parametrize(
    "headers, why",
    [({"Auto_Submitted": "auto-replied"}, "自动"), ({"Auto_Submitted": "no"}, ""), ({"Precedence": "bulk"}, "群发"),
     ({"List_Id": "<a.b>"}, "列表"), ({"Return_Path": "<>"}, "退信"), ({"sender": "MAILER-DAEMON@x.cn"}, "退信"),
     ({"id": "<intake.0192b0c0-0000-7000-8000-000000000000@localhost>"}, "本系统"), ({"X_Autoreply": "yes"}, "自动")],
)  # fmt: skip
def test_what_no_person_wrote_is_known(headers, why):
    mail = read_mail(letter(**headers).as_bytes())
    assert (why in mail.automatic) if why else mail.automatic == ""


def test_a_mail_becomes_one_case_with_place_photos_and_a_receipt(box):
    message = letter("路灯坏了。" + "很黑。" * 300, id="<lamp@example.cn>")
    for number in range(5):
        message.add_attachment(photo(*POINT), "image", "jpeg", filename=f"{number}.jpg")
    message.add_attachment(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(64), "image", "heic", filename="坏的.heic")
    deliver(box, message)
    deliver(box, message, "2.host")
    assert take_mail() == 2
    row = Arrival.objects.get()
    case = case_of(row)
    data = case.state.data
    assert (row.state, data["source"], data["place"]["division"]) == ("opened", "email", f"{HERE}0010001")
    assert len(data["before"]) == 4 and len(data["description"]) <= 500 and data["reporter_name"] == "王五"
    assert data["class_code"] and data["category"] == "lamp" and row.division.startswith(HERE)
    assert WANG not in str(data) and WANG not in row.sender_masked and WANG.encode() not in bytes(row.sender_cipher)
    assert sorted(path.name for path in (box.root / "cur").iterdir()) == ["1.host", "2.host"]
    assert prepare_receipts() == 1 and prepare_receipts() == 0
    receipt = read_mail(next((box.root / "out").iterdir()).read_bytes())
    assert row.number in receipt.subject and f"https://yiwang.test/follow/{row.number}/link/" in receipt.text
    assert "坏的.heic" in receipt.text and receipt.answers == ("<lamp@example.cn>",) and receipt.automatic
    path = receipt.text.split("https://yiwang.test")[1].split()[0]
    assert Client().get(path, follow=True).status_code == 200


def test_a_crash_between_case_and_file_makes_no_second_case(box, monkeypatch):
    deliver(box, letter())
    with monkeypatch.context() as patch, pytest.raises(OSError, match="power"):
        patch.setattr(type(box), "keep", lambda *given: (_ for _ in ()).throw(OSError("power")))
        take_mail()
    assert Arrival.objects.count() == 1 and (box.root / "new" / "1.host").exists()
    assert take_mail() == 1 and Arrival.objects.count() == 1 and not (box.root / "new" / "1.host").exists()


def test_a_mail_that_nobody_can_read_or_keep_holds_up_nobody(box):
    broken = (
        f"From: 王\0五 <{WANG}>\r\nMessage-ID: <a\0b@x.cn>\r\nSubject: 路灯\0不亮\r\n"
        "Content-Type: text/plain; charset*=x%00y''utf-8\r\n"
        "Content-Disposition: attachment; filename*=x%00y''a.txt\r\n\r\n很黑"
    )
    deliver(box, broken.encode())
    deliver(box, b"Content-Type: multipart/mixed; boundary*0=a; boundary*=b\r\n\r\nx", "2.host")
    deliver(box, letter(), "3.host")
    assert take_mail() == 3
    found = Arrival.objects.order_by("file_name").values_list("title", "state")
    assert list(found) == [("路灯不亮", "opened"), ("", "refused"), ("路灯不亮", "opened")]


def test_a_reply_is_a_remark_only_for_the_reporter(box):
    deliver(box, letter())
    take_mail()
    first = Arrival.objects.get()
    answer = {"id": "<two@example.cn>", "In_Reply_To": f"<intake.{first.pk}@localhost>", "subject": "回复：收到"}
    words = "今晚又坏了一盏\n\n-----原始邮件-----\n> 您的上报已收到"
    deliver(box, letter(words, **answer), "2.host")
    numbered = f"Re: [案件 {first.number}] 已收到"
    deliver(box, letter("还有补充", numbered, id="<three@example.cn>"), "3.host")
    deliver(box, letter("我也看到路灯坏了", numbered, "li@example.cn", id="<four@example.cn>"), "4.host")
    assert take_mail() == 3
    states = dict(Arrival.objects.values_list("file_name", "state"))
    assert states == {"1.host": "opened", "2.host": "remark", "3.host": "remark", "4.host": "opened"}
    assert Arrival.objects.get(file_name="2.host").case_id == first.case_id
    remarks = [str(entry.payload) for entry in history(SYSTEM, first.case_id)]
    said = [text for text in remarks if "今晚又坏了一盏" in text]
    assert len(said) == 1 and "您的上报已收到" not in said[0]


def test_mails_for_nobody_wait_for_a_person_who_takes_them(box, settings):
    settings.YIWANG = {**settings.YIWANG, "YIWANG_UPLOAD_LIMIT": 10_000}
    deliver(box, letter("长" * 40_000, id="<large@x.cn>"), "1.large")
    deliver(box, letter("自动回复", Auto_Submitted="auto-replied", id="<auto@x.cn>"), "2.auto")
    deliver(box, letter("路灯不亮", "", "nobody", id="<nobody@x.cn>"), "3.nobody")
    deliver(box, letter(" ", "", id="<empty@x.cn>"), "4.empty")
    deliver(box, letter("甲", id="<same@x.cn>"), "5.first")
    deliver(box, letter("乙", id="<same@x.cn>"), "6.other")
    (box.root / "new" / "7.link").symlink_to(__file__)
    assert not receiving.settle(box, box.root / "new" / "7.link"), "what cannot be opened holds up nobody"
    assert take_mail() == 6
    states = dict(Arrival.objects.values_list("file_name", "state"))
    waits = {"1.large", "3.nobody", "4.empty", "6.other"}
    assert {name for name, state in states.items() if state == "refused"} == waits
    assert states["2.auto"] == "ignored" and states["5.first"] == "opened"
    assert "太大" in (box.root / "refused" / "1.large.reason.txt").read_text("utf-8")
    clerk, row = client("440605-intake_clerk"), Arrival.objects.get(file_name="3.nobody")
    page = clerk.get("/governance/intake/?state=refused").content.decode()
    assert "发件人地址无法识别" in page and page.count('data-row="') == 4
    shown = clerk.get(f"/governance/intake/{row.pk}/").content.decode()
    assert "重新处理" in shown and "路灯不亮" in shown
    answer = clerk.post(f"/governance/intake/{row.pk}/again/", follow=True)
    row.refresh_from_db()
    assert row.state == "opened" and row.number in answer.content.decode()
    assert clerk.post(f"/governance/intake/{row.pk}/again/").status_code == 409
    assert not (box.root / "refused" / "3.nobody").exists()
    prepare_receipts()
    row.refresh_from_db()
    assert row.receipt_at is None, "who left no address got no receipt, and nobody says so"
    empty = Arrival.objects.get(file_name="4.empty")
    assert "没有文字" in clerk.post(f"/governance/intake/{empty.pk}/again/").content.decode()


def test_a_flood_from_one_sender_leaves_the_others(box, monkeypatch):
    monkeypatch.setattr(receiving, "MAILS_AN_HOUR", 2)
    for number in range(5):
        deliver(box, letter(f"垃圾{number}", id=f"<flood{number}@x.cn>"), f"{number}.flood")
    deliver(box, letter("井盖丢了", sender="li@example.cn", id="<honest@x.cn>"), "9.honest")
    take_mail()
    states = list(Arrival.objects.order_by("file_name").values_list("state", flat=True))
    assert states == ["opened"] * 2 + ["refused"] * 3 + ["opened"]


def test_answers_count_so_that_a_mail_loop_ends(box, monkeypatch):
    monkeypatch.setattr(receiving, "MAILS_AN_HOUR", 3)
    deliver(box, letter(), "0.host")
    take_mail()
    first = Arrival.objects.get()
    for number in range(1, 6):
        again = letter(f"本邮箱无人值守{number}", f"Re: [案件 {first.number}]", id=f"<loop{number}@x.cn>")
        deliver(box, again, f"{number}.loop")
        take_mail()
    deliver(box, letter("本邮箱无人值守", "您好", id="<loop9@x.cn>"), "9.loop")
    take_mail()
    states = list(Arrival.objects.order_by("file_name").values_list("state", flat=True))
    assert states == ["opened", "remark", "remark"] + ["refused"] * 4
    assert prepare_receipts() == 1, "what waits for a person is answered by nobody"


def test_a_town_sees_its_own_and_pages_go_by_key(box, django_assert_num_queries):
    message = letter()
    message.add_attachment(photo(*POINT), "image", "jpeg", filename="a.jpg")
    deliver(box, message)
    take_mail()
    row = Arrival.objects.get()
    here, other = actor(f"{HERE}-intake_clerk"), actor(f"{ELSEWHERE}-intake_clerk")
    assert selectors.today(here)["email"] == 1 and selectors.today(other)["email"] == 0
    with pytest.raises(NotFound):
        selectors.arrival_of(other, row.pk)
    assert client(f"{HERE}-handler-water").get("/governance/intake/").status_code == 403
    Arrival.objects.bulk_create(
        Arrival(channel="api", key=str(n), state="opened", division=HERE, at=row.at) for n in range(selectors.SIZE + 3)
    )
    with django_assert_num_queries(1):
        first = selectors.page(here)
    second = selectors.page(here, after=first.after)
    assert len({one.pk for one in first.rows + second.rows}) == selectors.SIZE + 4 and second.after == ""
    assert selectors.page(other).rows == ()


def test_words_become_places_only_as_far_as_the_district_knows(box):
    assert phrases("反映一下，地点：狮山大道1号，路灯坏")[0] == "狮山大道1号"
    assert candidates(SYSTEM, "月球环形山路9号") == [] and sure_place("月球环形山路9号") is None
    data = {
        "category": "lamp",
        "description": "灯坏",
        "place": {"longitude": 112.9, "latitude": 23.0, "address": "狮山大道1号"},
    }
    open_case(SYSTEM, "city_incident.incident", data)
    once = candidates(SYSTEM, "狮山大道1号")
    assert (once[0].kind, once[0].is_sure) == ("address", False)
    open_case(SYSTEM, "city_incident.incident", data)
    found = sure_place("你好，我家在狮山大道1号，灯坏了")
    assert found is not None and (found.longitude, found.latitude) == POINT and "2 件" in found.reasons[0]
    assert sure_place("大沥镇狮山大道1号") is None, "the words name another town"
    data["place"] = {**data["place"], "latitude": 23.1}
    open_case(SYSTEM, "city_incident.incident", data)
    assert sure_place("狮山大道1号") is None, "the same words for places far apart"
    named = candidates(SYSTEM, "狮山镇第一社区有人倒垃圾")
    assert named[0].kind == "division" and named[0].division == f"{HERE}001" and not named[0].is_sure
    page = client(f"{HERE}-intake_clerk").get("/governance/intake/places/", {"q": "狮山大道1号"}).content.decode()
    assert "须由人判断" in page and "相距" in page
    assert "以前有" in page
    page = client(f"{ELSEWHERE}-intake_clerk").get("/governance/intake/places/", {"q": "狮山大道1号"}).content.decode()
    assert "以前有" not in page, "addresses of another town's reporters"
