package dev.hourglass.training;

/**
 * What a run that goes on, or starts from a file, may do differently.
 *
 * @param resetAverage whether the averaged weights start anew from the trained ones, as after a
 *     change of data; a run does so once, where it is first asked to
 * @param acceptClasses whether a run may go on although its classes were renamed or moved
 */
public record Restart(boolean resetAverage, boolean acceptClasses) {

  /** Nothing. */
  public static final Restart PLAIN = new Restart(false, false);
}
