// Lines with bands, or points with intervals, over one axis. Arrow keys read it value by value.
function ticks(low, high, wanted) {
  const rough = (high - low) / wanted || 1;
  const power = 10 ** Math.floor(Math.log10(rough));
  const size = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= rough * 0.999);
  const found = [];
  for (let v = Math.ceil(low / size - 1e-9) * size; v <= high + size * 1e-6; v += size) found.push(Math.abs(v) < size * 1e-6 ? 0 : v);
  return found;
}

export default {
  template: `
    <figure class="chart">
      <p class="chart-y">{{ ylabel }}</p>
      <svg ref="svg" :viewBox="'0 0 ' + wide + ' ' + tall" role="img" :aria-label="label" tabindex="0" @keydown="key" @mousemove="point"
           @mouseleave="at = -1" @blur="at = -1">
        <g class="chart-grid" aria-hidden="true">
          <template v-for="t in yticks" :key="'y' + t"><line :x1="left" :x2="wide - right" :y1="y(t)" :y2="y(t)" :class="{ zero: t === 0 }"></line>
            <text :x="left - 6" :y="y(t) + 4" text-anchor="end">{{ text(t) }}</text></template>
          <template v-for="t in xticks" :key="'x' + t.x"><line class="tick-mark" :x1="x(t.x)" :x2="x(t.x)" :y1="tall - bottom" :y2="tall - bottom + 4"></line>
            <text :x="x(t.x)" :y="tall - bottom + 18" text-anchor="middle">{{ t.text }}</text></template>
        </g>
        <g v-for="(s, k) in series" :key="k" aria-hidden="true">
          <template v-if="s.points">
            <line v-for="(m, i) in s.mid" :key="i" :x1="x(xs[i], k)" :x2="x(xs[i], k)" :y1="y(s.low[i])" :y2="y(s.high[i])" :stroke="s.colour" stroke-width="3" opacity="0.35"></line>
            <circle v-for="(m, i) in s.mid" :key="'p' + i" :cx="x(xs[i], k)" :cy="y(m)" r="4" :fill="s.colour"></circle>
          </template>
          <template v-else>
            <path v-if="s.low" :d="band(s)" :fill="s.colour" opacity="0.17"></path>
            <path :d="line(s.mid)" fill="none" :stroke="s.colour" stroke-width="2.2" :stroke-dasharray="s.dash || null" stroke-linejoin="round"></path>
          </template>
        </g>
        <line v-if="mark !== null" class="chart-mark" :x1="x(mark)" :x2="x(mark)" :y1="top" :y2="tall - bottom"></line>
        <line v-if="at >= 0" class="chart-at" :x1="x(xs[at])" :x2="x(xs[at])" :y1="top" :y2="tall - bottom"></line>
      </svg>
      <p class="chart-x">{{ xlabel }}</p>
      <p class="chart-keys"><span v-for="(s, k) in series" :key="k"><svg width="26" height="10" aria-hidden="true"><line x1="1" x2="25" y1="5" y2="5" :stroke="s.colour" stroke-width="3" :stroke-dasharray="s.dash || null"></line></svg>{{ s.name }}</span>
        <span v-if="series.some((s) => s.low)" class="note">{{ bandlabel }}</span></p>
      <p class="chart-read" aria-live="polite">{{ read }}</p>
    </figure>`,
  props: {
    label: String, ylabel: String, xlabel: String, xs: { type: Array, default: () => [] }, names: { type: Array, default: () => [] },
    xticks: { type: Array, default: () => [] }, series: { type: Array, default: () => [] }, mark: { default: null }, bandlabel: String,
  },
  data() { return { wide: 560, tall: 270, left: 62, right: 12, top: 10, bottom: 28, at: -1 }; },
  mounted() {
    this.watcher = new ResizeObserver((seen) => { const w = Math.round(seen[0].contentRect.width); if (w > 50) this.wide = Math.max(280, w); });
    this.watcher.observe(this.$refs.svg);
  },
  unmounted() { this.watcher.disconnect(); },
  computed: {
    span() {
      const all = this.series.flatMap((s) => [...(s.low || []), ...s.mid, ...(s.high || [])]).filter((v) => v !== null);
      let [low, high] = [Math.min(...all), Math.max(...all)];
      if (!all.length) [low, high] = [0, 1];
      if (high - low < 1e-9) [low, high] = [low - 0.005, high + 0.005];
      const room = 0.06 * (high - low);
      return [low - room, high + room];
    },
    yticks() { return ticks(this.span[0], this.span[1], 5); },
    places() { const t = this.yticks; const size = t.length > 1 ? t[1] - t[0] : 1; return Math.max(0, Math.min(6, Math.ceil(-Math.log10(size) - 1e-9))); },
    read() {
      if (this.at < 0) return "\u00a0";
      const said = this.series.map((s) => `${s.name} ${this.text(s.mid[this.at], 1)}` + (s.low ? ` (${this.text(s.low[this.at], 1)} to ${this.text(s.high[this.at], 1)})` : ""));
      return `${this.names[this.at] ?? this.xs[this.at]}: ${said.join("; ")}`;
    },
  },
  methods: {
    x(value, k = 0) {
      const [a, b] = [this.xs[0], this.xs[this.xs.length - 1]];
      const part = b > a ? (value - a) / (b - a) : 0.5;
      const pad = this.series.some((s) => s.points) ? 14 : 0;
      return this.left + pad + part * (this.wide - this.left - this.right - 2 * pad) + (pad ? (k - (this.series.length - 1) / 2) * 8 : 0);
    },
    y(value) {
      const [low, high] = this.span;
      return this.top + (1 - (value - low) / (high - low)) * (this.tall - this.top - this.bottom);
    },
    text(value, more = 0) {
      if (value === null || value === undefined) return "none";
      const words = Math.abs(value).toLocaleString("en-GB", { minimumFractionDigits: this.places, maximumFractionDigits: this.places + more });
      return (value < 0 && Number(words) !== 0 ? "\u2212" : "") + words;
    },
    line(values) { return values.map((v, i) => `${i ? "L" : "M"}${this.x(this.xs[i]).toFixed(1)},${this.y(v).toFixed(1)}`).join(""); },
    band(s) {
      const back = s.high.map((v, i) => `L${this.x(this.xs[i]).toFixed(1)},${this.y(v).toFixed(1)}`).reverse().join("");
      return this.line(s.low) + back + "Z";
    },
    point(event) {
      const box = this.$refs.svg.getBoundingClientRect();
      const here = ((event.clientX - box.left) / box.width) * this.wide;
      let best = -1;
      this.xs.forEach((v, i) => { if (best < 0 || Math.abs(this.x(v) - here) < Math.abs(this.x(this.xs[best]) - here)) best = i; });
      this.at = best;
    },
    key(event) {
      const last = this.xs.length - 1;
      const to = { ArrowRight: this.at + 1, ArrowLeft: this.at < 0 ? last : this.at - 1, Home: 0, End: last }[event.key];
      if (to === undefined) return;
      this.at = Math.max(0, Math.min(last, to));
      event.preventDefault();
    },
  },
};
