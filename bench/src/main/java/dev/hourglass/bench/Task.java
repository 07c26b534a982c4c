package dev.hourglass.bench;

/** Work that can be done again and again, with all it needs in memory. */
interface Task extends AutoCloseable {

  /** Does it once. */
  void run();

  @Override
  void close();
}
