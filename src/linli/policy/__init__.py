"""Policy packs: published plans as data, loaded strictly, evaluated over columns, explained to people."""
