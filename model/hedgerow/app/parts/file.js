// A file is read in the browser and sent as text; its name goes no further than the page.
export default {
  template: `<label class="button file">{{ label }}<input ref="input" type="file" accept=".toml,text/plain" class="visually-hidden" @change="read"></label>`,
  props: { label: String, most: Number },
  emits: ["text", "fault"],
  methods: {
    async read() {
      const file = this.$refs.input.files[0];
      if (!file) return;
      if (file.size > this.most) this.$emit("fault", `the file has ${file.size} bytes; at most ${this.most} are taken`);
      else this.$emit("text", await file.text());
      this.$refs.input.value = "";
    },
  },
};
