package dev.hourglass.serve.model;

/** Where a model is on its way. */
public sealed interface ModelState {

  /** Its weights are being read, or its speed is being measured. */
  record Loading() implements ModelState {}

  /** It draws. */
  record Ready(ReadyModel model) implements ModelState {}

  /**
   * It cannot be had.
   *
   * @param sentence why, without a path of this machine
   */
  record Failed(String sentence) implements ModelState {}
}
