package dev.hourglass.architecture.part;

/** An alternative that the config file names. */
public interface Named {

  /** The name in the config file. */
  String name();
}
