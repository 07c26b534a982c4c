package dev.hourglass.serve;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Warnings and errors of a library, which nobody would see otherwise. */
final class ComplaintsLog extends Handler {

  private final Logger logger; // A logger that nobody holds is forgotten with its handlers.
  private final List<String> complaints = new CopyOnWriteArrayList<>();

  ComplaintsLog(String name) {
    logger = Logger.getLogger(name);
    logger.addHandler(this);
  }

  List<String> all() {
    return complaints;
  }

  @Override
  public void publish(LogRecord complaint) {
    if (complaint.getLevel().intValue() >= Level.WARNING.intValue()) {
      complaints.add(complaint.getMessage() + ": " + complaint.getThrown());
    }
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    logger.removeHandler(this);
  }
}
