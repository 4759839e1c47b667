// The few shortcodes an app is likely to write; any other is shown as it was typed.

const TABLE = `+1 👍 thumbsup 👍 -1 👎 tada 🎉 wave 👋 heart ❤️ star ⭐ eyes 👀 fire 🔥 rocket 🚀 sparkles ✨ pray 🙏 clap 👏 raised_hands 🙌
muscle 💪 handshake 🤝 ok_hand 👌 smile 😄 smiley 😃 grinning 😀 slightly_smiling_face 🙂 blush 😊 wink 😉 joy 😂 sob 😭 cry 😢 thinking_face 🤔 sweat_smile 😅
relieved 😌 sunglasses 😎 hugging_face 🤗 white_check_mark ✅ heavy_check_mark ✔️ ballot_box_with_check ☑️ x ❌ warning ⚠️ no_entry ⛔ bulb 💡 memo 📝 book 📖
books 📚 calendar 📆 date 📅 spiral_calendar_pad 🗓️ clock1 🕐 hourglass_flowing_sand ⏳ alarm_clock ⏰ bell 🔔 no_bell 🔕 mega 📣 speech_balloon 💬 email 📧 link 🔗
lock 🔒 key 🔑 mag 🔍 gear ⚙️ wrench 🔧 seedling 🌱 herb 🌿 deciduous_tree 🌳 sunny ☀️ coffee ☕ cake 🍰 trophy 🏆 medal 🏅 dart 🎯 chart_with_upwards_trend 📈
bar_chart 📊 mortar_board 🎓 house 🏠 palm_tree 🌴 point_right 👉 point_left 👈 point_up 👆 point_down 👇 arrow_right ➡️ arrow_left ⬅️ large_blue_circle 🔵
white_circle ⚪ black_circle ⚫ information_source ℹ️ question ❓ exclamation ❗ 100 💯 robot_face 🤖 bust_in_silhouette 👤 busts_in_silhouette 👥 paperclip 📎
pushpin 📌 package 📦 globe_with_meridians 🌐 phone 📞 video_camera 📹 hammer_and_wrench 🛠️ construction 🚧 zzz 💤 compass 🧭 world_map 🗺️`;

const KNOWN = new Map();
const words = TABLE.split(/\s+/);
for (let index = 0; index < words.length; index += 2) KNOWN.set(words[index], words[index + 1]);

export function emoji(name) {
  return KNOWN.get(name) ?? `:${name}:`;
}
