"""The demo's other two blogs: one that has ended, in Arabic, and one to come, in German: the front page shows what it can.

The first keeps the date of what it tells, 3 September 2025 in Beijing. The second is invented from its first word.
"""

from __future__ import annotations

from datetime import UTC, datetime

from newsroom.demo.people import ARAB_BEIJING, ARAB_DEFENCE, ARAB_EUROPE, GERMAN_SPORT
from newsroom.demo.script import Act, minutes, points, quote, text, wording

MEETING_SLUG = "beijing-meeting"
MEETING_TITLE = "كيم وبوتين يلتقيان في بكين: ما جرى لحظة بلحظة"
MEETING_STANDFIRST = "على هامش العرض العسكري الصيني في الذكرى الثمانين لنهاية الحرب، تحدث الزعيمان أكثر من ساعتين."
MEETING_KICKER = "لقاء بكين"
MEETING_ENDED = datetime(2025, 9, 3, 10, 30, tzinfo=UTC)

# Minutes before the end.
MEETING: tuple[Act, ...] = (
    Act(
        minutes(-290),
        "publish",
        "train",
        wording(
            text(
                "وصل كيم جونغ أون إلى بكين في قطار مدرّع، كما في رحلاته السابقة. "
                "وهو أحد ضيوف الاحتفال بمرور 80 عامًا على نهاية الحرب العالمية الثانية."
            ),
            headline="بالقطار إلى الذكرى",
            tags=("الرحلة",),
            standing="confirmed",
            people=(ARAB_BEIJING,),
        ),
    ),
    Act(
        minutes(-176),
        "publish",
        "meeting",
        wording(
            text("يجري كيم جونغ أون وفلاديمير بوتين محادثات على هامش الاحتفال. ونشر الكرملين لقطات من الدقائق الأولى."),
            kind="breaking",
            headline="كيم وبوتين يلتقيان في بكين",
            standing="confirmed",
            source="تسجيل الكرملين",
            people=(ARAB_BEIJING,),
        ),
        key_event=True,
    ),
    Act(
        minutes(-95),
        "publish",
        "pledge",
        wording(
            quote("أن أفعل كل ما في وسعي للمساعدة", "كيم جونغ أون", "زعيم كوريا الشمالية", "(تسجيل الكرملين)"),
            quote("نحن في انتظاركم، تعالوا لزيارتنا", "فلاديمير بوتين", "رئيس روسيا", "(تسجيل الكرملين)"),
            text("جاءت الدعوة عبر مترجم. وأجاب كيم: «إلى لقاء قريب»، وعانق مضيفه مودعًا."),
            kind="quote",
            headline="تعهد ودعوة",
            standing="confirmed",
            source="تسجيل الكرملين",
        ),
        key_event=True,
    ),
    Act(
        minutes(-70),
        "publish",
        "strikes",
        wording(
            text(
                "في الليلة السابقة أطلقت روسيا على أوكرانيا نحو 500 مسيّرة ونحو 24 صاروخًا، استهدف معظمها منشآت الطاقة والسكك الحديدية، "
                "بحسب السلطات الأوكرانية. وأصيب أربعة من عمال السكك على الأقل. وأقلعت مقاتلات بولندية."
            ),
            headline="هجوم كبير في اليوم نفسه",
            standing="reported",
            source="السلطات الأوكرانية",
            people=(ARAB_EUROPE,),
        ),
    ),
    Act(
        minutes(-42),
        "publish",
        "troops",
        wording(
            text(
                "تقول حكومات عدة إن الشمال يزوّد روسيا بالقذائف والصواريخ، وإن جنوده قاتلوا في منطقة كورسك. "
                "أما عددهم وأماكنهم فموضع خلاف، وكانت بيونغ يانغ قد نفت في البداية إرسال أي منهم."
            ),
            kind="analysis",
            headline="القوات: ما نعرفه وما لا نعرفه",
            tags=("الأسلحة",),
            standing="disputed",
            people=(ARAB_DEFENCE,),
        ),
    ),
    Act(
        minutes(-8),
        "publish",
        "summary",
        wording(
            points(
                "تحدث الزعيمان أكثر من ساعتين",
                "دعا بوتين كيم إلى روسيا، ولم يُعلن أي موعد",
                "هو أوثق تقارب بينهما منذ اتفاقهما عام 2024، الذي يتعهد «بمساعدة عسكرية وغيرها» لأي طرف يتعرض لهجوم",
                "طالب الرئيس الأوكراني فولوديمير زيلينسكي بعقوبات أشد",
            ),
            text("هنا تنتهي تغطيتنا."),
            kind="summary",
            headline="حصيلة اللقاء",
            standing="confirmed",
        ),
        pinned=True,
    ),
)

RACE_SLUG = "harbour-marathon"
RACE_TITLE = "Hafenstadt-Marathon: jeder Kilometer live"
RACE_STANDFIRST = (
    "18.000 Läuferinnen und Läufer, eine Brücke, vor der alle Respekt haben, und eine Strecke, die einen Rekord verspricht. "
    "Wir sind vom ersten Start an dabei."
)
RACE_KICKER = "Hafenstadt-Marathon"

RACE: tuple[Act, ...] = (
    Act(
        minutes(0),
        "publish",
        "course",
        wording(
            text("Alles, was Sie vor dem Start wissen müssen. Schauen Sie am Morgen wieder herein: Diese Seite füllt sich von selbst."),
            points(
                "<strong>Start</strong> in Wellen zu je 3.000, zuerst das Rollstuhlrennen",
                "<strong>Kilometer 12</strong>: hinauf zur Alten Brücke, 41 Meter über dem Wasser",
                "<strong>Kilometer 31</strong>: der lange Kai, gerade und oft gegen den Wind",
                "<strong>Ziel</strong> in der Fischmarkthalle, unter dem Glasdach",
            ),
            kind="summary",
            headline="Die Strecke an vier Orten",
            people=(GERMAN_SPORT,),
        ),
    ),
)
