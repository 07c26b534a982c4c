package dev.hourglass.bench.serve.fuzz;

import java.util.List;
import java.util.Map;

/**
 * JSON values that have no business where they stand. None asks for much work: what is in range is
 * small, and what is large is out of any range.
 */
final class OddValues {

  private static final List<String> ANYWHERE =
      List.of(
          "null",
          "true",
          "false",
          "0",
          "-1",
          "-0",
          "-0.0",
          "1.5",
          "1e308",
          "-1e308",
          "1e999",
          "-1e999",
          "1e-400",
          "1E400000000",
          "9007199254740993",
          "9223372036854775807",
          "9223372036854775808",
          "-9223372036854775809",
          "4294967297000000",
          "\"\"",
          "\" \"",
          "\"x\"",
          "\"1\"",
          "\"NaN\"",
          "\"Infinity\"",
          "\"\\u0000\"",
          "\"\\ud800\"",
          "\"\\udfff\\ud800\"",
          "\"\\ud83d\\ude00\"",
          "\"\\u202e\\u0301\\ufeff\"",
          "\"../../etc/passwd\"",
          "\"${jndi:ldap://x}\"",
          "\"%s%n%d\"",
          "\"{0}\"",
          "\"\\r\\nX-Injected: 1\"",
          "\"<script>alert(1)</script>\"",
          "[]",
          "{}",
          "[[]]",
          "[null]",
          "[1,\"2\",null]",
          "[-1]",
          "{\"a\":{\"b\":[]}}");

  /** More for members of some kind, by name. */
  private static final Map<String, List<String>> OF_MEMBER =
      Map.ofEntries(
          Map.entry("class", List.of("-1", "99999", "\"Fod\"", "[]", "[0,-1]", "\"0\"", "[[0]]")),
          Map.entry("n", List.of("0", "-3", "2000000000", "\"1\"", "1.5", "1e9", "100001")),
          Map.entry("steps", List.of("0", "-1", "2000000000", "1.5", "1e9", "\"2\"", "100001")),
          Map.entry("seed", List.of("-1", "9007199254740992", "0.5", "\"7\"", "1e3")),
          Map.entry("first_index", List.of("-1", "9223372036854775807", "1.25", "\"0\"")),
          Map.entry("sampler", List.of("\"eular\"", "\"EULER\"", "\"euler \"", "7")),
          Map.entry(
              "sampler_options",
              List.of(
                  "\"eta=NaN\"",
                  "\"eta=1e999\"",
                  "\"eta=\"",
                  "\"=\"",
                  "\",,,\"",
                  "\"eta=0.5,eta=0.5\"",
                  "\"x=1\"",
                  "\"eta=-1\"")),
          Map.entry(
              "schedule",
              List.of(
                  "\"polyexponential:0\"",
                  "\"polyexponential:1e308\"",
                  "\"polyexponential:\"",
                  "\"flow:-1\"",
                  "\"flow:NaN\"",
                  "\"karras:3\"",
                  "\"flow:SHIFT\"")),
          Map.entry(
              "sigmas",
              List.of(
                  "[]",
                  "[0]",
                  "[1,2]",
                  "[1,1]",
                  "[1e308,1]",
                  "[80,1e-300]",
                  "[-1]",
                  "[\"a\"]",
                  "[1e999]")),
          Map.entry("guidance", List.of("-1e308", "1e308", "\"2\"", "1e39", "-5")),
          Map.entry(
              "guidance_interval",
              List.of("[5,0.1]", "[1]", "[1,2,3]", "[\"a\",2]", "[-1,1]", "[1,1e999]")),
          Map.entry("guide", List.of("\"none\"", "\"\"", "\"emoji\"", "[\"emoji\"]")),
          Map.entry(
              "size",
              List.of(
                  "\"0x0\"",
                  "\"-1x5\"",
                  "\"99999x99999\"",
                  "\"64x64x64\"",
                  "\"64X64\"",
                  "\" 64x64\"",
                  "\"64x65\"",
                  "\"9223372036854775808x1\"",
                  "\"x\"",
                  "64",
                  "[64,64]")),
          Map.entry("vector", List.of("[1]", "[1e308]", "[\"a\"]", "[null]", "[1e999]", "1")),
          Map.entry("strength", List.of("-0.1", "1.1", "1e999", "\"0.5\"", "[0.5]")),
          Map.entry("upscale", List.of("0", "-2", "1.5", "2147483648", "1000000007")),
          Map.entry("colorize", List.of("1", "\"true\"", "[]")),
          Map.entry("resample", List.of("0", "-1", "2147483648", "1.5", "9000000000000")),
          Map.entry("interpolate", List.of("[1]", "[-1,2]", "[1,2,3]", "[1.5,2]", "[1,\"2\"]")),
          Map.entry("previews", List.of("-1", "1.5", "2147483648")),
          Map.entry("deadline", List.of("0", "-1", "0.5", "1e308", "\"9\"", "1e999")),
          Map.entry("prompt", List.of("\"\"", "7", "null", "\"-1\"", "\"99999\"", "[\"Food\"]")),
          Map.entry("response_format", List.of("\"jpeg\"", "\"URL\"", "1")),
          Map.entry("stream", List.of("true", "\"true\"", "1")));

  private OddValues() {}

  /** A value for a member, most likely a wrong one. */
  static String of(Chance chance, String member) {
    List<String> own = OF_MEMBER.getOrDefault(member, List.of());
    if (!own.isEmpty() && chance.is(0.5)) {
      return chance.of(own);
    }
    return chance.is(0.1) ? large(chance) : chance.of(ANYWHERE);
  }

  /** Something long or deep. */
  private static String large(Chance chance) {
    int size = 1 << (4 + chance.below(9));
    return switch (chance.below(6)) {
      case 0 -> "[".repeat(size) + "]".repeat(size);
      case 1 -> "{\"a\":".repeat(size) + "1" + "}".repeat(size);
      case 2 -> "9".repeat(size);
      case 3 -> "0." + "3".repeat(size);
      case 4 -> "\"" + "\\u00e9".repeat(size) + "\"";
      default -> "[" + "9e9,".repeat(size) + "1]";
    };
  }
}
