"""The demo blog, until the planes are in the air: the first day of the state visit to Pyongyang in June 2024, told in the "
"desk's own words.

Facts are those that were public on the day. Words in quotation marks are real and stand with their speakers; reporters, links and
pictures are made up. Times are minutes before the newest entry, so that the page looks live whenever it is seeded.
"""

from __future__ import annotations

from newsroom.demo.people import DEFENCE, EDITOR, EUROPE, MEDIA, MOSCOW, SEOUL
from newsroom.demo.script import Act, audio, image, minutes, points, quote, text, wording

SLUG = "pyongyang-visit"
TITLE = "Putin in Pyongyang: a first state visit in 24 years"
STANDFIRST = (
    "Russia’s president is received by Kim Jong Un at a time when Moscow needs ammunition and Pyongyang wants technology, fuel "
    "and company. "
    "We follow the arrival, the talks and what is signed."
)
KICKER = "Pyongyang visit"

SUMMARY = wording(
    text("The journey so far, in brief. We bring this up to date as the day goes on."),
    points(
        "Vladimir Putin is in Yakutsk, in Russia’s far east, and nobody has said when he will land in Pyongyang",
        "In a column for the North Korean paper <em>Rodong Sinmun</em> he promises closer work between the two states",
        "Flags and portraits hang along the main streets of the North Korean capital",
        "One night is planned there; Vietnam is next",
    ),
    kind="summary",
    headline="What we know so far",
    standing="confirmed",
)

_SUMMIT = (
    "The trip begins days after a conference on peace in Ukraine, held in Switzerland to show that Kyiv’s friends still stand by it. "
    "Russia was not asked to come."
)
_SIGNED = (
    "Of some 90 countries at the table, several kept their names off the closing text, among them India, South Africa and Saudi Arabia."
)
_GREENE = quote(
    "people are not certain where this is going",
    "Sam Greene",
    "Professor of Russian politics, King’s College London",
    "(BBC Newshour)",
)

DAY: tuple[Act, ...] = (
    Act(
        minutes(-452),
        "publish",
        "about",
        wording(
            text(
                "<strong>About this page.</strong> It is a demonstration. It replays the events of 18 June 2024 as if they were "
                "happening now, so its "
                "clock is not the clock of that day. What happened is true; the reporters’ names, the links and the pictures "
                "are invented.",
            ),
            people=(EDITOR,),
        ),
    ),
    Act(minutes(-440), "publish", "summary", SUMMARY, pinned=True),
    Act(
        minutes(-425),
        "publish",
        "route",
        wording(
            text("Two capitals in two days, with a long way round to the first: this is the route that the Kremlin has announced."),
            image("route"),
            kind="image",
            headline="Four cities, three countries",
            tags=("The route",),
            standing="confirmed",
            source="Kremlin",
        ),
    ),
    Act(
        minutes(-408),
        "publish",
        "yakutsk",
        wording(
            text(
                "Before the state visit comes a domestic one. The Kremlin has put out a picture of the president across a table from "
                "Aisen Nikolayev, who heads the Sakha Republic; its chief city, Yakutsk, lies about 450 km south of the Arctic Circle.",
                "From there to Pyongyang it is another 2,500 km and more. Everything points to an arrival deep in the night.",
            ),
            headline="First stop, Yakutsk",
            tags=("The route",),
            standing="confirmed",
            source="Kremlin",
            people=(MOSCOW,),
        ),
        key_event=True,
    ),
    Act(
        minutes(-391),
        "publish",
        "streets",
        wording(
            image("square"),
            text(
                "Portraits of the guest and the white, blue and red of his country’s flag line the avenues of Pyongyang. "
                "State television has filled the day with concerts of Russian military songs.",
            ),
            headline="The capital is dressed for a guest",
            standing="reported",
            source="KCTV, North Korean state television",
            people=(MEDIA,),
        ),
    ),
    Act(
        minutes(-370),
        "publish",
        "column",
        wording(
            quote(
                "I am convinced that our joint efforts will take our bilateral interaction to a higher level",
                "Vladimir Putin",
                "President of Russia",
                "(Rodong Sinmun)",
            ),
            text(
                "The column looks back a long way: to the Soviet Union’s early recognition of the North, and to its help in "
                "building hospitals, "
                "schools and industry. What the “higher level” would be, it leaves open."
            ),
            kind="quote",
            headline="A guest writes in his host’s newspaper",
            tags=("In the papers",),
            standing="confirmed",
            source="Rodong Sinmun",
        ),
    ),
    Act(
        minutes(-348),
        "publish",
        "history",
        wording(
            image("timeline"),
            points(
                "<strong>July 2000</strong>: months after becoming president, Putin flies to Pyongyang. Kim Jong Il meets him "
                "at the airport; 21 guns salute",
                "<strong>August 2002</strong>: the two meet again in Vladivostok",
                "<strong>2011</strong>: Kim Jong Il dies; his son Kim Jong Un follows him",
                "<strong>2023</strong>: Kim Jong Un travels to Russia",
                "<strong>June 2024</strong>: the second visit to Pyongyang",
                style="number",
            ),
            headline="Twenty-four years between two visits",
            tags=("Looking back",),
            standing="confirmed",
        ),
    ),
    Act(
        minutes(-329),
        "publish",
        "shells",
        wording(
            text(
                "Trade does not explain this trip. North Korea has little that Russia wants to buy, with one exception: it has "
                "artillery shells in "
                "the right calibres, and unlike most states it is ready to sell them.",
                "What it gets in return is the harder question. Money and fuel are the easy part. Military technology would be "
                "another matter, and "
                "specialists doubt that Moscow will hand over much of it: it could not take it back.",
            ),
            quote(
                "From a purely economic point of view, North Korea has nearly zero value for Russia",
                "Andrei Lankov",
                "Director, NK News",
                "(BBC)",
            ),
            kind="analysis",
            headline="Follow the shells",
            tags=(
                "Weapons",
                "Sanctions",
            ),
            people=(DEFENCE,),
        ),
    ),
    Act(
        minutes(-304),
        "publish",
        "allies",
        wording(
            text(
                "South Korea’s first vice foreign minister, Kim Hong-kyun, and the US deputy secretary of state, Kurt Campbell, "
                "spoke by telephone "
                "about the visit at the end of last week; Seoul called it an emergency consultation.",
                "Campbell backed Seoul’s position that the visit must not bring the two militaries closer against the "
                "resolutions of the UN Security "
                "Council. Both sides spoke of “airtight” coordination.",
            ),
            headline="Seoul and Washington close ranks",
            tags=("Reactions",),
            standing="confirmed",
            source="South Korea’s foreign ministry",
            people=(SEOUL,),
        ),
    ),
    Act(
        minutes(-281),
        "publish",
        "summit",
        wording(
            text(_SUMMIT + " China sent an observer.", _SIGNED),
            _GREENE,
            headline="A summit without Russia, then a visit without the West",
            standing="confirmed",
            people=(EUROPE,),
        ),
    ),
    Act(
        minutes(-266),
        "correct",
        "summit",
        wording(
            text(_SUMMIT + " China was asked and stayed away.", _SIGNED),
            _GREENE,
            headline="A summit without Russia, then a visit without the West",
            standing="confirmed",
            people=(EUROPE,),
        ),
        note="An earlier version said that China had sent an observer. It did not attend.",
    ),
    Act(
        minutes(-252),
        "publish",
        "pact",
        wording(
            text(
                "The Kremlin’s foreign policy adviser, Yuri Ushakov, says a security agreement may be signed. It would be aimed "
                "at nobody, he says, and "
                "“outline prospects for further cooperation”. Three things to look out for:",
            ),
            points(
                "<strong>Who sits at the table.</strong> With the defence and foreign ministers come the heads of Russia’s space agency",
                "<strong>What is called technical.</strong> Ankit Panda of the Carnegie Endowment expects Kim to press for “new "
                "forms of cooperation”",
                "<strong>Who else is named.</strong> Michael Madden of North Korea Leadership Watch thinks Moscow may draw the "
                "North towards Brics",
            ),
            kind="analysis",
            headline="What an agreement could say",
            tags=(
                "Treaty",
                "Weapons",
            ),
            people=(DEFENCE, SEOUL),
        ),
    ),
    Act(
        minutes(-228),
        "publish",
        "listen",
        wording(
            text("China and Russia have both kept the North at arm’s length before. Our weekly conversation asks what has changed."),
            audio("https://example.org/audio/two-neighbours", "Two neighbours and a hermit: who needs whom?", "The Live Desk", 1685),
            headline="Listen: why Pyongyang is courted from two sides",
            tags=("Looking back",),
        ),
    ),
)
