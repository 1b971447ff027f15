"""What goes on arriving while a newcomer looks: the demo's first minutes, in real time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.contrib.auth import get_user_model

from newsroom.demo.people import MOSCOW, NEW_YORK, SEOUL
from newsroom.demo.script import Act, image, points, quote, seconds, text, wording
from newsroom.demo.stage import is_done, perform_softly, pictures_of
from newsroom.demo.visit import SLUG
from newsroom.models import LiveBlog

SUMMARY_LAST = wording(
    text("The night so far, in brief. We bring this up to date as the day begins."),
    points(
        "Vladimir Putin is in Pyongyang, his first time there since July 2000",
        "Kim Jong Un met him beside the aircraft; both left the airport by car",
        "Talks, a signing and joint statements are expected after the official welcome",
        "A <strong>security agreement</strong> is possible, the Kremlin’s adviser says",
        "Seoul and Washington have warned against deeper military ties",
    ),
    kind="summary",
    headline="What we know so far",
    standing="confirmed",
)

# Seconds from the start of the demo.
ACTS: tuple[Act, ...] = (
    Act(seconds(12), "publish", "tail-cars", wording(text("The cars are leaving the airport."), standing="reported", source="Tass")),
    Act(
        seconds(35),
        "publish",
        "tail-motorcade",
        wording(
            text("There are no pictures of the drive into the city yet. This is our illustrator’s."),
            image("motorcade"),
            kind="image",
            headline="The drive, as we imagine it",
        ),
    ),
    Act(
        seconds(55),
        "publish",
        "tail-welcome",
        wording(
            text("The official welcome will be held at the airport once it is day, with both delegations present."),
            headline="Where the guest will be welcomed",
            standing="reported",
        ),
    ),
    Act(
        seconds(80),
        "publish",
        "tail-breaking",
        wording(
            text(
                "Before the journey the president’s adviser Yuri Ushakov had called it possible. Now an agreement on security "
                "is expected among the "
                "documents of the day. Its text is not public.",
            ),
            kind="breaking",
            headline="Security agreement expected to be signed",
            standing="reported",
            source="Russian state media",
            people=(MOSCOW,),
        ),
    ),
    Act(
        seconds(105),
        "edit",
        "tail-cars",
        wording(text("The motorcade has left the airport for the city, with both leaders in it."), standing="reported", source="Tass"),
    ),
    Act(seconds(120), "key_event", "tail-breaking"),
    Act(
        seconds(140),
        "publish",
        "tail-quote",
        wording(
            quote(
                "signal a deepening in their strategic partnership",
                "Ankit Panda",
                "Analyst, Carnegie Endowment for International Peace",
                "(before the visit)",
            ),
            kind="quote",
            people=(NEW_YORK,),
        ),
    ),
    Act(
        seconds(165),
        "correct",
        "tail-welcome",
        wording(
            text("The official welcome will be held in the city once it is day, with both delegations present."),
            headline="Where the guest will be welcomed",
            standing="reported",
        ),
        note="An earlier version placed the welcome at the airport. It is to be held in the city.",
    ),
    Act(
        seconds(185),
        "publish",
        "tail-slip",
        wording(text("For the desk: who has the names of both interpreters? Please check before the next entry.")),
    ),
    Act(seconds(205), "edit", "summary", SUMMARY_LAST),
    Act(seconds(220), "withdraw", "tail-slip", note="This was a note to our own desk, published by mistake."),
    Act(
        seconds(240),
        "publish",
        "tail-morning",
        wording(
            text(
                "It is getting light in Pyongyang. We stay with the visit. What we get wrong is corrected under the entry "
                "itself, and what we take "
                "back leaves a line that says so.",
            ),
            headline="Day breaks",
            people=(SEOUL,),
        ),
    ),
)


def is_left() -> bool:
    """Whether anything of the story is yet to arrive."""
    blog = LiveBlog.objects.get(slug=SLUG)
    return not all(is_done(act, blog, pictures_of(blog)) for act in ACTS)


def play(now: Callable[[], datetime], wait: Callable[[float], bool]) -> int:
    """Does the acts at their time and returns how many it did. What an earlier run did is neither done nor waited for again.

    `wait(seconds)` pauses and returns whether to go on; False ends the play at once. Run `newsroom.demo.seed.seed` before.
    """
    blog = LiveBlog.objects.get(slug=SLUG)
    actor = get_user_model()._default_manager.get(username="editor")
    done, elapsed = 0, timedelta()
    for act in ACTS:
        blog.refresh_from_db()
        if not is_done(act, blog, pictures_of(blog)):
            if not wait((act.at - elapsed).total_seconds()):
                break
            blog.refresh_from_db()
            done += perform_softly(act, blog, actor=actor, refs=pictures_of(blog), now=now())
        elapsed = act.at
    return done
