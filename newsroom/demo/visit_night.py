"""The demo blog from the flight to the first picture. See `newsroom.demo.visit` for what is true in it."""

from __future__ import annotations

from newsroom.demo.people import EUROPE, MEDIA, MOSCOW, NEW_YORK, SEOUL
from newsroom.demo.script import Act, card, gallery, image, minutes, points, text, video, wording

SUMMARY_LATER = wording(
    text("The evening so far, in brief. We bring this up to date as the night goes on."),
    points(
        "Vladimir Putin has landed in Pyongyang, his first time there since July 2000",
        "Kim Jong Un was waiting for him beside the aircraft, Russian state media say",
        "The defence and foreign ministers, Andrei Belousov and Sergei Lavrov, are with him",
        "Talks, a signing and joint statements are expected after the official welcome; a security agreement is possible",
        "Seoul and Washington have warned against deeper military ties",
    ),
    kind="summary",
    headline="What we know so far",
    standing="confirmed",
)

PLANE = wording(
    text("A fourth government aircraft has appeared on a public tracker, some way behind the other three."),
    headline="A fourth plane appears on the trackers",
    tags=("The plane",),
    standing="unverified",
    source="Public flight trackers",
)

NIGHT: tuple[Act, ...] = (
    Act(
        minutes(-204),
        "publish",
        "escort",
        wording(
            text(
                "At least one fighter, an Su-30, flew beside the president’s aircraft as it came in to Yakutsk, the "
                "investigative outlet Agentstvo "
                "says. It relies on clips that residents posted, and knows of no earlier escort inside Russia; abroad there "
                "have been several.",
                "We have not been able to say where and when these clips were filmed.",
            ),
            video(
                "https://example.org/video/yakutsk-escort",
                "Clip said to show a fighter beside an airliner over Yakutsk",
                "Posted by a resident",
                21,
            ),
            headline="A fighter at the wing over home ground?",
            tags=("The plane",),
            standing="unverified",
            source="Agentstvo",
            people=(MEDIA,),
            precision="hour",
        ),
        ago=minutes(540),
    ),
    Act(
        minutes(-184),
        "publish",
        "planes",
        wording(
            text(
                "Trackers show three Russian government aircraft between Yakutsk and the short stretch of border that Russia "
                "shares with North Korea. "
                "Three is nothing unusual: ministers, officials, business people and the press travel too.",
            ),
            card(
                "https://example.org/flights/three-aircraft",
                "Flight map",
                "Public tracking data",
                "Three aircraft, Yakutsk to Pyongyang",
                "Positions as last received; coverage over the border is thin.",
            ),
            headline="Three planes head for the border",
            tags=("The plane",),
            standing="reported",
            source="Public flight trackers",
            people=(MOSCOW,),
        ),
        key_event=True,
    ),
    Act(
        minutes(-158),
        "publish",
        "border",
        wording(
            text("The first of them has flown around the corner of China, not across it, and is about to enter North Korean airspace."),
            video("https://example.org/video/the-route", "The route explained in ninety seconds", "The Live Desk", 92, poster="route"),
            standing="reported",
            source="Public flight trackers",
        ),
    ),
    Act(minutes(-146), "publish", "fourth", PLANE),
    Act(
        minutes(-131),
        "withdraw",
        "fourth",
        note="We published a report of a fourth aircraft that we could not confirm. The flight belonged to somebody else.",
    ),
    Act(
        minutes(-120),
        "publish",
        "first-down",
        wording(
            text("One of the three is on the ground in Pyongyang. Whether the president was on board is not known."),
            headline="First Russian plane lands",
            tags=("The plane",),
            standing="reported",
            source="Public flight trackers",
            people=(NEW_YORK,),
        ),
    ),
    Act(
        minutes(-98),
        "publish",
        "which",
        wording(
            text(
                "A Telegram channel close to the Kremlin, Brief, says Putin left Yakutsk shortly after the first aircraft, "
                "which would put him on a later "
                "one. Others take it for granted that a president flies in the lead plane. Two are still in the air; one is due "
                "within 20 minutes.",
            ),
            headline="Which plane is he on? Accounts differ",
            tags=("The plane",),
            standing="disputed",
            source="Brief; public flight trackers",
        ),
    ),
    Act(
        minutes(-71),
        "publish",
        "landed",
        wording(
            text(
                "Vladimir Putin is in North Korea. It is the middle of the night there, so ceremonies are likely to wait for "
                "daylight, though nobody rules "
                "out a welcome at the airport.",
                "Among those with him are Andrei Belousov, the defence minister, Sergei Lavrov, the foreign minister, and the "
                "heads of the space agency. "
                "When he was last here, in July 2000, his host was the father of today’s leader.",
            ),
            image("apron"),
            kind="breaking",
            headline="Putin lands in Pyongyang",
            standing="confirmed",
            source="Kremlin",
        ),
        key_event=True,
    ),
    Act(
        minutes(-63),
        "publish",
        "telegram",
        wording(
            card(
                "https://example.org/telegram/kremlin-arrival",
                "Telegram",
                "Kremlin",
                "",
                "Vladimir Putin arrived in the capital of the DPRK Pyongyang",
            ),
            text("One line was all that the Kremlin needed to confirm it."),
            headline="Kremlin confirms the arrival",
            standing="confirmed",
            source="Kremlin",
        ),
    ),
    Act(
        minutes(-49),
        "publish",
        "travels",
        wording(
            text(
                "In 2019 his calendar still held France, Finland, Brazil and Italy. First the pandemic emptied it, then the "
                "invasion of Ukraine closed most "
                "Western doors, and in March 2023 the International Criminal Court issued a warrant over the deportation of "
                "Ukrainian children.",
                "Since then he has kept to places that do not answer to the court, Belarus and Saudi Arabia among them. Even at "
                "home he stays close: "
                "Yakutsk, six time zones from Moscow, had not seen him for ten years.",
            ),
            kind="analysis",
            headline="The map has grown small for this traveller",
            tags=("Looking back",),
            people=(EUROPE,),
        ),
    ),
    Act(minutes(-41), "edit", "summary", SUMMARY_LATER),
    Act(
        minutes(-33),
        "publish",
        "tarmac",
        wording(
            text(
                "In spite of the hour Kim Jong Un came to the airport himself, the state news agency Tass says. The two were "
                "already talking as they "
                "walked to the cars.",
            ),
            image("motorcade"),
            headline="Kim was waiting beside the plane",
            standing="reported",
            source="Tass",
            people=(MOSCOW,),
        ),
        key_event=True,
    ),
    Act(
        minutes(-21),
        "publish",
        "pictures",
        wording(
            gallery("apron", "motorcade", "square"),
            text("We have no camera of our own at the airport. Our illustrator has drawn what is described to us."),
            kind="image",
            headline="An arrival in three drawings",
        ),
    ),
    Act(
        minutes(-11),
        "publish",
        "programme",
        wording(
            image("table"),
            text("This is the order we are told to expect once it is day in Pyongyang:"),
            points(
                "An official welcome",
                "Talks, first with both delegations, then between the two leaders",
                "Documents signed, among them one on a “comprehensive strategic partnership”",
                "Statements to the press",
                "A wreath, a gala concert and a dinner",
                style="number",
            ),
            headline="What the day will bring",
            standing="reported",
            people=(MOSCOW,),
        ),
    ),
    Act(
        minutes(-6),
        "submit",
        "vietnam",
        wording(
            text("Draft for the morning: what Hanoi expects of the second half of the trip. Needs a second source before it goes out."),
            headline="After Pyongyang, Vietnam",
            tags=("The route",),
            people=(SEOUL,),
        ),
    ),
    Act(
        minutes(0),
        "publish",
        "first-picture",
        wording(
            text(
                "The first official picture of the visit is out. It shows the two leaders together on the tarmac; the time it "
                "was taken is not given.",
            ),
            headline="First official picture from the airport",
            standing="confirmed",
            source="Kremlin",
        ),
    ),
)
