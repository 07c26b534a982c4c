package dev.hourglass.kernels;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Writes out kernels from a template that has their code once: loops over a tile of registers, and
 * what several loops have in common. The compiler would not: it keeps vectors in registers only
 * where each has a name, and boxes them where it does not inline a helper.
 *
 * <p>A template is Java, but for this. What stands between {@code [define name]} and {@code [end]}
 * is written where a line says {@code [name]}. What stands between {@code [tiles 4x3 2x3]} and
 * {@code [end]} is written for each of these numbers of rows and columns:
 *
 * <pre>
 *   [r] x;         x for each row, {r} its number; likewise [c], {c} for columns; [r, c] for both
 *   [r] {          the same of a block, to the line that closes it
 *   [rows > 1] x;  x if there are more rows than one; likewise [rows = 1]
 *   {rows}         how many there are; likewise {columns}
 *   {+r step}      " + r * step", shorter for 0 and 1; likewise {+c step}
 *   {one:text}     the text if there is but one column
 * </pre>
 *
 * Lines may be of any length; the result is formatted as the rest of the code is.
 */
final class Unroller {

  private static final Pattern DEFINE = Pattern.compile("\\[define (\\w+)]");
  private static final Pattern USE = Pattern.compile("( *)\\[(\\w{2,})]");
  private static final Pattern TILES = Pattern.compile("\\[tiles ([x0-9 ]+)]");
  private static final Pattern EACH = Pattern.compile("( *)\\[(r|c|r, c)] (.*)");
  private static final Pattern CONDITION = Pattern.compile("( *)\\[rows ([=>]) 1] (.*)");
  private static final Pattern STEP = Pattern.compile("\\{\\+([rc]) (\\w+)}");
  private static final Pattern ONE = Pattern.compile("\\{one:([^}]*)}");
  private static final int WIDTH = 100;

  private Unroller() {}

  /** The Java file that a template stands for. */
  static String unroll(String template, String templateName) {
    List<String> lines = template.lines().toList();
    List<String> out = new ArrayList<>();
    Map<String, List<String>> defined = new HashMap<>();
    out.add("// Written by Unroller from %s: change that, not this.".formatted(templateName));
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      int end = lines.subList(i, lines.size()).indexOf("[end]") + i;
      Matcher define = DEFINE.matcher(line);
      Matcher use = USE.matcher(line);
      Matcher tiles = TILES.matcher(line);
      if (define.matches()) {
        defined.put(define.group(1), lines.subList(i + 1, end));
        i = end;
      } else if (use.matches()) {
        defined.get(use.group(2)).forEach(text -> out.add(use.group(1) + text));
      } else if (tiles.matches()) {
        writeTiles(tiles.group(1).split(" ", -1), lines.subList(i + 1, end), out);
        i = end;
      } else {
        out.add(line);
      }
    }
    return String.join("\n", out) + "\n";
  }

  private static void writeTiles(String[] sizes, List<String> body, List<String> out) {
    for (int i = 0; i < sizes.length; i++) {
      if (i > 0) {
        out.add("");
      }
      String[] sides = sizes[i].split("x", -1);
      new Tile(Integer.parseInt(sides[0]), Integer.parseInt(sides[1])).write(body, out);
    }
  }

  private record Tile(int rows, int columns) {

    void write(List<String> body, List<String> out) {
      for (int i = 0; i < body.size(); i++) {
        int end = i;
        String line = body.get(i);
        if (EACH.matcher(line).matches() && line.endsWith("{")) {
          String close = line.substring(0, line.indexOf('[')) + "}";
          end = i + body.subList(i, body.size()).indexOf(close);
        }
        writeStatement(body.subList(i, end + 1), out);
        i = end;
      }
    }

    /** A line, or a block that starts with a directive. */
    private void writeStatement(List<String> statement, List<String> out) {
      String first = statement.getFirst();
      Matcher condition = CONDITION.matcher(first);
      if (condition.matches()) {
        if (condition.group(2).equals("=") == (rows == 1)) {
          writeStatement(List.of(condition.group(1) + condition.group(3)), out);
        }
        return;
      }
      Matcher each = EACH.matcher(first);
      if (!each.matches()) {
        out.addAll(format(fill(first)));
        return;
      }
      List<String> repeated = new ArrayList<>(statement);
      repeated.set(0, each.group(1) + each.group(3));
      for (int r = 0; r < (each.group(2).contains("r") ? rows : 1); r++) {
        for (int c = 0; c < (each.group(2).contains("c") ? columns : 1); c++) {
          write(numbered(repeated, each.group(2), r, c), out);
        }
      }
    }

    private static List<String> numbered(List<String> lines, String axes, int r, int c) {
      Stream<String> result = lines.stream();
      if (axes.contains("r")) {
        result = result.map(line -> number(line, "r", r));
      }
      if (axes.contains("c")) {
        result = result.map(line -> number(line, "c", c));
      }
      return result.toList();
    }

    private static String number(String line, String axis, int n) {
      return STEP.matcher(line.replace("{" + axis + "}", Integer.toString(n)))
          .replaceAll(
              match -> match.group(1).equals(axis) ? step(n, match.group(2)) : match.group());
    }

    private static String step(int n, String size) {
      if (n == 0) {
        return "";
      }
      if (Character.isDigit(size.charAt(0))) {
        return " + " + n * Integer.parseInt(size);
      }
      // An int constant in capitals, else a long.
      String times = size.equals(size.toUpperCase(Locale.ROOT)) ? n + "L * " : n + " * ";
      return " + " + (n == 1 ? "" : times) + size;
    }

    private String fill(String line) {
      return ONE.matcher(line)
          .replaceAll(columns == 1 ? "$1" : "")
          .replace("{rows}", Integer.toString(rows))
          .replace("{columns}", Integer.toString(columns));
    }
  }

  /** Breaks a line that is too long, after {@code =} or else after the first bracket. */
  private static List<String> format(String line) {
    if (line.length() <= WIDTH) {
      return List.of(line);
    }
    String indent = line.substring(0, line.length() - line.stripLeading().length()) + "    ";
    int at = line.contains(" = ") ? line.indexOf(" = ") + 2 : line.indexOf('(') + 1;
    return List.of(line.substring(0, at), indent + line.substring(at).strip());
  }
}
