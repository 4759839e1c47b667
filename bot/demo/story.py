"""Six months of Noor and Tomás, deed by deed, as people do it: the guide's chapters and the journeys play from here."""

from datetime import datetime, timedelta

from bot.demo.guide import GOAL, TOPIC
from bot.demo.stage import Days, People, Player, Seen, Sheet
from bot.rules.days import is_working_day, zone_named

LINK = "https://meet.example.com/noor-and-tomas"
TAKE = "Take "
EVERY = timedelta(days=14)
MEETINGS = 9
LOOK_BACK, PULSE_YES, REACHED = "Look back", "Could be more", "Reached"
PULSES = ("meeting often enough", "useful to you", "like changed")


async def ask(people: People, mentee: str, mentor: str) -> None:
    """From `/mentor find` to a sent note."""
    who = people.person(mentee)
    await who.command("/mentor find")
    questions = await who.modal(callback_id="find.search")
    await questions.fill(topic=TOPIC, goal=GOAL)
    await questions.submit()
    names = await who.modal(callback_id="find.results")
    await names.click(f"Ask {mentor}")
    note = await who.modal(callback_id="find.send")
    await note.submit()
    await who.no_modal()


async def say_yes(people: People, mentor: str, mentee: str, called: str) -> Seen:
    """Accept; what the mentor then reads."""
    doorbell = await people.person(mentor).message(containing=f"{called} would like you")
    await doorbell.click("requests.accept")
    await people.person(mentee).message(containing="said yes")
    return await people.person(mentor).message(containing="mentor for")


async def begin(people: People, days: Days) -> None:
    """Noor asks Tomás, he says yes and takes the first hour that suits both; ten minutes to change his mind go by."""
    await ask(people, "noor", "Tomás")
    yes = await say_yes(people, "tomas", "noor", "Noor Haddad")
    await take_first(yes)
    await days.pass_by(minutes=15)


async def take_first(offer: Seen) -> None:
    """Take the first hour that is offered."""
    await offer.click(next(label for label in offer.buttons if label.startswith(TAKE)))
    await offer.changed("First meeting")


async def sign(people: People) -> None:
    """Noor signs the agreement as it stands, and Tomás signs it too."""
    noor, tomas = people.person("noor"), people.person("tomas")
    await (await noor.message(containing="said yes")).click("agreements.sign")
    await (await tomas.message(containing="signed an agreement")).click("agreements.sign")
    await noor.message(containing="signed your agreement")


async def met(days: Days, who: str = "noor", rating: str = "A great deal") -> None:
    """Wait to be asked whether they met, say yes, and how it was."""
    asked = await days.until(who, "meetings.met", 40)
    await asked.click("meetings.met")
    await asked.changed("How much did it help")
    await asked.click(rating)
    await asked.changed("Thanks, noted")


async def open_pair(player: Player) -> Sheet:
    """The pair's own page, by way of Home."""
    await player.open_home()
    await (await player.home("Your mentoring")).click("relationships.show")
    return await player.modal(callback_id="relationships.page")


async def plan(people: People, days: Days, who: str = "noor", zone: str = "Europe/Lisbon") -> None:
    """Book the next meeting two weeks on, at ten on one's own clock, with a link."""
    player = people.person(who)
    page = await open_pair(player)
    await page.click("meetings.another")
    form = await player.modal(callback_id="meetings.plan")
    await form.fill(day=_working_day(days.now + EVERY, zone), time="10:00", minutes="45", place=LINK)
    await form.submit()
    await (await player.modal("Booked")).close()


def _working_day(moment: datetime, zone: str) -> str:
    day = moment.astimezone(zone_named(zone)).date()
    while not is_working_day(day):
        day += timedelta(days=1)
    return day.isoformat()


async def set_milestone(people: People, days: Days, title: str, in_days: int) -> None:
    """Noor marks a day for the two of them."""
    noor = people.person("noor")
    page = await open_pair(noor)
    await page.click("milestones.add")
    form = await noor.modal(callback_id="milestones.save")
    await form.fill(title=title, day=_working_day(days.now + timedelta(days=in_days), "Europe/Lisbon"))
    await form.submit()
    await (await noor.modal("Your milestones")).close()


async def answer_pulse(player: Player, days: Days) -> None:
    """Three taps, if a pulse waits; a person takes a moment for each."""
    for question in PULSES:
        asked = await player.message(containing=question)
        await asked.click("checkins.first")
        await days.pass_by(minutes=1)
    await player.message(containing="Thanks, noted. It stays with you")


async def answer_checkins(player: Player, days: Days) -> None:
    """Whatever waits of them."""
    for message in player.all_messages():
        if LOOK_BACK in message.buttons:
            await look_back(player)
        elif PULSES[0] in message.text and PULSE_YES in message.buttons:
            await answer_pulse(player, days)


async def look_back(player: Player) -> None:
    """Half-time, on one screen."""
    await (await player.message(containing="halfway")).click("checkins.open")
    screen = await player.modal(callback_id="checkins.look_back")
    await screen.fill(often="often_enough", useful="very", change="all_good", confidence="4", ways="keep_ways")
    await screen.submit()
    await (await player.modal(callback_id="checkins.looked_back")).close()


async def reach_milestone(people: People, days: Days) -> None:
    """The day comes, or came meanwhile, and it is reached."""
    there = [each for each in people.person("noor").all_messages() if REACHED in each.buttons]
    asked = there[-1] if there else await days.until("noor", "milestones.reach", 60)
    await asked.click("milestones.reach")


async def to_month_six(people: People, days: Days) -> None:
    """All of it: meetings every two weeks, a milestone, pulses and half-time, until they are asked how to go on."""
    noor, tomas = people.person("noor"), people.person("tomas")
    await begin(people, days)
    await sign(people)
    await met(days)
    await set_milestone(people, days, "Show my first chart to the team", 16)
    for meeting in range(MEETINGS):
        await plan(people, days)
        await met(days, rating="Somewhat" if meeting % 3 else "A great deal")
        for who in (noor, tomas):
            await answer_checkins(who, days)
        if meeting == 0:
            await reach_milestone(people, days)
    await days.until("noor", "relationships.extend", 40)


async def join_peers(people: People, keys: tuple[str, ...]) -> None:
    """Each types one command and presses one button."""
    for key in keys:
        player = people.person(key)
        await player.command("/mentor peers")
        page = await player.modal("peers")
        await page.click("rounds.join")
        await (await player.modal("You're in")).close()
