package dev.hourglass.torchfile;

/** Python's None. */
enum None {
  NONE
}
