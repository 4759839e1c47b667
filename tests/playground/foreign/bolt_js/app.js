// Lost property, after Slack's own pages for Bolt for JavaScript. It knows of no workspace but by its environment.
const { App } = require("@slack/bolt");

const app = new App({
  token: process.env.SLACK_BOT_TOKEN,
  appToken: process.env.SLACK_APP_TOKEN,
  socketMode: true,
  clientOptions: { slackApiUrl: process.env.SLACK_API_URL },
});

const PLACES = ["Canteen", "Car park", "Library", "Lift"];
const losses = [];
const plain = (text) => ({ type: "plain_text", text });
const option = (text) => ({ text: plain(text), value: text.toLowerCase().replace(" ", "_") });

const form = (what) => ({
  type: "modal",
  callback_id: "loss",
  title: plain("Lost property"),
  submit: plain("Tell others"),
  close: plain("Never mind"),
  blocks: [
    {
      type: "input",
      block_id: "what",
      label: plain("What is it?"),
      element: { type: "plain_text_input", action_id: "text", ...(what ? { initial_value: what } : {}) },
    },
    {
      type: "input",
      block_id: "place",
      label: plain("Where was it last?"),
      element: { type: "external_select", action_id: "places", min_query_length: 1 },
    },
    {
      type: "input",
      block_id: "day",
      optional: true,
      label: plain("Which day?"),
      element: { type: "datepicker", action_id: "date" },
    },
  ],
});

const notice = (text, buttons) => [
  { type: "section", text: { type: "mrkdwn", text } },
  ...(buttons
    ? [
        {
          type: "actions",
          block_id: "answer",
          elements: [{ type: "button", action_id: "found_it", text: plain("I found it"), style: "primary", value: "yes" }],
        },
      ]
    : []),
];

app.command("/lost", async ({ ack, body, client }) => {
  await ack();
  await client.views.open({ trigger_id: body.trigger_id, view: form(body.text) });
});

app.shortcut("report_loss", async ({ ack, shortcut, client }) => {
  await ack();
  await client.views.open({ trigger_id: shortcut.trigger_id, view: form() });
});

app.shortcut({ callback_id: "is_this_mine", type: "message_action" }, async ({ ack, shortcut, respond }) => {
  await ack();
  await respond({ text: `I'll ask about “${shortcut.message.text}”`, response_type: "ephemeral" });
});

app.options("places", async ({ ack, payload }) => {
  const asked = payload.value.toLowerCase();
  await ack({ options: PLACES.filter((place) => place.toLowerCase().includes(asked)).map(option) });
});

app.view("loss", async ({ ack, body, view, client }) => {
  const { what, place, day } = view.state.values;
  if (what.text.value.length < 3) {
    await ack({ response_action: "errors", errors: { what: "A few more letters, please." } });
    return;
  }
  await ack();
  losses.push(what.text.value);
  const when = day.date.selected_date ? ` on ${day.date.selected_date}` : "";
  const text = `<@${body.user.id}> lost ${what.text.value} (${place.places.selected_option.text.text})${when}`;
  const { channels } = await client.conversations.list({ types: "public_channel" });
  const { id } = channels.find((channel) => channel.name === "general");
  await client.conversations.join({ channel: id });
  await client.chat.postMessage({ channel: id, text, blocks: notice(text, true) });
});

app.action("found_it", async ({ ack, body, client }) => {
  await ack();
  const text = `${body.message.text}: found by <@${body.user.id}>`;
  await client.chat.update({ channel: body.channel.id, ts: body.message.ts, text, blocks: notice(text, false) });
});

app.message(/anybody seen (.+)\?/i, async ({ message, context, say }) => {
  await say({ text: `Nobody yet has found ${context.matches[1]}.`, thread_ts: message.thread_ts ?? message.ts });
});

app.event("app_home_opened", async ({ event, client }) => {
  if (event.tab !== "home") return;
  const text = losses.length ? `Still missing: ${losses.join(", ")}` : "Nothing is missing";
  await client.views.publish({ user_id: event.user, view: { type: "home", blocks: notice(text, false) } });
});

(async () => {
  await app.start();
  console.log("ready");
})();
