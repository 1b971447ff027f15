"""What is on the pictures: one harbour bridge, told in three languages, and one entry for every script that we bring no face for."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Block = dict[str, Any]

LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
ADDRESS = "https://example.org/" + "a-very-long-path-" * 9


@dataclass(frozen=True, slots=True)
class Told:
    """One entry, so many minutes ago. `after` is what the desk did to it later: a correction's note, or the reason of a withdrawal."""

    ago: int
    headline: str = ""
    blocks: list[Block] = field(default_factory=list)
    kind: str = "update"
    standing: str = ""
    source: str = ""
    by: str = ""
    key: bool = False
    pinned: bool = False
    corrected: str = ""
    edited: bool = False
    withdrawn: str = ""


@dataclass(frozen=True, slots=True)
class Story:
    language: str
    zone: str
    kicker: str
    title: str
    standfirst: str
    editors: tuple[tuple[str, str], ...]
    entries: tuple[Told, ...]
    news: tuple[str, ...]


def text(*paragraphs: str) -> Block:
    return {"type": "text", "html": "".join(one if one.startswith("<") else f"<p>{one}</p>" for one in paragraphs)}


def points(*items: str) -> Block:
    return {"type": "list", "style": "bullet", "items": list(items)}


def quote(words: str, speaker: str, role: str) -> Block:
    return {"type": "quote", "text": words, "speaker": speaker, "role": role, "source_url": "", "source_label": ""}


def image(key: str) -> Block:
    """`key` names one of the demo's illustrations."""
    return {"type": "image", "image": key}


def card(title: str, author: str, words: str) -> Block:
    return {"type": "embed", "url": "https://www.youtube.com/watch?v=aqz-KE-bpKQ", "title": title, "author": author, "text": words}


ENGLISH = Story(
    language="en",
    zone="Europe/London",
    kicker="Harbour bridge",
    title="Harbour bridge shut in both directions after cargo ship strikes pier",
    standfirst="Engineers are inspecting the centre span. Ferries are running every ten minutes and no injuries have been reported so far.",
    editors=(("Amina Osei", "at the quayside"), ("Tomas Lindqvist", "in the newsroom")),
    entries=(
        Told(
            2,
            "Port authority says bridge will stay closed until Saturday morning",
            [
                text(
                    "The authority’s chief engineer said the centre span had moved by 11 centimetres and could not carry traffic until "
                    "it had been surveyed in daylight."
                )
            ],
            kind="breaking",
            standing="confirmed",
            by="Amina Osei",
            key=True,
        ),
        Told(
            8,
            "Crew reports of engine failure",
            [text("Two crew members told a local radio station that the main engine stopped “a minute, maybe two” before the impact.")],
            standing="unverified",
            source="Radio Harbour",
            by="Tomas Lindqvist",
        ),
        Told(
            23,
            "",
            [quote("You felt it before you heard it. The whole deck rang like a bell.", "Lena Marchetti", "bus driver on the centre span")],
            kind="quote",
            standing="reported",
        ),
        Told(36, "Tugs hold the ship against the fender", [image("square")], kind="image"),
        Told(
            44,
            "What the closure costs an island",
            [
                text(
                    "<p>Nine in ten lorries to the island cross this bridge. The last time it was shut, for <strong>six days</strong> in "
                    "2011, shops ran out of milk on the third.</p>",
                    "<h4>What is different now</h4>",
                    "<ul><li>There are two ferries instead of one</li><li>The hospital keeps its own stock</li></ul>",
                )
            ],
            kind="analysis",
            by="Ines Calder",
        ),
        Told(
            58,
            "Ship carried 41 crew",
            [text("All 14 people aboard the <em>Marit Ellen</em> are accounted for, the coastguard says.")],
            standing="confirmed",
            source="Coastguard",
            corrected="An earlier version said that 41 people were aboard. It is 14.",
        ),
        Told(
            70,
            "A second ship",
            [text("Another ship is said to have touched the pier.")],
            withdrawn="It was the tug, seen from the other side.",
        ),
        Told(
            75,
            "From the coastguard’s channel",
            [card("Aerial view of the north pier", "Harbour Police", "Stay away from the quay.\nDivers are in the water.")],
            standing="disputed",
            edited=True,
        ),
        Told(90, "", [text("Traffic is being turned around at both ramps. Buses 7 and 12 end at the fish market.")], by="Amina Osei"),
        Told(
            102,
            "The bridge is closed; the ship is held by tugs",
            [
                points(
                    "A 190-metre cargo ship lost steering at 12:58 and hit the north pier",
                    "Everyone aboard is accounted for",
                    "The centre span has been cleared of vehicles",
                    "Ferries run every ten minutes from both sides",
                )
            ],
            kind="summary",
            standing="confirmed",
            pinned=True,
        ),
        Told(110, "Centre span cleared of vehicles", [text("The last of 31 cars has been led off.")], key=True, standing="confirmed"),
        Told(1500, "Ship strikes north pier", [text("A cargo ship has hit the bridge.")], key=True),
    ),
    news=("Ferries to run all night", "Divers find no crack below the waterline", "Second inspection begins at first light"),
)

ARABIC = Story(
    language="ar",
    zone="Asia/Riyadh",
    kicker="جسر الميناء",
    title="إغلاق جسر الميناء في الاتجاهين بعد اصطدام سفينة شحن بأحد أعمدته",
    standfirst="يفحص المهندسون الجزء الأوسط من الجسر. تعمل العبّارات كل عشر دقائق ولم تُسجَّل أي إصابات حتى الآن.",
    editors=(("أمينة عوسي", "على الرصيف"), ("Tomas Lindqvist", "in the newsroom")),
    entries=(
        Told(
            2,
            "سلطة الميناء: الجسر مغلق حتى صباح السبت",
            [text("قال كبير المهندسين إن الجزء الأوسط تحرك بمقدار 11 سنتيمتراً ولا يمكنه تحمّل حركة المرور قبل فحصه في ضوء النهار.")],
            kind="breaking",
            standing="confirmed",
            by="أمينة عوسي",
            key=True,
        ),
        Told(
            8,
            "Crew reports of engine failure",
            [text("Two crew members told a local radio station that the main engine stopped “a minute, maybe two” before the impact.")],
            standing="unverified",
            source="Radio Harbour",
            by="Tomas Lindqvist",
        ),
        Told(
            23,
            "",
            [quote("شعرنا به قبل أن نسمعه. كان السطح كله يرنّ مثل جرس.", "لينا ماركيتي", "سائقة حافلة")],
            kind="quote",
            standing="reported",
        ),
        Told(36, "القاطرات تثبّت السفينة", [image("square")], kind="image"),
        Told(
            44,
            "ماذا يعني الإغلاق للجزيرة",
            [
                text(
                    "تمر تسع من كل عشر شاحنات إلى الجزيرة عبر هذا الجسر.",
                    "<h4>ما الذي تغيّر</h4>",
                    "<ul><li>عبّارتان بدلاً من واحدة</li><li>للمستشفى مخزونه الخاص</li></ul>",
                )
            ],
            kind="analysis",
            by="إيناس كالدر",
        ),
        Told(
            58,
            "كان على متن السفينة 41 شخصاً",
            [text("جميع من كانوا على متن السفينة وعددهم 14 بخير، بحسب خفر السواحل.")],
            standing="confirmed",
            source="خفر السواحل",
            corrected="ذكرت نسخة سابقة أن العدد 41. الصحيح 14.",
        ),
        Told(70, "سفينة ثانية", [text("يقال إن سفينة أخرى لمست العمود.")], withdrawn="كانت القاطرة نفسها."),
        Told(75, "من قناة خفر السواحل", [card("منظر جوي", "شرطة الميناء", "ابتعدوا عن الرصيف.")], standing="disputed", edited=True),
        Told(90, "", [text("تُعاد حركة المرور عند المدخلين. الحافلتان 7 و12 تنتهيان عند سوق السمك.")]),
        Told(
            102,
            "الجسر مغلق والسفينة تحت سيطرة القاطرات",
            [points("فقدت سفينة طولها 190 متراً التوجيه عند 12:58", "جميع من كانوا على متنها بخير", "أُخلي الجزء الأوسط من المركبات")],
            kind="summary",
            standing="confirmed",
            pinned=True,
        ),
        Told(110, "إخلاء الجزء الأوسط من المركبات", [text("أُخرجت آخر سيارة من أصل 31.")], key=True, standing="confirmed"),
        Told(1500, "سفينة تصطدم بالعمود الشمالي", [text("اصطدمت سفينة شحن بالجسر.")], key=True),
    ),
    news=("العبّارات تعمل طوال الليل", "الغواصون لم يجدوا أي شق", "فحص ثانٍ مع أول ضوء"),
)

GERMAN = Story(
    language="de",
    zone="Europe/Berlin",
    kicker="Hafenbrücke",
    title=f"{LONG} bestätigt Sperrung der Hafenbrücke",
    standfirst="Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz und Straßenverkehrszulassungsordnung gelten weiter.",
    editors=(("Annegret Freifrau von Schlottenstein-Hohenfels", "Verkehrsinfrastrukturredakteurin"),),
    entries=(
        Told(
            3,
            f"{LONG}: Brücke bleibt gesperrt",
            [text(f"{LONG} <a href='{ADDRESS}'>{ADDRESS}</a>")],
            kind="breaking",
            standing="unverified",
            source=LONG,
            by="Annegret Freifrau von Schlottenstein-Hohenfels",
            key=True,
        ),
        Told(12, LONG, [text(f"<h4>{LONG}</h4>", f"<blockquote><p>{LONG}</p></blockquote>")], kind="analysis", by=LONG),
        Told(20, "", [quote(f"{LONG}!", LONG, LONG)], kind="quote", standing="disputed"),
        Told(33, LONG, [card(LONG, LONG, LONG)], corrected=f"{LONG} 14."),
        Told(41, LONG, [points(LONG, LONG)], kind="summary", standing="confirmed", pinned=True),
        Told(52, LONG, [text(LONG)], withdrawn=LONG, key=True),
    ),
    news=(LONG, "Fähren verkehren", "Taucher im Wasser"),
)

# Faces of the reader's system: what is looked for is that they stand on the line, at a readable size, and break where they should.
SCRIPTS = Story(
    language="en",
    zone="UTC",
    kicker="World",
    title="One message, many scripts",
    standfirst="Each entry is written in another script, on a page in English. Nothing may be clipped.",
    editors=(),
    entries=(
        Told(
            5,
            "港の橋、貨物船が衝突し両方向とも通行止め",
            [text("技術者が中央の橋桁を調べている。けが人は報告されていない。")],
            by="山田 太郎",
        ),
        Told(6, "货船撞击桥墩，海港大桥双向关闭", [text("工程师正在检查中央桥跨。渡轮每十分钟一班，目前没有人员受伤的报告。")]),
        Told(7, "화물선이 교각을 들이받아 항구 다리 양방향 통제", [text("기술자들이 중앙 경간을 점검하고 있다. 다친 사람은 없다.")]),
        Told(8, "मालवाहक जहाज़ की टक्कर के बाद बंदरगाह पुल बंद", [text("इंजीनियर पुल के बीच के हिस्से की जाँच कर रहे हैं। कोई घायल नहीं हुआ है।")]),
        Told(9, "גשר הנמל נסגר לשני הכיוונים", [text("מהנדסים בודקים את המפתח המרכזי. אין נפגעים.")]),
        Told(10, "ปิดสะพานท่าเรือทั้งสองทาง หลังเรือสินค้าชนตอม่อ", [text("วิศวกรกำลังตรวจสอบช่วงกลางของสะพาน ยังไม่มีรายงานผู้บาดเจ็บ")]),
        Told(11, "Мост в порту закрыт в обе стороны", [text("Инженеры осматривают центральный пролёт. О пострадавших не сообщается.")]),
        Told(12, "Η γέφυρα του λιμανιού έκλεισε", [text("Μηχανικοί επιθεωρούν το κεντρικό άνοιγμα.")]),
        Told(13, "پل بندر از هر دو سو بسته شد", [text("مهندسان دهانهٔ میانی را بررسی می‌کنند. کسی آسیب ندیده است.")]),
        Told(14, "Þjóðvegur lokaður, żółw i ćma, čtvrtek, Đakovo, ığdır", [text("Latin Extended: ŁŚŻŹ ćčďě ğışö ąęėį ūųž.")]),
        Told(15, "", [quote("すべてのデッキが鐘のように鳴った。", "レナ・マルケッティ", "バス運転手")], kind="quote"),
    ),
    news=(),
)
