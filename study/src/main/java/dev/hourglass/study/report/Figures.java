package dev.hourglass.study.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/** Numbers as tables show them. */
final class Figures {

  private static final double KIB = 1024;
  private static final MathContext FOUR_DIGITS = new MathContext(4);

  private Figures() {}

  /** Four significant digits. */
  static String of(double value) {
    if (value == 0 || !Double.isFinite(value)) {
      return value == 0 ? "0" : Double.toString(value);
    }
    BigDecimal rounded = BigDecimal.valueOf(value).round(FOUR_DIGITS);
    double magnitude = Math.abs(value);
    return magnitude >= 1e-4 && magnitude < 1e7 ? rounded.toPlainString() : rounded.toString();
  }

  /** The same with its sign, for differences. */
  static String signed(double value) {
    return value > 0 ? "+" + of(value) : of(value);
  }

  /** A probability: what is below 0.0001 is said to be so. */
  static String probability(double p) {
    return p < 1e-4 ? "< 0.0001" : String.format(Locale.ROOT, "%.4f", p);
  }

  static String count(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  static String gmac(long macs) {
    return of(macs / 1e9);
  }

  static String mebibytes(long bytes) {
    return String.format(Locale.ROOT, "%,.0f", bytes / KIB / KIB);
  }

  /** Hours, minutes and seconds. */
  static String time(double seconds) {
    long whole = Math.round(seconds);
    return String.format(Locale.ROOT, "%d:%02d:%02d", whole / 3600, whole / 60 % 60, whole % 60);
  }

  /** The text with a capital first. */
  static String sentence(String text) {
    return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
  }
}
