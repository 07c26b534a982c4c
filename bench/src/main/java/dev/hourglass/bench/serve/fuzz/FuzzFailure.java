package dev.hourglass.bench.serve.fuzz;

/**
 * A request whose answer does not keep to the API.
 *
 * @param number of the request
 * @param outcome what came of it
 */
record FuzzFailure(long number, FuzzRequest request, FuzzSender.Outcome outcome)
    implements Comparable<FuzzFailure> {

  private static final int LONGEST_TEXT = 3000;

  @Override
  public int compareTo(FuzzFailure other) {
    return Long.compare(number, other.number);
  }

  /** What was wrong, how to repeat it, and the request itself. */
  String text(long seed) {
    return """
    ## Request %d: %s
    Repeat: --seed %d --first %d --requests 1
    Answer: %s
    %s
    """
        .formatted(
            number,
            outcome.complaint().orElse("nothing"),
            seed,
            number,
            printable(outcome.answer()),
            printable(request.wire("HOST", "")));
  }

  private static String printable(String bytes) {
    StringBuilder text = new StringBuilder();
    for (char c : bytes.substring(0, Math.min(LONGEST_TEXT, bytes.length())).toCharArray()) {
      if (c == '\n' || (c >= ' ' && c < 0x7f)) {
        text.append(c);
      } else if (c != '\r') {
        text.append("\\u%04x".formatted((int) c));
      }
    }
    return bytes.length() > LONGEST_TEXT ? text + "..." : text.toString();
  }
}
