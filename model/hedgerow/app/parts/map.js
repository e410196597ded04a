// The map: one path a land, one dot a small state. Arrow keys go from state to state, Enter chooses.
const STOPS = [
  [-1.0, [0, 75, 122]],
  [-0.667, [0, 114, 178]],
  [-0.333, [141, 190, 221]],
  [0.0, [247, 245, 240]],
  [0.333, [242, 177, 131]],
  [0.667, [213, 94, 0]],
  [1.0, [149, 63, 0]],
];

function shade(part) {
  const x = Math.max(-1, Math.min(1, part));
  let i = 1;
  while (i < STOPS.length - 1 && STOPS[i][0] < x) i += 1;
  const [a, one] = STOPS[i - 1];
  const [b, two] = STOPS[i];
  const t = (x - a) / (b - a);
  return `rgb(${one.map((c, k) => Math.round(c + t * (two[k] - c))).join(",")})`;
}

function signed(value) {
  const places = Math.abs(value) < 0.0995 ? 3 : 2;
  const text = Math.abs(value).toFixed(places);
  if (Number(text) === 0) return "0";
  return (value > 0 ? "+" : "\u2212") + text;
}

const loaded = {};

export default {
  template: `
    <figure class="map">
      <div class="map-stage">
        <svg v-if="world" ref="svg" :viewBox="'0 0 ' + world.width + ' ' + world.height" role="listbox"
             :aria-label="label" tabindex="0" :aria-activedescendant="spot ? uid + spot : null"
             @keydown="key" @focus="focus" @blur="keyed = false" @mouseleave="hover = ''">
          <defs>
            <pattern :id="uid + 'hatch'" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
              <rect width="5" height="5" fill="#ffffff"></rect><line x1="0" y1="0" x2="0" y2="5" stroke="#7a7a7a" stroke-width="2"></line>
            </pattern>
          </defs>
          <path :d="world.sea" class="map-sea" aria-hidden="true"></path>
          <path v-for="(land, i) in world.lands" :key="'l' + i" :d="land.path" :fill="fill(land.code)"
                :id="land.code ? uid + land.code : null" :data-code="land.code" :data-value="values[land.code]"
                :class="{ 'map-land': true, 'map-live': land.code in values }"
                :role="land.code in values ? 'option' : null" :aria-hidden="land.code in values ? null : 'true'"
                :aria-label="land.code in values ? words(land.code) : null" :aria-selected="land.code === chosen ? 'true' : 'false'"
                @mousemove="hover = land.code" @click="pick(land.code)"></path>
          <circle v-for="dot in world.dots" :key="dot.code" :cx="dot.x" :cy="dot.y" :r="world.radius" :fill="fill(dot.code)"
                :id="uid + dot.code" :data-code="dot.code" :data-value="values[dot.code]"
                :class="{ 'map-dot': true, 'map-live': dot.code in values }"
                :role="dot.code in values ? 'option' : null" :aria-hidden="dot.code in values ? null : 'true'"
                :aria-label="dot.code in values ? words(dot.code) : null" :aria-selected="dot.code === chosen ? 'true' : 'false'"
                @mousemove="hover = dot.code" @click="pick(dot.code)"></circle>
          <path v-if="mark(chosen)" :d="mark(chosen)" class="map-chosen" aria-hidden="true"></path>
          <path v-if="keyed && mark(at)" :d="mark(at)" class="map-at" aria-hidden="true"></path>
        </svg>
        <p v-else class="note">Loading the map ...</p>
      </div>
      <p class="map-slide note" aria-hidden="true">Slide the map sideways to see the rest of it.</p>
      <p class="map-read" aria-hidden="true">{{ read }}</p>
      <figcaption v-if="scale" class="map-key">
        <span class="map-ends"><b class="us">{{ low }}</b><b class="china">{{ high }}</b></span>
        <span class="map-bar" aria-hidden="true"></span>
        <span class="map-ends"><span>{{ tick(-1) }}</span><span>0</span><span>{{ tick(1) }}</span></span>
        <span class="map-scale">{{ scale }}</span>
        <span class="map-marks">
          <span v-if="unclear.length"><i class="map-swatch pale"></i>No clear direction</span>
          <span v-for="(text, code) in grey" :key="code"><i class="map-swatch grey"></i>{{ text }}</span>
          <span><i class="map-swatch dot"></i>Small state</span>
        </span>
      </figcaption>
    </figure>`,
  props: {
    source: String, label: String, values: Object, bound: Number, low: String, high: String,
    scale: String, unclear: { type: Array, default: () => [] }, chosen: { type: String, default: "" },
    grey: { type: Object, default: () => ({}) }, order: { type: Array, default: () => [] },
  },
  emits: ["pick"],
  data() {
    return { world: null, hover: "", at: "", keyed: false, uid: "m" + Math.random().toString(36).slice(2, 8) + "-" };
  },
  async mounted() {
    const url = (window.path_prefix || "") + this.source;
    loaded[url] = loaded[url] || fetch(url).then((answer) => answer.json());
    this.world = Object.freeze(await loaded[url]);
  },
  computed: {
    places() {
      const all = {};
      for (const one of [...(this.world ? this.world.lands : []), ...(this.world ? this.world.dots : [])]) {
        if (one.code) all[one.code] = one;
      }
      return all;
    },
    pale() { return new Set(this.unclear); },
    spot() { return this.keyed ? this.at : ""; },
    read() {
      const code = this.hover || (this.keyed ? this.at : "") || this.chosen;
      return code && (code in this.values || code in this.grey) ? this.words(code) : "\u00a0";
    },
    line() { return this.order.length ? this.order : Object.keys(this.values).sort(); },
  },
  methods: {
    fill(code) {
      if (code in this.values) {
        return this.pale.has(code) ? "#FAF8F4" : shade(this.values[code] / this.bound);
      }
      return code in this.grey ? `url(#${this.uid}hatch)` : "#CFCFCC";
    },
    words(code) {
      const place = this.places[code];
      const name = place ? place.name : code;
      if (!(code in this.values)) return `${name}: ${this.grey[code] || "no value"}`;
      const clear = this.pale.has(code) ? ", no clear direction" : "";
      return `${name}: ${signed(this.values[code])}${clear}`;
    },
    tick(side) { return this.bound ? signed(side * this.bound) : ""; },
    mark(code) {
      const place = code ? this.places[code] : null;
      if (!place) return "";
      if (place.path) return place.path;
      const r = this.world.radius + 3;
      return `M${place.x - r},${place.y}a${r},${r} 0 1,0 ${2 * r},0a${r},${r} 0 1,0 ${-2 * r},0Z`;
    },
    pick(code) {
      if (code in this.values) this.$emit("pick", code);
    },
    focus() {
      this.keyed = this.$refs.svg.matches(":focus-visible");
      if (!(this.at in this.values)) this.at = this.chosen || this.line[0] || "";
    },
    key(event) {
      const steps = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1, PageDown: 10, PageUp: -10 };
      const line = this.line;
      if (!line.length) return;
      const now = Math.max(0, line.indexOf(this.at));
      if (event.key in steps) this.at = line[Math.max(0, Math.min(line.length - 1, now + steps[event.key]))];
      else if (event.key === "Home") this.at = line[0];
      else if (event.key === "End") this.at = line[line.length - 1];
      else if (event.key === "Enter" || event.key === " ") this.pick(this.at);
      else return;
      this.keyed = true;
      event.preventDefault();
    },
  },
};
