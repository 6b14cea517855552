// The comparison's page: language, theme, and tables that can be sorted and searched.
import { setUpLanguage } from "../plan/language";
import { type Language, type Pair, readPayload, type TableData } from "../plan/payload";
import { TableView } from "../plan/tables";
import { setUpTheme } from "../plan/theme";
import { setUpWhy } from "../plan/why";

interface ComparisonPayload {
  language: Language;
  words: Record<string, Pair>;
  tables: TableData[];
}

const payload = readPayload<ComparisonPayload>("plan-data");
document.documentElement.classList.add("scripted");
setUpLanguage(payload.language, payload.words);
setUpTheme();
setUpWhy({});
for (const table of payload.tables) new TableView(table, new Set(), null);
