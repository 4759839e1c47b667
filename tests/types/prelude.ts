// What every check begins with. `exactly` refuses fields the types do not know, for what an app sends; `atLeast` asks
// only that everything the types promise is there, for what a workspace sends, since Slack sends more than it types.
import type {
  BlockAction,
  BlockSuggestion,
  EnvelopedEvent,
  GlobalShortcut,
  MessageShortcut,
  RespondArguments,
  SlashCommand,
  ViewClosedAction,
  ViewErrorsResponseAction,
  ViewPushResponseAction,
  ViewResponseAction,
  ViewSubmitAction,
  ViewUpdateResponseAction,
} from "@slack/bolt";
import type {
  AppHomeOpenedEvent,
  AppMentionEvent,
  AppUninstalledEvent,
  GenericMessageEvent,
  HomeView,
  KnownBlock,
  MemberJoinedChannelEvent,
  ModalView,
  ReactionAddedEvent,
  TeamJoinEvent,
  TokensRevokedEvent,
  UserChangeEvent,
} from "@slack/types";
import type {
  ChatPostMessageArguments,
  ChatUpdateArguments,
  ConversationsOpenArguments,
  ViewsOpenArguments,
  ViewsPublishArguments,
  ViewsPushArguments,
  ViewsUpdateArguments,
} from "@slack/web-api";

declare function exactly<T>(value: T): void;
declare function atLeast<T>(): <U extends T>(value: U) => void;

// Outside Enterprise Grid Slack sends `"enterprise": null`, where Bolt's types know only an object or nothing; and a
// deed in a view has no response_url, which they require. A plain message has no subtype; they want one that is nothing.
type Known<T> = { [Key in keyof T as string extends Key ? never : Key]: T[Key] };
type Sent<T> = Omit<Known<T>, "enterprise" | "response_url"> & { enterprise: null };
type InMessage = Sent<BlockAction> & Required<Pick<BlockAction, "response_url" | "channel" | "message" | "state">>;
type InView = Sent<BlockAction> & Required<Pick<BlockAction, "view">>;
type OnMessage = Sent<MessageShortcut> & Pick<MessageShortcut, "response_url">;

// Slack publishes no types for the frames of Socket Mode; these are written from its page about them.
interface Hello {
  type: "hello";
  num_connections: number;
  connection_info: { app_id: string };
  debug_info: { host: string; started: string; build_number: number; approximate_connection_time: number };
}
interface Disconnect {
  type: "disconnect";
  reason: "warning" | "refresh_requested" | "link_disabled" | "too_many_websockets";
  debug_info: { host: string };
}
interface Envelope<Type extends string, Payload> {
  type: Type;
  envelope_id: string;
  accepts_response_payload: boolean;
  payload: Payload;
}
type Happening = Omit<Known<EnvelopedEvent>, "context_enterprise_id" | "event">;
type Enveloped<Event> = Happening & { context_enterprise_id: null; event_context: string; event: Event };
interface EventEnvelope<Event> extends Envelope<"events_api", Enveloped<Event>> {
  retry_attempt: number;
  retry_reason: string;
}
type PlainMessage = Omit<GenericMessageEvent, "subtype">;
type Interactive<Payload> = Envelope<"interactive", Payload>;
