// One control: a number with slider and field, a choice, a switch, a month, recipients or several.
let count = 0;

export default {
  template: `
    <div :class="{ control: true, changed: changed }" :data-key="name">
      <template v-if="kind === 'many'">
        <fieldset><legend>{{ label }}</legend>
          <label v-for="(text, key) in options" :key="key" class="tick">
            <input type="checkbox" :checked="(value || []).includes(key)" @change="toggle(key, $event.target.checked)"> {{ text }}
          </label>
        </fieldset>
      </template>
      <template v-else-if="kind === 'switch'">
        <label class="tick" :for="uid"><input :id="uid" type="checkbox" :checked="!!value" :aria-describedby="uid + 'm'"
          @change="send($event.target.checked)"> {{ label }}</label>
      </template>
      <template v-else>
        <label :for="uid">{{ label }} <span v-if="unit" class="unit">{{ unit }}{{ kind === 'number' && blank ? '; blank: ' + blank : '' }}</span></label>
        <div v-if="kind === 'number'" class="pair">
          <input type="range" class="range" :min="low" :max="high" :step="step" :value="shown" :aria-label="label"
                 :aria-valuetext="say(shown)" :aria-describedby="uid + 'm'" @input="drag($event.target.value)" @change="number($event.target.value)">
          <input :id="uid" type="number" class="exact" :min="low" :max="high" step="any" :value="value === null ? '' : shown"
                 :placeholder="blank && 'blank'" @change="number($event.target.value, $event.target)">
        </div>
        <select v-else-if="kind === 'choice' || kind === 'month'" :id="uid" :aria-describedby="uid + 'm'" @change="send($event.target.value || null)">
          <option v-if="blank" value="" :selected="value === null">{{ blank }}</option>
          <option v-for="(text, key) in options" :key="key" :value="key" :selected="key === value">{{ text }}</option>
        </select>
        <template v-else>
          <input :id="uid" type="text" class="words" :list="uid + 'l'" :value="typed" :aria-describedby="uid + 'm'" autocomplete="off"
                 spellcheck="false" @change="words($event.target.value)">
          <datalist :id="uid + 'l'"><option v-for="(text, key) in options" :key="key" :value="key">{{ text }}</option></datalist>
        </template>
      </template>
      <div class="control-foot">
        <details v-if="about.length"><summary>About<span class="visually-hidden"> {{ label }}</span></summary>
          <p v-for="(line, i) in about" :key="i">{{ line }}</p></details>
        <button v-if="changed" type="button" class="plain back" @click="$emit('back')">Put back<span class="visually-hidden"> {{ label }}</span></button>
      </div>
      <span :id="uid + 'm'" class="visually-hidden">{{ about[0] || '' }}</span>
    </div>`,
  props: {
    name: String, kind: String, label: String, unit: String, low: Number, high: Number, step: Number,
    value: { default: null }, options: { type: Object, default: () => ({}) }, blank: String, changed: Boolean,
    about: { type: Array, default: () => [] }, turn: Number,
  },
  emits: ["change", "back"],
  data() {
    count += 1;
    return { uid: "control-" + count, dragged: null, timer: null };
  },
  watch: {
    // What comes back while a slider is still moving is already old.
    turn() { if (this.timer === null) { this.dragged = null; this.$forceUpdate(); } },
  },
  computed: {
    shown() { return this.dragged !== null ? this.dragged : this.value === null ? this.low : this.value; },
    typed() { return Array.isArray(this.value) ? this.value.join(", ") : this.value; },
  },
  methods: {
    say(value) { return `${value}${this.unit ? " " + this.unit : ""}`; },
    drag(text) { this.dragged = Number(text); },
    number(text, field) {
      if (text === "") {
        if (this.blank) this.$emit("back");
        else if (field) field.value = this.shown;
        return;
      }
      const value = Number(text);
      if (!Number.isFinite(value)) return;
      this.dragged = value;
      clearTimeout(this.timer);
      this.timer = setTimeout(() => { this.timer = null; if (value !== this.value) this.send(value); }, 150);
    },
    words(text) {
      const parts = text.split(",").map((part) => part.trim()).filter(Boolean);
      this.send(parts.length === 1 ? parts[0] : parts);
    },
    toggle(key, on) {
      const kept = (this.value || []).filter((one) => one !== key);
      this.send(on ? [...kept, key] : kept);
    },
    send(value) { this.$emit("change", value); },
  },
};
