"""The demo's other two blogs: one that has ended and one that is to come, so that the front page shows what it can show.

The first keeps the date of what it tells, 3 September 2025 in Beijing. The second is invented from its first word.
"""

from __future__ import annotations

from datetime import UTC, datetime

from newsroom.demo.people import BEIJING, DEFENCE, EUROPE, SPORT
from newsroom.demo.script import Act, minutes, points, quote, text, wording

MEETING_SLUG = "beijing-meeting"
MEETING_TITLE = "Kim and Putin meet in Beijing, as it happened"
MEETING_STANDFIRST = (
    "On the margins of China’s parade for the 80th anniversary of the war’s end, the two leaders talked for more than two hours."
)
MEETING_KICKER = "Beijing meeting"
MEETING_ENDED = datetime(2025, 9, 3, 10, 30, tzinfo=UTC)

# Minutes before the end.
MEETING: tuple[Act, ...] = (
    Act(
        minutes(-290),
        "publish",
        "train",
        wording(
            text(
                "Kim Jong Un has come to Beijing by armoured train, as he did on earlier journeys. He is one of the guests at "
                "the ceremony that marks "
                "80 years since the end of the second world war.",
            ),
            headline="By train to the anniversary",
            tags=("The route",),
            standing="confirmed",
            people=(BEIJING,),
        ),
    ),
    Act(
        minutes(-176),
        "publish",
        "meeting",
        wording(
            text(
                "Kim Jong Un and Vladimir Putin are in talks on the sidelines of the ceremony. The Kremlin shows the first "
                "minutes on video."
            ),
            kind="breaking",
            headline="Kim and Putin meet in Beijing",
            standing="confirmed",
            source="Kremlin video",
            people=(BEIJING,),
        ),
        key_event=True,
    ),
    Act(
        minutes(-95),
        "publish",
        "pledge",
        wording(
            quote("do everything I can to assist", "Kim Jong Un", "Leader of North Korea", "(Kremlin video)"),
            quote("We are waiting for you, come visit us", "Vladimir Putin", "President of Russia", "(Kremlin video)"),
            text("The invitation came through an interpreter. “See you soon”, Kim answered, and embraced his host in parting."),
            kind="quote",
            headline="A pledge and an invitation",
            standing="confirmed",
            source="Kremlin video",
        ),
        key_event=True,
    ),
    Act(
        minutes(-70),
        "publish",
        "strikes",
        wording(
            text(
                "The night before, Russia had sent about 500 drones and some two dozen missiles against Ukraine, most of them "
                "at power and railway "
                "installations, Ukrainian authorities say. Four railway workers or more were hurt. Poland sent up aircraft.",
            ),
            headline="A large attack on the same day",
            standing="reported",
            source="Ukrainian authorities",
            people=(EUROPE,),
        ),
    ),
    Act(
        minutes(-42),
        "publish",
        "troops",
        wording(
            text(
                "Several governments say that the North supplies Russia with shells and missiles, and that its soldiers have "
                "fought in the Kursk region. "
                "How many there are and where is contested; Pyongyang at first denied sending any.",
            ),
            kind="analysis",
            headline="What is known of the troops, and what is not",
            tags=("Weapons",),
            standing="disputed",
            people=(DEFENCE,),
        ),
    ),
    Act(
        minutes(-8),
        "publish",
        "summary",
        wording(
            points(
                "The two leaders talked for more than two hours",
                "Putin invited Kim to Russia; no date has been made public",
                "It is the closest the two have come since their agreement of 2024, which promises “military and other "
                "assistance” to whichever is attacked",
                "Kyiv’s president, Volodymyr Zelenskyy, asks for tougher sanctions",
            ),
            text("We end our coverage here."),
            kind="summary",
            headline="What came of the meeting",
            standing="confirmed",
        ),
        pinned=True,
    ),
)

RACE_SLUG = "harbour-marathon"
RACE_TITLE = "Harbour City Marathon: every kilometre, live"
RACE_STANDFIRST = "18,000 runners, one bridge that everybody fears and a course that promises a record. We are there from the first start."
RACE_KICKER = "Harbour City Marathon"

RACE: tuple[Act, ...] = (
    Act(
        minutes(0),
        "publish",
        "course",
        wording(
            text("Everything to know before the start. Come back on the morning: this page fills itself."),
            points(
                "<strong>Start</strong> in waves of 3,000, the wheelchair race first",
                "<strong>Kilometre 12</strong>: up to the Old Bridge, 41 metres above the water",
                "<strong>Kilometre 31</strong>: the long quay, straight and often into the wind",
                "<strong>Finish</strong> in the fish market hall, under its glass roof",
            ),
            kind="summary",
            headline="The course in four places",
            people=(SPORT,),
        ),
    ),
)
