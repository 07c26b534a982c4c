package dev.hourglass.architecture.primitive;

/** An alternative that the config file names. */
public interface Named {

  /** The name in the config file. */
  String name();
}
