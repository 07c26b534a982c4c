package dev.hourglass.json;

import dev.hourglass.core.InputException;

/** Ranges of single values, each refused with the JSON path and the value found. */
public final class Require {

  private Require() {}

  public static void positive(String path, double value) {
    check(value > 0 && Double.isFinite(value), path, value, "give a number above 0");
  }

  public static void notNegative(String path, double value) {
    check(value >= 0 && Double.isFinite(value), path, value, "give 0 or a number above 0");
  }

  public static void finite(String path, double value) {
    check(Double.isFinite(value), path, value, "give a finite number");
  }

  public static void probability(String path, double value) {
    check(value >= 0 && value <= 1, path, value, "give a number from 0 to 1");
  }

  /** A decay factor or the like: in [0, 1). */
  public static void belowOne(String path, double value) {
    check(value >= 0 && value < 1, path, value, "give 0 or a number above 0 and below 1");
  }

  public static void ordered(String lowPath, double low, String highPath, double high) {
    if (!(low < high)) {
      throw new InputException(
          "%s is %s, which is not below %s (%s); make it smaller."
              .formatted(lowPath, JsonText.number(low), highPath, JsonText.number(high)));
    }
  }

  private static void check(boolean holds, String path, double value, String advice) {
    if (!holds) {
      throw new InputException("%s is %s; %s.".formatted(path, JsonText.number(value), advice));
    }
  }
}
