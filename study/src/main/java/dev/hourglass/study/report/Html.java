package dev.hourglass.study.report;

/** Text in HTML. */
final class Html {

  private Html() {}

  /** The text as it may stand in an element or in a quoted attribute. */
  static String escape(String text) {
    StringBuilder escaped = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default -> escaped.appendCodePoint(c);
              }
            });
    return escaped.toString();
  }

  /** An element around text, which is escaped. */
  static String element(String name, String text) {
    return around(name, escape(text));
  }

  /** An element around HTML. */
  static String around(String name, String html) {
    return "<%s>%s</%s>".formatted(name, html, name);
  }

  /** A row of a table, the first cell its heading; texts are escaped. */
  static String row(Iterable<String> cells) {
    StringBuilder row = new StringBuilder("<tr>");
    String name = "th";
    for (String cell : cells) {
      row.append(element(name, cell));
      name = "td";
    }
    return row.append("</tr>\n").toString();
  }

  /** The head of a table. */
  static String head(Iterable<String> cells) {
    StringBuilder head = new StringBuilder("<thead><tr>");
    cells.forEach(cell -> head.append(element("th", cell)));
    return head.append("</tr></thead>\n").toString();
  }
}
